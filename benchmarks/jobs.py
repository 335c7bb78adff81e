"""Time the set-based jobs: python -m benchmarks.jobs [--size N].

It needs a database of its own, which it starts.
"""

import argparse
import os
import subprocess
import sys
import time

from benchmarks.pool import ROOT
from tests.support.postgres import running_postgres

LIMITS = {"assign_circles": 60.0, "points_audit --rebuild": 120.0, "points_audit": 60.0}


def main() -> None:
    """Fill a ledger, run each job in a process of its own, and tell seconds and memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="members and entries")
    options = parser.parse_args()
    with running_postgres() as server:
        environment = {
            **os.environ,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}",
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "BENCH_DATABASE": server.url,
        }

        def run(*command: str) -> tuple[float, float]:
            """Return the seconds a command took, and its own peak of memory in MB."""
            began = time.perf_counter()
            process = subprocess.Popen([sys.executable, *command], env=environment, cwd=ROOT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise subprocess.CalledProcessError(process.returncode, command)
            return time.perf_counter() - began, used.ru_maxrss / 1024

        run("-m", "benchmarks.prepare", str(options.size), "--fill", str(options.size))
        for job in ("points_audit --rebuild", "points_audit", "assign_circles"):
            seconds, peak = run("-m", "django", *job.split())
            print(
                f"{job}: {seconds:.1f} s for {options.size:,} (at most {LIMITS[job]:.0f} s for a "
                f"million), {peak:.0f} MB at most",
                flush=True,
            )


if __name__ == "__main__":
    main()
