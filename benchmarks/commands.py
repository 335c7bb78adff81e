"""What a management command costs, run in a process of its own as a scheduler would run it."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.pool import ROOT


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds it took, seconds of them in which it computed, and its peak of memory in MB."""

    seconds: float
    computing: float
    peak: float


def cost_of(environment: Mapping[str, str], *command: str) -> Cost:
    """Run a management command and return its cost; what it prints is not shown."""
    words = (sys.executable, "-m", "django", *command)
    paths = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    began = time.perf_counter()
    process = subprocess.Popen(
        words,
        env={**os.environ, "PYTHONPATH": paths, **environment},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    # Not the sum of all children, as the resource module would tell it.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Cost(
        seconds=time.perf_counter() - began,
        computing=used.ru_utime + used.ru_stime,
        peak=used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
    )
