"""Show that awards leave nothing in memory: python -m benchmarks.memory [--awards N].

One process awards N events one by one, then as many through `award_stream`, and tells its
resident memory after every tenth of them.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.databases import MEMBERS, own_database
from tests.support.postgres import running_postgres

TENTHS = 10


def main() -> None:
    """Award on a server of its own and print the memory as it goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--awards", type=int, default=1_000_000)
    options = parser.parse_args()
    with running_postgres() as server:
        os.environ |= own_database(server.url)
        from benchmarks.contenders import ACTIVITY, METADATA, Platform, PointsService

        platform = Platform()
        members = platform.members()

        def one_by_one() -> Iterator[None]:
            for number in range(options.awards):
                platform.award(members[number % MEMBERS], f"single:{number}")
                yield

        def events() -> Iterator[dict[str, Any]]:
            for number in range(options.awards):
                key = {"event_key": f"streamed:{number}", **METADATA}
                yield {
                    "user": members[number % MEMBERS],
                    "activity_type": ACTIVITY,
                    "metadata": key,
                }

        _tell("one by one", one_by_one(), options.awards)
        _tell("award_stream", PointsService.award_stream(events()), options.awards)


def _tell(what: str, awards: Iterator[Any], count: int) -> None:
    began = time.perf_counter()
    for number, _ in enumerate(awards, 1):
        if number % (count // TENTHS) == 0:
            seconds = time.perf_counter() - began
            print(f"{what}: {number:,} awards, {seconds:.0f} s, {_resident():.1f} MB", flush=True)


def _resident() -> float:
    """Return this process's resident memory in MB; Linux only."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("resident memory is read from /proc, which only Linux has")
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


if __name__ == "__main__":
    main()
