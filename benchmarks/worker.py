"""A measured process: reads an order a line, runs it, answers a line of JSON.

It imports nothing but the standard library and the module of contenders named on its command
line, so that it also runs in the peers' environment.
"""

import importlib
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any


def main() -> None:
    """Serve orders until standard input ends."""
    module = importlib.import_module(sys.argv[1])
    number = int(sys.argv[2])
    ready: dict[str, Any] = {}
    serial = itertools.count()
    chooser = random.Random(number)
    database = module.database_process()
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        name = order["contender"]
        if name not in ready:
            contender = module.CONTENDERS[name]()
            ready[name] = (contender, contender.members())
        contender, members = ready[name]
        keys = (f"{name}:{number}:{next(serial)}" for _ in itertools.count())
        pick = _picker(members, chooser, hot=order["hot"])
        contender.open()
        try:
            answer = _run(contender, pick, keys, order, database)
        finally:
            contender.close()
        print(json.dumps(answer), flush=True)


def _picker(members: Sequence[Any], chooser: random.Random, *, hot: bool) -> Callable[[], Any]:
    return (lambda: members[0]) if hot else (lambda: chooser.choice(members))


def _run(
    contender: Any, pick: Any, keys: Any, order: dict[str, Any], database: int | None
) -> dict[str, Any]:
    """Award until the time is over; return counts, seconds of CPU and latencies."""
    batch = order["batch"]
    # The first calls pay for imports, plans and caches; a site pays for them once.
    for _ in range(order["warm_up"]):
        contender.award(pick(), next(keys))
    while time.monotonic() < order["start"]:
        time.sleep(0.001)
    waits: list[float] = []
    count, wall = 0, time.perf_counter()
    client, server = time.process_time(), cpu_seconds(database)
    end = wall + order["seconds"]
    before = wall
    while before < end:
        if batch:
            contender.award_batch([(pick(), next(keys)) for _ in range(batch)])
            count += batch
        else:
            contender.award(pick(), next(keys))
            count += 1
        now = time.perf_counter()
        waits.append(now - before)
        before = now
    return {
        "awards": count,
        "seconds": before - wall,
        "client_cpu": time.process_time() - client,
        "database_cpu": cpu_seconds(database) - server,
        "waits": sorted(waits),
    }


def cpu_seconds(pid: int | None) -> float:
    """Return the processor time a process has used, 0 where the system does not tell."""
    if pid is None:
        return 0.0
    try:
        with open(f"/proc/{pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
