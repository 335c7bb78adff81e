"""Run every measurement, one after the other: python -m benchmarks [--save].

Each can be run alone, with options of its own: python -m benchmarks.growth --help.
"""

import subprocess
import sys

from benchmarks.pool import ROOT
from benchmarks.report import options_of

# The short ones first. Each has a process of its own: one's memory says nothing of another's.
MEASUREMENTS = ("walk", "awards", "growth", "listening", "jobs", "what_if", "proof", "memory")


def main() -> None:
    """Run them all, whatever one of them finds; exit with 1 if any promise was broken."""
    options = options_of(__doc__).parse_args()
    saving = ["--save"] if options.save else []
    broken = [
        name
        for name in MEASUREMENTS
        if subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *saving], cwd=ROOT
        ).returncode
    ]
    if broken:
        sys.exit(f"Broken promises, or an error, in: {', '.join(broken)}")


if __name__ == "__main__":
    main()
