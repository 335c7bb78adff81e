"""Turn measurements into a table, verdicts and JSON."""

import os
import platform as machine
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from benchmarks.pool import ROOT, Measurement
from benchmarks.scenarios import Promise, Scenario

Runs = Mapping[str, Mapping[str, Sequence[Measurement]]]
"""Measurements by scenario and contender, in the order of the rounds."""


def environment(server_version: str) -> dict[str, Any]:
    """Return what a reader must know of the machine to judge a figure."""
    import django

    revision = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True
    ).stdout.strip()
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "machine": machine.machine(),
        "system": machine.platform(),
        "python": machine.python_version(),
        "django": django.get_version(),
        "postgresql": server_version,
    }


def ratios(
    runs: Mapping[str, Sequence[Measurement]],
    contender: str,
    against: str,
    of: Callable[[Measurement], float] = lambda run: run.rate,
) -> list[float]:
    """Return one ratio for each round, smallest first: runs of a round lay side by side."""
    pairs = zip(runs[contender], runs[against], strict=True)
    return sorted(of(ours) / of(theirs) for ours, theirs in pairs)


def table(scenario: Scenario, runs: Mapping[str, Sequence[Measurement]]) -> str:
    """Return a scenario's contenders as lines: rates, ratios with their spread, CPU, waits."""
    first = scenario.contenders[0]
    lines = [
        f"\n{scenario.name}\n"
        f"  {'':22}{'awards/s':>10}  {'ratio (spread)':<22}"
        f"{'client us':>10}{'database us':>13}{'p50 ms':>9}{'p99 ms':>9}"
    ]
    for name in scenario.contenders:
        found = ratios(runs, name, first)
        spread = f"{statistics.median(found):.2f} ({found[0]:.2f}-{found[-1]:.2f})"
        lines.append(
            f"  {name:22}{_median(runs[name], 'rate'):>10,.0f}  {spread:<22}"
            f"{_median(runs[name], 'client_cpu') * 1e6:>10,.0f}"
            f"{_median(runs[name], 'database_cpu') * 1e6:>13,.0f}"
            f"{_median(runs[name], 'median_wait') * 1e3:>9.2f}"
            f"{_median(runs[name], 'p99_wait') * 1e3:>9.2f}"
        )
    return "\n".join(lines)


def change(runs: Mapping[str, Sequence[Measurement]], earlier: str) -> str:
    """Return a line that compares the platform with itself at an earlier revision."""
    rate = statistics.median(ratios(runs, "platform", earlier))
    client = statistics.median(ratios(runs, "platform", earlier, lambda run: run.client_cpu))
    return f"  to the earlier revision: {rate:.2f} times the rate, {client:.2f} times the client us"


def verdict(promise: Promise, runs: Runs) -> tuple[bool, str]:
    """Return whether a promise was kept, by the median of its ratios, and a line that says so."""
    given = runs[promise.scenario]
    if promise.p99_at_most is not None:
        found = ratios(given, promise.contender, promise.against, lambda run: run.p99_wait)
        kept = statistics.median(found) <= promise.p99_at_most
        bound = f"p99 at most {promise.p99_at_most:g}"
    else:
        assert promise.at_least is not None
        found = ratios(given, promise.contender, promise.against)
        kept = statistics.median(found) >= promise.at_least
        bound = f"at least {promise.at_least:g}"
    line = (
        f"  {'kept  ' if kept else 'BROKEN'}  {promise.scenario}: {promise.contender} "
        f"{bound} of {promise.against}: {statistics.median(found):.2f} "
        f"({found[0]:.2f}-{found[-1]:.2f})"
    )
    if promise.at_least is not None and "floor" in given and promise.against != "floor":
        # Nothing that goes through Django can do better than the floor does.
        most = statistics.median(ratios(given, "floor", promise.against))
        line += f"; the floor itself: {most:.2f}"
    return kept, line


def as_json(around: Mapping[str, Any], runs: Runs, verdicts: Sequence[str]) -> dict[str, Any]:
    """Return a whole run as JSON-ready data."""
    return {
        "environment": dict(around),
        "verdicts": [" ".join(line.split()) for line in verdicts],
        "scenarios": {
            scenario: {
                contender: [asdict(measurement) for measurement in measurements]
                for contender, measurements in contenders.items()
            }
            for scenario, contenders in runs.items()
        },
    }


def _median(runs: Sequence[Measurement], field: str) -> float:
    return float(statistics.median(getattr(run, field) for run in runs))
