"""For the tests of a host: keep rules fresh, and let a test database be flushed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.test import TransactionTestCase

from thrive_points.rules import current
from thrive_points.sql.named import schema_of


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
                if statement.startswith(f"{prefix.upper()} TRIGGER"):
                    cursor.execute(statement)

    run("drop")
    try:
        yield
    finally:
        run("create")


def allow_flush() -> None:
    """Let TransactionTestCase, and pytest's transactional_db, empty the ledger between tests.

    They empty tables by DELETE or TRUNCATE, which the ledger's triggers refuse. Call this once,
    in conftest.py or wherever the test run is configured.
    """
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    if getattr(original, "unlocks_the_ledger", False):
        return

    def teardown(self: Any) -> None:
        with unlocked_ledger():
            original(self)

    teardown.unlocks_the_ledger = True  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]


def forget_rules() -> None:
    """Drop the rules this process has read, as a test that rolled back a revision must."""
    current.forget()
