"""Measured processes: a pool of workers for each environment, each with a database of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_LEAD_SECONDS = 0.1


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one run of one contender gave.

    `rate` is in awards a second, CPU times in seconds an award, waits in seconds a call; the
    99th percentile is that of the process which waits longest.
    """

    rate: float
    client_cpu: float
    database_cpu: float
    median_wait: float
    p99_wait: float


class Pool:
    """Workers that run the same order at the same moment."""

    def __init__(self, workers: list[subprocess.Popen[str]]) -> None:
        self._workers = workers

    def measure(
        self,
        contender: str,
        *,
        processes: int,
        seconds: float,
        hot: bool = False,
        batch: int = 0,
        warm_up: int = 20,
    ) -> Measurement:
        """Run a contender in so many processes for so long.

        Args:
            contender: its name in the workers' module.
            processes: how many of the pool's workers take part.
            seconds: length of the run.
            hot: award one member instead of all.
            batch: events a transaction by `award_batch`; 0 awards one by one.
            warm_up: single awards in each process before the clock starts.
        """
        order = {
            "contender": contender,
            "seconds": seconds,
            "hot": hot,
            "batch": batch,
            "warm_up": 0,
            "start": 0,
        }
        taking_part = self._workers[:processes]
        if warm_up:
            self._order(taking_part, {**order, "seconds": 0.0, "warm_up": warm_up})
        answers = self._order(taking_part, {**order, "start": time.monotonic() + _LEAD_SECONDS})
        awards = sum(answer["awards"] for answer in answers)
        waits = sorted(wait for answer in answers for wait in answer["waits"])
        # Each process by itself: one that hardly ever gets its turn makes few calls, and would
        # vanish among the many quick ones of the others.
        worst = max(answer["waits"][len(answer["waits"]) * 99 // 100] for answer in answers)
        return Measurement(
            rate=sum(answer["awards"] / answer["seconds"] for answer in answers),
            client_cpu=sum(answer["client_cpu"] for answer in answers) / awards,
            database_cpu=sum(answer["database_cpu"] for answer in answers) / awards,
            median_wait=waits[len(waits) // 2],
            p99_wait=worst,
        )

    def _order(
        self, workers: list[subprocess.Popen[str]], order: dict[str, Any]
    ) -> list[dict[str, Any]]:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(json.dumps(order) + "\n")
            worker.stdin.flush()
        return [_answer(worker) for worker in workers]


@contextmanager
def running(
    size: int,
    *,
    contenders: str,
    environment: dict[str, str],
    python: Path = Path(sys.executable),
    root: Path = ROOT,
) -> Iterator[Pool]:
    """Yield a pool of workers that ends with the block.

    Args:
        size: number of processes.
        contenders: module of the contenders.
        environment: variables that choose settings and database.
        python: interpreter of the environment they run in.
        root: checkout whose code they run.
    """
    paths = os.pathsep.join(str(path) for path in (root, root / "src"))
    workers = [
        subprocess.Popen(
            [python, "-W", "ignore", "-m", "benchmarks.worker", contenders, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": paths, **environment},
        )
        for number in range(size)
    ]
    try:
        for worker in workers:
            _answer(worker)
        yield Pool(workers)
    finally:
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.close()
        for worker in workers:
            worker.wait()


def _answer(worker: subprocess.Popen[str]) -> dict[str, Any]:
    assert worker.stdout is not None
    line = worker.stdout.readline()
    if not line:
        raise RuntimeError(f"a measured process ended with status {worker.wait()}; see above")
    answer: dict[str, Any] = json.loads(line)
    return answer
