"""Show that awards and reads do not slow down: python -m benchmarks.growth [--rows N].

Two databases of one server take turns: a small ledger with one entry a day for each member, and
one of N entries whose first member has 100,000 entries today. The median wait of the large one
may be 1.15 times the small one's.
"""

import statistics

from benchmarks.databases import MEMBERS, another_database, own_pool
from benchmarks.pool import Pool
from benchmarks.report import measuring, options_of

SMALL = 30 * MEMBERS
TODAY = 100_000
ROUNDS = 41
SECONDS = 0.25
WARM_UP_SECONDS = 6.0
AT_MOST = 1.15
# As a server for five million entries would be set up: a cache that is smaller than the ledger's
# indexes would measure the disk.
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB"}


def main() -> None:
    """Measure both databases in turns and report the ratios of their median waits."""
    parser = options_of(__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    options = parser.parse_args()
    filled = ("--fill", str(options.rows), "--today", str(TODAY))
    with (
        measuring("growth", save=options.save, settings=SETTINGS) as (server, report),
        own_pool(server.url, 1, "--fill", str(SMALL)) as small,
        own_pool(another_database(server, "grown"), 1, *filled) as grown,
    ):
        for pool in (small, grown):
            # The first change of a page after a checkpoint writes all of it to the log. A
            # ledger in use has that behind it wherever its members are active.
            pool.measure("platform", processes=1, seconds=WARM_UP_SECONDS)
        award = ("platform", grown), ("platform", small)
        chart = ("by_category", grown), ("by_category", small)
        found = {
            "an award, members spread": _ratios(*award),
            f"an award, the member with {TODAY:,} entries today": _ratios(*award, hot=True),
            "thirty days by category": _ratios(*chart, hot=True),
            "the thousandth page of the history beside the first": _ratios(
                ("thousandth_page", grown), ("first_page", grown), hot=True
            ),
        }
        report.table(
            f"{options.rows:,} entries beside {SMALL:,}",
            ("", "times as long", "the middle half"),
            # The middle half: on a busy machine single rounds lie anywhere.
            (
                (
                    what,
                    f"{statistics.median(ratios):.2f}",
                    f"{ratios[len(ratios) // 4]:.2f}-{ratios[-len(ratios) // 4]:.2f}",
                )
                for what, ratios in found.items()
            ),
        )
        for what, ratios in found.items():
            times = statistics.median(ratios)
            report.promise(times <= AT_MOST, f"{what}: {times:.2f} times, at most {AT_MOST}")


def _ratios(ours: tuple[str, Pool], theirs: tuple[str, Pool], *, hot: bool = False) -> list[float]:
    found = []
    for turn in range(ROUNDS):
        waits = {
            (name, pool): pool.measure(name, processes=1, seconds=SECONDS, hot=hot).median_wait
            for name, pool in ((ours, theirs) if turn % 2 else (theirs, ours))
        }
        found.append(waits[ours] / waits[theirs])
    return sorted(found)


if __name__ == "__main__":
    main()
