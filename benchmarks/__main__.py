"""Run the benchmark: python -m benchmarks [--quick] [--against REVISION] [--json FILE]."""

import argparse
import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks import pgbench, report
from benchmarks.databases import earlier_pool, own_pool, peers_pool, sqlite_pool
from benchmarks.pool import ROOT, Measurement, Pool
from benchmarks.scenarios import Scenario, promises, scenarios
from tests.support.postgres import PostgresServer, running_postgres

PEERS = ("pinax_points", "django_gamification")
EARLIER = "platform_earlier"


def main() -> None:
    """Measure every scenario in turns, print the tables and verdicts, write the JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="the main ratios in two minutes")
    parser.add_argument("--rounds", type=int, help="turns of each contender")
    parser.add_argument("--seconds", type=float, help="length of a turn")
    parser.add_argument("--only", default="", help="scenarios whose name contains this")
    parser.add_argument(
        "--against",
        metavar="REVISION",
        help="on PostgreSQL alone, measure the platform beside itself as it was at a revision",
    )
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark.json")
    options = parser.parse_args()
    # Many short turns: a machine changes its pace within seconds, and a ratio should not.
    rounds = options.rounds or (9 if options.quick else 15)
    seconds = options.seconds or (0.35 if options.quick else 0.5)
    chosen = [one for one in scenarios(quick=options.quick) if options.only in one.name]
    if options.against:
        chosen = [
            replace(one, contenders=("floor", EARLIER, "platform"))
            for one in chosen
            if one.database == "postgresql"
        ]
    most = max(one.processes for one in chosen)
    runs: dict[str, dict[str, list[Measurement]]] = {}
    with running_postgres() as server, ExitStack() as stack:
        own = stack.enter_context(own_pool(server.url, most))
        pools = {"postgresql": own}
        if options.against:
            pools[EARLIER] = stack.enter_context(earlier_pool(server, most, options.against))
        if any(one.database == "sqlite" for one in chosen):
            pools["sqlite"] = stack.enter_context(sqlite_pool(most))
        if any(set(PEERS) & set(one.contenders) for one in chosen):
            pools["peers"] = stack.enter_context(peers_pool(server, most))
        for scenario in chosen:
            runs[scenario.name] = _measure(scenario, pools, server, rounds, seconds)
            print(report.table(scenario, runs[scenario.name]), flush=True)
            if options.against:
                print(report.change(runs[scenario.name], EARLIER), flush=True)
        around = report.environment(own.server_version())
    print("\nPromises")
    verdicts = [report.verdict(promise, runs)[1] for promise in promises(chosen)]
    print("\n".join(verdicts))
    print("\n" + ", ".join(f"{name} {value}" for name, value in around.items()))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report.as_json(around, runs, verdicts), indent=1))
    print(f"Every run is in {options.json}")


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
