"""Databases of a test's own, on the PostgreSQL server of the run."""

import contextlib
import os
import uuid
from collections.abc import Iterator

import psycopg
from psycopg import sql


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """Yield the address of an empty database, which is dropped after the block."""
    server = os.environ["DATABASE_URL"]
    name = f"scratch_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))
