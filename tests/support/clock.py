"""The instant at which tests run.

THRIVE_TEST_NOW, an instant in ISO 8601 with its offset from UTC, takes the whole process there:
what is computed while tests are collected sees it, every test begins at it, and the clock ticks
on from there. Threads of the process, such as the live server's, go along, and so do processes
that are started in `along_in_time`.

A database server and Chromium stay in the present. Pages and queries take today from Django, and
Chromium keeps a session's cookie because its Max-Age counts from the moment it arrives.
"""

import os
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

VARIABLE = "THRIVE_TEST_NOW"
_TRAVELLER = pytest.StashKey[time_machine.Traveller]()


def chosen_instant() -> datetime | None:
    """Return the instant that THRIVE_TEST_NOW names, None while it names none."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    instant = datetime.fromisoformat(named)
    if instant.tzinfo is None:
        raise pytest.UsageError(f"{VARIABLE} is {named!r}; give its offset, as in {named}+00:00")
    return instant


def along_in_time(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python finds itself at the chosen instant too."""
    if chosen_instant() is None:
        return dict(environment)
    paths = [str(Path(__file__).with_name("elsewhen")), environment.get("PYTHONPATH", "")]
    return {
        **environment,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        # Not the instant: a command would begin before what earlier commands have done.
        "THRIVE_TEST_SHIFT": str(time.time() - time_machine.escape_hatch.time.time()),
    }


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Go to the chosen instant before any test module is read."""
    instant = chosen_instant()
    if instant is not None:
        travel = time_machine.travel(instant)
        config.stash[_TRAVELLER] = travel.start()
        config.add_cleanup(travel.stop)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begin each test at the chosen instant, since the tests before it took their time."""
    traveller = item.config.stash.get(_TRAVELLER, None)
    instant = chosen_instant()
    if traveller is not None and instant is not None:
        traveller.move_to(instant)
