"""The databases and environments of a run: made for it, and gone with it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.pool import ROOT, Pool, running
from tests.support.postgres import ADMIN, DATABASE, PostgresServer

MEMBERS = 1000
_PEERS_HOME = ROOT / ".cache" / "peers"
_PEERS_DATABASE = "peers"


def another_database(server: PostgresServer, name: str) -> str:
    """Create a database beside the server's own and return its URL."""
    subprocess.run(
        [server.bin_dir / "createdb", "-h", server.socket_dir, "-U", ADMIN, name], check=True
    )
    return server.url.removesuffix(DATABASE) + name


def own_database(
    url: str, *filled: str, members: int = MEMBERS, root: Path = ROOT
) -> dict[str, str]:
    """Fill a fresh database for the project's own contenders; return their environment.

    Args:
        url: of the database.
        filled: options of `benchmarks.prepare` that give its ledger a past.
        members: how many it has.
        root: checkout whose code fills it.
    """
    environment = {"DJANGO_SETTINGS_MODULE": "benchmarks.settings", "BENCH_DATABASE": url}
    _prepare(
        Path(sys.executable), "benchmarks.prepare", environment, str(members), *filled, root=root
    )
    return environment


@contextmanager
def own_pool(url: str, size: int, *filled: str, root: Path = ROOT) -> Iterator[Pool]:
    """Yield a pool of the project's own contenders on a fresh database.

    Args:
        url: of the database.
        size: number of processes.
        filled: options of `benchmarks.prepare` that give its ledger a past.
        root: checkout whose code is measured.
    """
    environment = own_database(url, *filled, root=root)
    with running(
        size, contenders="benchmarks.contenders", environment=environment, root=root
    ) as pool:
        yield pool


@contextmanager
def earlier_pool(server: PostgresServer, size: int, revision: str) -> Iterator[Pool]:
    """Yield a pool of the project's own contenders as they were at a revision."""
    with tempfile.TemporaryDirectory(prefix="thrive-earlier-") as folder:
        archive = subprocess.run(
            ["git", "archive", revision], cwd=ROOT, stdout=subprocess.PIPE, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        url = another_database(server, "earlier")
        with own_pool(url, size, root=Path(folder)) as pool:
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
    another_database(server, _PEERS_DATABASE)
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.peers.settings",
        "BENCH_PEERS_NAME": _PEERS_DATABASE,
        "BENCH_PEERS_HOST": str(server.socket_dir),
        "BENCH_PEERS_USER": ADMIN,
    }
    _prepare(python, "benchmarks.peers.prepare", environment, str(MEMBERS))
    with running(
        size, contenders="benchmarks.peers.contenders", environment=environment, python=python
    ) as pool:
        yield pool


def _prepare(
    python: Path, module: str, environment: dict[str, str], *options: str, root: Path = ROOT
) -> None:
    subprocess.run(
        [python, "-W", "ignore", "-m", module, *options],
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}", **environment},
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
