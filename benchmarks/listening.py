"""What it costs an award that somebody listens: python -m benchmarks.listening.

Three databases of one server take turns: without the app, with it and nobody who listens, and with
one listener. An award with one listener may take 1.15 times as long as one without.
"""

import os
import statistics
from contextlib import ExitStack

from benchmarks.databases import another_database, own_pool
from benchmarks.report import measuring, options_of

ROUNDS = 41
SECONDS = 0.25
AT_MOST = 1.15
CONNECT = "BENCH_CONNECT"


def main() -> None:
    """Measure the three in turns, and report the ratios of their median waits."""
    options = options_of(__doc__).parse_args()
    with ExitStack() as stack:
        server, report = stack.enter_context(measuring("listening", save=options.save))
        os.environ.pop(CONNECT, None)
        without = stack.enter_context(own_pool(server.url, 1))
        os.environ[CONNECT] = "1"
        nobody = stack.enter_context(own_pool(another_database(server, "nobody"), 1))
        one = stack.enter_context(own_pool(another_database(server, "one"), 1, "--listen"))
        pools = (without, nobody, one)
        ratios: dict[str, list[float]] = {"nobody listens": [], "one listener": [], "both": []}
        for turn in range(ROUNDS):
            order = pools if turn % 2 else pools[::-1]
            waits = {
                pool: pool.measure("platform", processes=1, seconds=SECONDS).median_wait
                for pool in order
            }
            ratios["nobody listens"].append(waits[nobody] / waits[without])
            ratios["one listener"].append(waits[one] / waits[nobody])
            ratios["both"].append(waits[one] / waits[without])
        report.table(
            "Times as long as an award without",
            ("", "median", "the middle half"),
            (
                (
                    what,
                    f"{statistics.median(found):.2f}",
                    f"{sorted(found)[ROUNDS // 4]:.2f}-{sorted(found)[-ROUNDS // 4]:.2f}",
                )
                for what, found in ratios.items()
            ),
        )
        times = statistics.median(ratios["one listener"])
        report.promise(times <= AT_MOST, f"one listener: {times:.2f} times, at most {AT_MOST}")


if __name__ == "__main__":
    main()
