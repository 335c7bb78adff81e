"""What the benchmarks promise, how they report, and how a walk is counted."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks.report import Report
from benchmarks.scenarios import promises, scenarios
from benchmarks.walk import AWARD_AT_MOST, walk_of
from tests.support.paths import ROOT
from thrive_points.core.levels import LEVELS
from thrive_points.core.periods import week_of


def test_every_scenario_promises_its_share() -> None:
    promised = {
        (promise.scenario, promise.against): promise.at_least
        for scenario in scenarios(quick=False)
        for promise in promises(scenario)
        if promise.at_least is not None
    }
    for processes in ("1 process", "2 processes", "4 processes", "8 processes"):
        spread, hot = f"PostgreSQL, {processes}, spread", f"PostgreSQL, {processes}, one member"
        assert promised[spread, "floor"] == 0.7
        assert promised[spread, "typical"] == 5.0
        assert promised[spread, "pinax_points"] == 6.0
        assert promised[hot, "floor"] == 0.6
        assert (hot, "typical") not in promised
    assert promised["PostgreSQL, batches of 1,000", "floor"] == 0.4
    assert promised["PostgreSQL, batches of 10,000", "floor"] == 0.25


def test_a_report_is_saved_beside_earlier_ones(tmp_path: Path) -> None:
    saved = []
    for _ in range(2):
        report = Report("growth", "`python -m benchmarks.growth`", tmp_path)
        report.table("Waits", ("", "times"), [("an award", "1.01"), ("a page", "11.20")])
        report.promise(True, "an award: 1.01 times, at most 1.15")
        report.promise(False, "a page: 11.20 times, at most 1.15")
        report.close()
        assert not report.kept
        saved.append(report.save())
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert [path.name for path in saved] == [f"{today}-growth.md", f"{today}-growth-2.md"]
    assert saved[0].read_text() == (
        f"# growth, {today}\n\n`python -m benchmarks.growth`\n\n## Waits\n\n"
        "|          | times |\n| -------- | ----: |\n| an award |  1.01 |\n| a page   | 11.20 |\n\n"
        "## Promises\n\n- kept: an award: 1.01 times, at most 1.15\n"
        "- **BROKEN**: a page: 11.20 times, at most 1.15\n"
    )


def test_a_walk_counts_calls_modules_and_changes() -> None:
    def call() -> None:
        LEVELS.level_of(100)
        week_of(date(2026, 1, 1))
        LEVELS.level_of(100)
        LEVELS.level_of(100)
        len("other code does not count")

    walk = walk_of(call)
    assert (walk.calls, walk.modules, walk.changes) == (4, 2, 2)
    assert [step.function for step in walk.steps] == [
        "Levels.level_of",
        "week_of",
        "Levels.level_of",
        "Levels.level_of",
    ]
    assert {step.depth for step in walk.steps} == {0}


def test_a_walk_ends_where_its_call_fails() -> None:
    with pytest.raises(TypeError):
        walk_of(lambda: LEVELS.level_of("not a total"))
    assert walk_of(lambda: None).calls == 0


def test_an_award_walks_no_further_than_promised() -> None:
    """The measurement ends with an error if a promise is broken; it walks on PostgreSQL."""
    walked = subprocess.run(
        [sys.executable, "-m", "benchmarks.walk"], cwd=ROOT, capture_output=True, text=True
    )
    promised = ("calls", "modules", "changes")
    assert all(f"{what} of an award" in walked.stdout for what in promised), walked.stderr
    assert walked.returncode == 0, walked.stdout
    assert (AWARD_AT_MOST.calls, AWARD_AT_MOST.modules, AWARD_AT_MOST.changes) == (60, 14, 30)
