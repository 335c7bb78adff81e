"""What named SQL must know of the database it speaks to: its values, going in and coming out."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache, lru_cache
from sys import maxsize
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from thrive_points.conf import points_settings

_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def writing_connection(model: type[Model]) -> BaseDatabaseWrapper:
    """Return the connection that a model's rows are written by."""
    return connections[router.db_for_write(model)]


def speaks_postgresql(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the PostgreSQL store serves a connection; it needs psycopg 3."""
    choice = points_settings().store
    if choice != "auto":
        return choice == "postgresql"
    if connection.vendor != "postgresql":
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return bool(is_psycopg3)


def calling_cursor(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """Return a cursor for calls of server-side functions.

    It keeps each call prepared on the server, which Django's own cursors do not. In all else it
    is Django's: errors and execute wrappers work as ever. While queries are logged it is
    Django's own, which logs them with their values. A host behind a pooler that hands one
    client's transactions to several servers sets DISABLE_SERVER_SIDE_CURSORS, as Django asks,
    and nothing is kept there either.
    """
    if connection.queries_logged or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
        return connection.cursor()
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        # None, Django's default, forbids preparing; this allows it, for those who ask only.
        raw.prepare_threshold = maxsize
    return connection.make_cursor(_prepared_cursor()(raw))


@cache
def _prepared_cursor() -> Any:
    import psycopg

    class PreparedCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True)

    return PreparedCursor


def array_of(values: Iterable[Any]) -> str:
    """Return values as the text of a PostgreSQL array, for a parameter that is cast to one.

    psycopg adapts lists too, but in several times the time, which a batch would feel.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


@contextmanager
def copying(connection: BaseDatabaseWrapper, statement: str) -> Iterator[Any]:
    """Yield psycopg's writer of a COPY ... FROM STDIN; an error is raised as Django's."""
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        yield copy


class Dialect:
    """Turns values into what a connection's driver takes, and back."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._native = connection.vendor == "postgresql"
        # A batch has few different instants, and Django takes its time for each.
        self._adapted = lru_cache(maxsize=256)(connection.ops.adapt_datetimefield_value)
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
        return self._adapted(value)

    def instant_out(self, value: Any) -> datetime | None:
        """Return an aware instant read back."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime) and value.tzinfo is None:
            # Without time zone support in the database, the connection says which zone is meant.
            return value.replace(tzinfo=self._connection.timezone)
        return value  # type: ignore[no-any-return]

    def user_type(self) -> str:
        """Return the column type of a user's primary key."""
        return str(self._user_pk.rel_db_type(self._connection))

    def json(self, value: Any) -> str:
        """Return a JSON value as a parameter."""
        return _encode(value)

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
                    "SELECT nextval(name) FROM pg_get_serial_sequence(%s, 'id') AS name, "
                    "generate_series(1, %s)",
                    (table, count),
                )
                return [row[0] for row in cursor.fetchall()]
            # Elsewhere the caller's write lock keeps everybody else from the table.
            cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
            highest = max(int(cursor.fetchone()[0]), after)
            return list(range(highest + 1, highest + 1 + count))
