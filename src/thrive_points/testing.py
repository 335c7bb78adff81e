"""For the tests of a host: keep rules fresh, and let a test database be flushed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush
from django.db import connections, router

from thrive_points.models import PointsHistory
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

    They do so by the command `flush`, whose DELETE or TRUNCATE the ledger's triggers refuse. Call
    this once, in conftest.py or wherever the test run is configured.
    """
    original = flush.Command.handle
    if getattr(original, "unlocks_the_ledger", False):
        return

    def handle(self: flush.Command, **options: Any) -> Any:
        if not router.allow_migrate_model(options["database"], PointsHistory):
            return original(self, **options)
        with unlocked_ledger(options["database"]):
            return original(self, **options)

    handle.unlocks_the_ledger = True  # type: ignore[attr-defined]
    flush.Command.handle = handle  # type: ignore[method-assign]


def forget_rules() -> None:
    """Drop the rules this process has read, as a test that rolled back a revision must."""
    current.forget()
