"""What named SQL must know of the database it speaks to: its values, going in and coming out."""

import json
from datetime import UTC, date, datetime
from functools import cache
from sys import maxsize
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from thrive_points.conf import points_settings


def writing_connection(model: type[Model]) -> BaseDatabaseWrapper:
    """Return the connection that a model's rows are written by."""
    return connections[router.db_for_write(model)]


def speaks_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the PostgreSQL store serves a connection, by its vendor and the settings."""
    choice = points_settings().store
    return choice == "postgresql" or (choice == "auto" and connection.vendor == "postgresql")


def calling_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor for calls of server-side functions.

    On psycopg 3 it keeps each call prepared on the server, which Django's own cursors do not;
    in all else it is Django's: errors, query log and execute wrappers work as ever. A host
    behind a pooler that hands one client's transactions to several servers sets
    DISABLE_SERVER_SIDE_CURSORS, as Django asks, and nothing is kept then.
    """
    prepared = _prepared_cursor()
    if prepared is None or connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        return connection.cursor()
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        # None, Django's default, forbids preparing; this allows it, for those who ask only.
        raw.prepare_threshold = maxsize
    cursor = prepared(raw)
    if connection.queries_logged:
        return connection.make_debug_cursor(cursor)
    return connection.make_cursor(cursor)


@cache
def _prepared_cursor() -> Any:
    try:
        import psycopg
    except ImportError:
        return None

    class PreparedCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True)

    return PreparedCursor


class Dialect:
    """Turns values into what a connection's driver takes, and back."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._native = connection.vendor == "postgresql"
        self._user_pk = get_user_model()._meta.pk
        # An integer needs no preparing on any database; spare the hot path the call.
        self._plain_pk = self._user_pk.get_internal_type().endswith("AutoField")

    def user(self, user_id: Any) -> Any:
        """Return a user's primary key as a parameter; None stays None."""
        if self._plain_pk or user_id is None:
            return user_id
        return self._user_pk.get_db_prep_value(user_id, self._connection)

    def user_out(self, value: Any) -> Any:
        """Return a user's primary key as Django has it."""
        return value if self._plain_pk or value is None else self._user_pk.to_python(value)

    def day(self, value: date | None) -> Any:
        """Return a date as a parameter."""
        return value if self._native or value is None else value.isoformat()

    def day_out(self, value: Any) -> date | None:
        """Return a date read back."""
        return date.fromisoformat(value) if isinstance(value, str) else value

    def instant(self, value: datetime | None) -> Any:
        """Return an aware instant as a parameter."""
        if self._native or value is None:
            return value
        return self._connection.ops.adapt_datetimefield_value(value)

    def instant_out(self, value: Any) -> datetime | None:
        """Return an aware instant read back."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            return value.replace(tzinfo=UTC)
        return value  # type: ignore[no-any-return]

    def json(self, value: Any) -> str:
        """Return a JSON value as a parameter."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)

    def json_out(self, value: Any) -> Any:
        """Return a JSON value read back: raw SQL gets text from either driver."""
        return json.loads(value) if isinstance(value, str | bytes) else value

    def reserve_ids(self, table: str, count: int, after: int) -> list[int]:
        """Return primary keys that no one else will use, for a table only appended to.

        Args:
            table: the table's name, a constant of the caller's.
            count: how many.
            after: keys up to here were reserved before and have not been written yet.
        """
        with self._connection.cursor() as cursor:
            if self._native:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                    (table, count),
                )
                return [row[0] for row in cursor.fetchall()]
            # Elsewhere the caller's write lock keeps everybody else from the table.
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
            highest = max(int(cursor.fetchone()[0]), after)
            return list(range(highest + 1, highest + 1 + count))
