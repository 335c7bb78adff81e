"""The databases and environments of a run: made for it, and gone with it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pool import ROOT, Pool, running
from tests.support.postgres import ADMIN, PostgresServer

MEMBERS = 1000
_PEERS_HOME = ROOT / ".cache" / "peers"
_PEERS_DATABASE = "peers"


def own_database(url: str, *filled: str) -> dict[str, str]:
    """Fill a fresh database for the project's own contenders; return their environment.

    Args:
        url: of the database.
        filled: options of `benchmarks.prepare` that give its ledger a past.
    """
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCH_DATABASE": url}
    _prepare(Path(sys.executable), "benchmarks.prepare", environment, *filled)
    return environment


@contextmanager
def own_pool(url: str, size: int, *filled: str) -> Iterator[Pool]:
    """Yield a pool of the project's own contenders on a fresh database.

    Args:
        url: of the database.
        size: number of processes.
        filled: options of `benchmarks.prepare` that give its ledger a past.
    """
    environment = own_database(url, *filled)
    with running(size, contenders="benchmarks.contenders", environment=environment) as pool:
        yield pool


@contextmanager
def sqlite_pool(size: int) -> Iterator[Pool]:
    """Yield a pool on a fresh SQLite file."""
    with (
        tempfile.TemporaryDirectory(prefix="thrive-bench-") as folder,
        own_pool(f"sqlite:///{folder}/bench.sqlite3", size) as pool,
    ):
        yield pool


@contextmanager
def peers_pool(server: PostgresServer, size: int) -> Iterator[Pool]:
    """Yield a pool of the peers, in a virtual environment kept under .cache."""
    python = _peers_python()
    subprocess.run(
        [server.bin_dir / "createdb", "-h", server.socket_dir, "-U", ADMIN, _PEERS_DATABASE],
        check=True,
    )
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        "BENCH_PEERS_NAME": _PEERS_DATABASE,
        "BENCH_PEERS_HOST": str(server.socket_dir),
        "BENCH_PEERS_USER": ADMIN,
    }
    _prepare(python, "benchmarks.peers.prepare", environment)
    with running(
        size, contenders="benchmarks.peers.contenders", environment=environment, python=python
    ) as pool:
        yield pool


def _prepare(python: Path, module: str, environment: dict[str, str], *options: str) -> None:
    subprocess.run(
        [python, "-W", "ignore", "-m", module, str(MEMBERS), *options],
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", **environment},
    )


def _peers_python() -> Path:
    python = _PEERS_HOME / "bin" / "python"
    if not (_PEERS_HOME / "complete").exists():
        uv = ROOT / "scripts" / "uv"
        requirements = ROOT / "benchmarks" / "peers" / "requirements.txt"
        subprocess.run([uv, "venv", "--quiet", "--clear", _PEERS_HOME], check=True)
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, "-r", requirements], check=True
        )
        (_PEERS_HOME / "complete").touch()
    return python
