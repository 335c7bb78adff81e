"""What the turns of contenders say when they are set beside one another."""

import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks.pool import Measurement
from benchmarks.scenarios import Promise

Runs = Mapping[str, Sequence[Measurement]]
"""A scenario's measurements by contender, in the order of the rounds."""

COLUMNS = ("", "awards/s", "ratio (spread)", "client us", "database us", "p50 ms", "p99 ms")


def ratios(
    runs: Runs,
    contender: str,
    against: str,
    of: Callable[[Measurement], float] = lambda run: run.rate,
) -> list[float]:
    """Return one ratio for each round, smallest first: runs of a round lay side by side."""
    pairs = zip(runs[contender], runs[against], strict=True)
    return sorted(of(ours) / of(theirs) for ours, theirs in pairs)


def rows(runs: Runs) -> Iterator[Sequence[str]]:
    """Yield each contender's `COLUMNS`; its ratio is the one to the first contender."""
    first = next(iter(runs))
    for name, measured in runs.items():
        yield (
            name,
            f"{_median(measured, 'rate'):,.0f}",
            _with_spread(ratios(runs, name, first)),
            f"{_median(measured, 'client_cpu') * 1e6:,.0f}",
            f"{_median(measured, 'database_cpu') * 1e6:,.0f}",
            f"{_median(measured, 'median_wait') * 1e3:.2f}",
            f"{_median(measured, 'p99_wait') * 1e3:.2f}",
        )


def change(runs: Runs, earlier: str) -> str:
    """Return a line that compares the platform with itself at an earlier revision."""
    rate = statistics.median(ratios(runs, "platform", earlier))
    client = statistics.median(ratios(runs, "platform", earlier, lambda run: run.client_cpu))
    return f"To the earlier revision: {rate:.2f} times the rate, {client:.2f} times the client us."


def verdict(promise: Promise, runs: Runs) -> tuple[bool, str]:
    """Return whether a promise was kept, by the median of its ratios, and a line that says so."""
    if promise.p99_at_most is not None:
        found = ratios(runs, promise.contender, promise.against, lambda run: run.p99_wait)
        kept = statistics.median(found) <= promise.p99_at_most
        bound = f"p99 at most {promise.p99_at_most:g}"
    else:
        assert promise.at_least is not None
        found = ratios(runs, promise.contender, promise.against)
        kept = statistics.median(found) >= promise.at_least
        bound = f"at least {promise.at_least:g}"
    line = (
        f"{promise.scenario}: {promise.contender} {bound} of {promise.against}: "
        f"{_with_spread(found)}"
    )
    if promise.at_least is not None and "floor" in runs and promise.against != "floor":
        # Nothing that goes through Django can do better than the floor does.
        most = statistics.median(ratios(runs, "floor", promise.against))
        line += f"; the floor itself: {most:.2f}"
    return kept, line


def _with_spread(found: Sequence[float]) -> str:
    return f"{statistics.median(found):.2f} ({found[0]:.2f}-{found[-1]:.2f})"


def _median(runs: Sequence[Measurement], field: str) -> float:
    return float(statistics.median(getattr(run, field) for run in runs))
