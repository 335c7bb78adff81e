"""The member's tables partitioned by hash of the member, as a large site may have them.

With THRIVE_TEST_DATABASE=partitioned, a run's test database has them so. Everything is taken from
the catalog: columns, constraints, indexes and triggers are those that the migrations made.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile, XPEvent

PARTITIONS = 8
MEMBER_TABLES = tuple(
    model._meta.db_table for model in (PointsHistory, PointsDailyTotal, UserThriveProfile, XPEvent)
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Partition the test database's tables, if the run is about that."""
    if os.environ.get("THRIVE_TEST_DATABASE") == "partitioned":
        with django_db_blocker.unblock():
            partition_members_tables()


def partition_members_tables() -> None:
    """Make the member's tables anew, partitioned, unless they are so already.

    Raises:
        RuntimeError: a table has rows, which would be lost.
    """
    for table in MEMBER_TABLES:
        if table not in partitions():
            _partition(table)


def partitions() -> dict[str, str]:
    """Return every table that is partitioned or a partition, with the table it belongs to."""
    found = _rows(
        "SELECT relname, COALESCE((SELECT inhparent::regclass::text FROM pg_inherits "
        "WHERE inhrelid = pg_class.oid), relname) FROM pg_class "
        "WHERE (relispartition OR relkind = 'p') AND relkind IN ('r', 'p') "
        "AND pg_table_is_visible(oid)"
    )
    return dict(found)


def _partition(table: str) -> None:
    if _rows(f"SELECT 1 FROM {table} LIMIT 1"):
        raise RuntimeError(f"{table} has rows; only an empty table is partitioned for tests.")
    statements = list(_definitions(table))
    plain = f"{table}_plain"
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {plain}")
        cursor.execute(
            f"CREATE TABLE {table} (LIKE {plain} "
            "INCLUDING ALL EXCLUDING CONSTRAINTS EXCLUDING INDEXES) PARTITION BY HASH (user_id)"
        )
        # Refused, as it should be, if another table has a foreign key to it.
        cursor.execute(f"DROP TABLE {plain}")
        for number in range(PARTITIONS):
            cursor.execute(
                f"CREATE TABLE {table}_{number} PARTITION OF {table} "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {number})"
            )
        for statement in statements:
            cursor.execute(statement)


def _definitions(table: str) -> Iterator[str]:
    """Yield what makes a table's constraints, indexes and triggers, keys before what needs them."""
    for name, definition in _rows(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE conrelid = %s::regclass ORDER BY contype = 'f', conname",
        table,
    ):
        yield f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
    for (definition,) in _rows(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) "
        "ORDER BY indexrelid",
        table,
    ):
        yield definition
    for (definition,) in _rows(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname",
        table,
    ):
        yield definition


def _rows(statement: str, *params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()  # type: ignore[no-any-return]
