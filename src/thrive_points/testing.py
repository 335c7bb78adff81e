"""For the tests of a host: keep rules fresh, and let a test database be flushed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from thrive_points.rules import current
from thrive_points.sql.named import schema_of

flush_is_allowed = False
"""Whether this process is a test run that may empty the ledger."""


@contextmanager
def unlocked_ledger(alias: str = "default") -> Iterator[None]:
    """Lift the triggers that guard ledger and rules of a test database, for a block.

    Args:
        alias: the database's alias.
    """
    connection = connections[alias]

    def run(prefix: str) -> None:
        with connection.cursor() as cursor:
            for statement in schema_of(connection, prefix):
                if re.match(rf"{prefix} (constraint )?trigger", statement, re.IGNORECASE):
                    cursor.execute(statement)

    run("drop")
    try:
        yield
    finally:
        run("create")


def allow_flush() -> None:
    """Let `flush`, and so TransactionTestCase and pytest's transactional_db, empty the ledger.

    They empty tables by DELETE or TRUNCATE, which the ledger's triggers refuse. Call this once,
    in conftest.py or wherever the test run is configured.
    """
    global flush_is_allowed
    flush_is_allowed = True


def forget_rules() -> None:
    """Drop the rules this process has read, as a test that rolled back a revision must."""
    current.forget()
