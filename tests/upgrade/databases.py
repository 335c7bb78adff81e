"""Empty databases of the kind under test, dumps of them, and what runs on them."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.support.paths import ROOT
from tests.support.postgres import programs
from tests.support.sites import plain_environment, run

VENDORS = ("postgresql", "sqlite")
VENDOR = "postgresql" if os.environ.get("THRIVE_TEST_DATABASE") == "postgresql" else "sqlite"
"""The kind under test."""


@contextlib.contextmanager
def empty_database(folder: Path, vendor: str = VENDOR) -> Iterator[str]:
    """Yield the address of an empty database: a file, or one of DATABASE_URL's server."""
    name = f"scratch_{uuid.uuid4().hex}"
    if vendor == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


def environment(database: str, **changes: str) -> dict[str, str]:
    """Return the environment of a process that works on a database of the upgrade tests' site."""
    given = {"DJANGO_SETTINGS_MODULE": "tests.upgrade.settings", **changes}
    return plain_environment(DATABASE_URL=database, **given)


def do(*verbs: str, database: str, python: Path | str = sys.executable, **changes: str) -> Any:
    """Do what tests/upgrade/site.py calls by these verbs, and return what each answered."""
    printed = run(
        [python, "-m", "tests.upgrade.site", *verbs],
        cwd=ROOT,
        env=environment(database, **changes),
    )
    answers = [json.loads(line) for line in printed.splitlines() if line.startswith(("{", "["))]
    assert len(answers) == len(verbs), printed
    return answers


def manage(*arguments: str, database: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run a management command and return how it ended, and what it said."""
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        cwd=ROOT,
        env=environment(database, **changes),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def dump(database: str, *options: str) -> str:
    """Return a database as SQL text.

    Args:
        database: its address.
        options: for pg_dump.
    """
    if database.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(_file(database))) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    outcome = subprocess.run(
        [programs() / "pg_dump", "--no-owner", "--no-privileges", *options, database],
        capture_output=True,
        text=True,
    )
    # It warns of foreign keys within a table, such as `reverses`; a COPY brings them in at once.
    assert outcome.returncode == 0, outcome.stderr
    # A random word that only a psql of the same age understands.
    lines = outcome.stdout.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(("\\restrict", "\\unrestrict")))


def restore(text: str, database: str) -> None:
    """Bring a dump into a database."""
    if database.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(_file(database))) as connection:
            connection.executescript(text)
        return
    outcome = subprocess.run(
        [programs() / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", database],
        input=text,
        capture_output=True,
        text=True,
    )
    assert outcome.returncode == 0, outcome.stderr


def _file(database: str) -> str:
    return database.removeprefix("sqlite:///")
