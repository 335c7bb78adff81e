"""Show that awards leave nothing in memory: python -m benchmarks.memory [--awards N].

One process awards N events one by one, then as many through `award_stream`, and tells its
resident memory after every tenth of them.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.databases import MEMBERS, own_database
from benchmarks.report import Report, measuring, options_of
from benchmarks.rules import ACTIVITY

TENTHS = 10
AT_MOST = 1.1


def main() -> None:
    """Award on a server of its own and report the memory as it goes."""
    parser = options_of(__doc__)
    parser.add_argument("--awards", type=int, default=1_000_000)
    options = parser.parse_args()
    with measuring("memory", save=options.save) as (server, report):
        os.environ |= own_database(server.url)
        from benchmarks.contenders import METADATA, Platform
        from thrive_points import AwardEvent, PointsService

        platform = Platform()
        members = platform.members()

        def one_by_one() -> Iterator[None]:
            for number in range(options.awards):
                platform.award(members[number % MEMBERS], f"single:{number}")
                yield

        def events() -> Iterator[AwardEvent]:
            for number in range(options.awards):
                yield {
                    "user": members[number % MEMBERS],
                    "activity_type": ACTIVITY,
                    "metadata": {"event_key": f"streamed:{number}", **METADATA},
                }

        _watch(report, "One by one", one_by_one(), options.awards)
        _watch(report, "award_stream", PointsService.award_stream(events()), options.awards)


def _watch(report: Report, what: str, awards: Iterator[object], count: int) -> None:
    began = time.perf_counter()
    found: list[tuple[int, float, float]] = []
    for number, _ in enumerate(awards, 1):
        if number % max(1, count // TENTHS) == 0:
            found.append((number, time.perf_counter() - began, _resident()))
    report.table(
        what,
        ("awards", "seconds", "MB"),
        ((f"{number:,}", f"{seconds:.0f}", f"{held:.1f}") for number, seconds, held in found),
    )
    times = found[-1][2] / found[0][2]
    report.promise(
        times <= AT_MOST, f"{what}: {times:.2f} times the memory after a tenth, at most {AT_MOST}"
    )


def _resident() -> float:
    """Return this process's resident memory in MB; Linux only."""
    if not sys.platform.startswith("linux"):
        raise SystemExit("resident memory is read from /proc, which only Linux has")
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


if __name__ == "__main__":
    main()
