"""Measure awards beside their floor and their peers: python -m benchmarks.awards.

--quick gives the main ratios in two minutes. --against REVISION measures, on PostgreSQL alone,
the platform beside itself as it was at a revision.
"""

from contextlib import ExitStack
from dataclasses import replace

from benchmarks import comparison, pgbench
from benchmarks.databases import earlier_pool, own_pool, peers_pool, sqlite_pool
from benchmarks.pool import Measurement, Pool
from benchmarks.report import measuring, options_of
from benchmarks.scenarios import PEERS, Scenario, promises, scenarios
from tests.support.postgres import PostgresServer

EARLIER = "platform_earlier"
# Many short turns: a machine changes its pace within seconds, and a ratio should not.
ROUNDS = 9


def main() -> None:
    """Measure every scenario in turns; print its table, and at the end the promises."""
    parser = options_of(__doc__)
    parser.add_argument("--quick", action="store_true", help="the main ratios in two minutes")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="turns of each contender")
    parser.add_argument("--seconds", type=float, help="length of a turn")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument("--against", metavar="REVISION", help="measure it as it was, too")
    options = parser.parse_args()
    seconds = options.seconds or (0.35 if options.quick else 0.5)
    chosen = [one for one in scenarios(quick=options.quick) if options.only in one.name]
    if options.against:
        chosen = [
            replace(one, contenders=("floor", EARLIER, "platform"))
            for one in chosen
            if one.database == "postgresql"
        ]
    if not chosen:
        parser.error(f"no scenario's name contains {options.only!r}")
    most = max(one.processes for one in chosen)
    with measuring("awards", save=options.save) as (server, report), ExitStack() as stack:
        pools = {"postgresql": stack.enter_context(own_pool(server.url, most))}
        if options.against:
            pools[EARLIER] = stack.enter_context(earlier_pool(server, most, options.against))
        if any(one.database == "sqlite" for one in chosen):
            pools["sqlite"] = stack.enter_context(sqlite_pool(most))
        if any(set(PEERS) & set(one.contenders) for one in chosen):
            pools["peers"] = stack.enter_context(peers_pool(server, most))
        for scenario in chosen:
            runs = _measure(scenario, pools, server, options.rounds, seconds)
            report.table(scenario.name, comparison.COLUMNS, comparison.rows(runs))
            if options.against:
                report.say(comparison.change(runs, EARLIER))
            for promise in promises(scenario):
                report.promise(*comparison.verdict(promise, runs))


def _measure(
    scenario: Scenario,
    pools: dict[str, Pool],
    server: PostgresServer,
    rounds: int,
    seconds: float,
) -> dict[str, list[Measurement]]:
    """Let the contenders take turns, each round in another order."""
    seconds = max(seconds, scenario.least_seconds)
    found: dict[str, list[Measurement]] = {name: [] for name in scenario.contenders}
    for turn in range(rounds):
        order = scenario.contenders if turn % 2 else scenario.contenders[::-1]
        for name in order:
            if name == "floor_pgbench":
                found[name].append(
                    pgbench.measure(
                        server, processes=scenario.processes, seconds=seconds, hot=scenario.hot
                    )
                )
                continue
            pool = pools.get(name) or pools["peers" if name in PEERS else scenario.database]
            one_by_one = name == "platform_one_by_one"
            found[name].append(
                pool.measure(
                    "platform" if one_by_one or name == EARLIER else name,
                    processes=scenario.processes,
                    seconds=seconds,
                    hot=scenario.hot,
                    batch=0 if one_by_one else scenario.batch,
                )
            )
    return found


if __name__ == "__main__":
    main()
