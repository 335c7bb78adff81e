"""Run the tests that ask for today at eight instants that calendars make difficult.

python -m tests.support.dates
python -m tests.support.dates --only leap-day -- tests/host -k challenge
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tests.support.clock import VARIABLE
from tests.support.paths import ROOT

# Left out are made-up answers, and pages in other colours and sizes: none of these asks for today.
SUITES = (
    "tests/host",
    "tests/http",
    "tests/browser",
    "--ignore=tests/browser/test_element_states.py",
    "tests/stores",
    "tests/docs",
    "-k=not axe and not are_accessible and not pictures",
)


def instants() -> Mapping[str, datetime]:
    """Return the instants by name."""
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        "monday": datetime(2026, 11, 30, 0, 10, tzinfo=UTC),
        "week-53": datetime(2027, 1, 2, 12, 0, tzinfo=UTC),
        "leap-day": datetime(2028, 2, 29, 9, 0, tzinfo=UTC),
        # Berlin, where Alice lives: half a minute before the hour that is left out, and in the
        # middle of the hour that comes twice, at its second coming.
        "spring-night": datetime(2027, 3, 28, 0, 59, 30, tzinfo=UTC),
        "autumn-night": datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
        # A Sunday, so the week ends with the month; for Alice both are over.
        "last-minute": datetime(2027, 1, 31, 23, 59, tzinfo=UTC),
        "today": now,
        "next-year": now + timedelta(days=365),
    }


def run(chosen: Mapping[str, datetime], arguments: Sequence[str]) -> dict[str, bool]:
    """Run pytest at each instant, whatever came of the ones before; return which were green."""
    green = {}
    for name, instant in chosen.items():
        print(f"== {name}: {instant.isoformat()}", flush=True)
        outcome = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n", "2", *arguments],
            cwd=ROOT,
            env={**os.environ, VARIABLE: instant.isoformat()},
        )
        green[name] = outcome.returncode == 0
    return green


def main() -> int:
    """Run the tests that ask for today at difficult instants."""
    known = instants()
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--only", action="append", choices=known, help="one instant; repeatable")
    parser.add_argument("pytest", nargs="*", help="what pytest is given instead, after --")
    options = parser.parse_args()
    chosen = {name: known[name] for name in options.only or known}
    green = run(chosen, options.pytest or SUITES)
    print("== Result")
    for name, is_green in green.items():
        print(f"{name:<13} {chosen[name].isoformat()}  {'green' if is_green else 'FAILED'}")
    return 0 if all(green.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
