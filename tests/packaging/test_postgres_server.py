"""The throw-away PostgreSQL server ends with whoever started it, however that ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.support.paths import ROOT
from tests.support.postgres import FAST, PostgresServer, PostgresUnavailable, running_postgres

OWNER = """
import signal, time
from tests.support.postgres import running_postgres
# A shell that runs the tests in the background has it ignored, and children inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)
with running_postgres(fsync=False) as server:
    print(server.socket_dir, flush=True)
    time.sleep(600)
"""


def _disappears(folder: Path) -> bool:
    # The folder goes last, after the server has ended. Processes themselves are no evidence: in a
    # container nobody may collect them.
    deadline = time.monotonic() + 60
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not folder.exists()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_ends_with_its_owner(number: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    folder = Path(owner.stdout.readline().strip())
    assert (folder / "data").exists()
    owner.send_signal(number)
    owner.communicate()
    assert _disappears(folder)


def _setting(server: PostgresServer, name: str) -> str:
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


def test_is_durable_unless_told_otherwise() -> None:
    with running_postgres(settings={"work_mem": "9MB"}) as server:
        assert {_setting(server, name) for name in FAST} == {"on"}
        assert _setting(server, "work_mem") == "9MB"
    assert not server.socket_dir.exists()


def test_says_why_it_does_not_start() -> None:
    with (
        pytest.raises(PostgresUnavailable, match="no_such_setting"),
        running_postgres(settings={"no_such_setting": "1"}),
    ):
        pass
