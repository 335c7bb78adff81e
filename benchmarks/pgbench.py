"""The floor without any client library: the function called by PostgreSQL's own pgbench."""

import re
import subprocess
import tempfile
from pathlib import Path

from benchmarks.databases import MEMBERS
from benchmarks.pool import Measurement
from tests.support.postgres import ADMIN, DATABASE, PostgresServer

_SCRIPT = """\\set member {members}
SELECT * FROM floor_award(:member, 'measured', 'pgbench:' || gen_random_uuid(), now(),
                          '{{"score": 80, "quiz": 17}}', 1000000000, 20);
"""


def measure(
    server: PostgresServer, *, processes: int, seconds: float, hot: bool = False
) -> Measurement:
    """Call the floor's function from so many clients; pgbench counts whole seconds.

    It tells the rate and the mean wait; what it does not tell is 0.
    """
    members = "1" if hot else f"random(1, {MEMBERS})"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(_SCRIPT.format(members=members))
        script.flush()
        answer = subprocess.run(
            [
                server.bin_dir / "pgbench",
                *("-h", server.socket_dir, "-U", ADMIN, "-n", "-M", "prepared"),
                *("-c", str(processes), "-j", str(processes), "-T", str(max(1, round(seconds)))),
                *("-f", Path(script.name), DATABASE),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return Measurement(
        rate=_number(r"tps = ([\d.]+)", answer),
        client_cpu=0.0,
        database_cpu=0.0,
        median_wait=_number(r"latency average = ([\d.]+) ms", answer) / 1000,
        p99_wait=0.0,
    )


def _number(pattern: str, answer: str) -> float:
    found = re.search(pattern, answer)
    if found is None:
        raise RuntimeError(f"pgbench did not say {pattern!r}:\n{answer}")
    return float(found.group(1))
