"""Tests can be taken to another day, and `make test-dates` takes them to the difficult ones."""

import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.support.clock import VARIABLE, chosen_instant
from tests.support.dates import instants
from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run

_BERLIN = ZoneInfo("Europe/Berlin")
_MINUTE = timedelta(minutes=1)
_TWO_TESTS = """
from datetime import date
import pytest, time

COLLECTED = date.today()

@pytest.mark.parametrize("turn", [1, 2])
def test_it_begins_at_the_instant(turn):
    assert COLLECTED == date.today() == date(2028, 2, 29)
    assert 0 <= time.time() - {timestamp} < 2
    time.sleep(2)
"""


def test_the_instants_are_what_they_are_called() -> None:
    known = instants()
    assert len(known) == 8
    assert f"{known['monday']:%a %H:%M}" == "Mon 00:10"
    assert known["week-53"].isocalendar().week == 53
    assert known["leap-day"].date() == date(2028, 2, 29)
    spring, autumn = (known[f"{season}-night"] for season in ("spring", "autumn"))
    assert [f"{time.astimezone(_BERLIN):%H:%M}" for time in (spring, spring + _MINUTE)] == [
        "01:59",
        "03:00",
    ]
    assert (f"{autumn.astimezone(_BERLIN):%H:%M}", autumn.astimezone(_BERLIN).fold) == ("02:30", 1)
    assert (known["last-minute"] + _MINUTE).day == 1
    assert abs(datetime.now(UTC) - known["today"]) < _MINUTE
    assert known["next-year"] - known["today"] == timedelta(days=365)


def test_every_test_begins_at_the_chosen_instant(tmp_path: Path) -> None:
    instant = datetime(2028, 2, 29, 9, tzinfo=UTC)
    path = tmp_path / "test_two.py"
    path.write_text(_TWO_TESTS.replace("{timestamp}", str(instant.timestamp())))
    run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.clock", path],
        cwd=tmp_path,
        env={**plain_environment(PYTHONPATH=str(ROOT)), VARIABLE: instant.isoformat(), "TZ": "UTC"},
    )


def test_commands_that_a_test_runs_go_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "2028-02-29T12:00+00:00")
    with time_machine.travel(chosen_instant() or datetime.max):
        today = run(
            [sys.executable, "-c", "import datetime; print(datetime.date.today())"], cwd=ROOT
        )
    assert today.strip() == "2028-02-29"


def test_an_instant_without_an_offset_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "2028-02-29T12:00")
    with pytest.raises(pytest.UsageError, match=r"2028-02-29T12:00\+00:00"):
        chosen_instant()
