"""Show that awards and reads do not slow down: python -m benchmarks.growth [--rows N].

Two databases of one server take turns: a small ledger with one entry a day for each member, and
one of N entries whose first member has 100,000 entries today. The median wait of the large one
may be 1.15 times the small one's.
"""

import argparse
import statistics

from benchmarks.databases import MEMBERS, another_database, own_pool
from benchmarks.pool import Pool
from tests.support.postgres import running_postgres

SMALL = 30 * MEMBERS
TODAY = 100_000
ROUNDS = 41
SECONDS = 0.25
WARM_UP_SECONDS = 6.0
# As a server for five million entries would be set up: a cache that is smaller than the ledger's
# indexes would measure the disk.
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB"}


def main() -> None:
    """Measure both databases in turns and print the ratios of their median waits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    options = parser.parse_args()
    with running_postgres(settings=SETTINGS) as server:
        grown_url = another_database(server, "grown")
        filled = ("--fill", str(options.rows), "--today", str(TODAY))
        with (
            own_pool(server.url, 1, "--fill", str(SMALL)) as small,
            own_pool(grown_url, 1, *filled) as grown,
        ):
            for pool in (small, grown):
                # The first change of a page after a checkpoint writes all of it to the log. A
                # ledger in use has that behind it wherever its members are active.
                pool.measure("platform", processes=1, seconds=WARM_UP_SECONDS)
            print(f"{options.rows:,} entries beside {SMALL:,}:")
            _tell("an award, members spread", _ratios(("platform", grown), ("platform", small)))
            _tell(
                f"an award, the member with {TODAY:,} entries today",
                _ratios(("platform", grown), ("platform", small), hot=True),
            )
            _tell(
                "thirty days by category",
                _ratios(("by_category", grown), ("by_category", small), hot=True),
            )
            _tell(
                "the thousandth page of the history beside the first",
                _ratios(("thousandth_page", grown), ("first_page", grown), hot=True),
            )


def _ratios(ours: tuple[str, Pool], theirs: tuple[str, Pool], *, hot: bool = False) -> list[float]:
    found = []
    for turn in range(ROUNDS):
        waits = {
            (name, pool): pool.measure(name, processes=1, seconds=SECONDS, hot=hot).median_wait
            for name, pool in ((ours, theirs) if turn % 2 else (theirs, ours))
        }
        found.append(waits[ours] / waits[theirs])
    return sorted(found)


def _tell(what: str, found: list[float]) -> None:
    verdict = "kept  " if statistics.median(found) <= 1.15 else "BROKEN"
    # The middle half: on a busy machine single rounds lie anywhere.
    spread = f"{found[len(found) // 4]:.2f}-{found[-len(found) // 4]:.2f}"
    print(f"  {verdict}  {what}: {statistics.median(found):.2f} times ({spread})", flush=True)


if __name__ == "__main__":
    main()
