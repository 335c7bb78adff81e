"""What named SQL must know of the database it speaks to: its values, going in and coming out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from thrive_points.conf import points_settings

encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
"""Returns the JSON text of a value, as the ledger keeps it."""

_decode = json.JSONDecoder().decode

text_of = lru_cache(maxsize=1024)(str)
"""Returns the text of a date or an instant, of which a batch has few different ones."""

# Decisions under one rule differ little: this spares most of them the encoder.
_encode_steps = lru_cache(maxsize=1024)(encode)


class Encoded(dict[str, Any]):
    """A JSON object beside its text, for one that was encoded once already."""

    __slots__ = ("text",)

    def __init__(self, value: Mapping[str, Any], text: str) -> None:
        super().__init__(value)
        self.text = text


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


def array_of(values: Iterable[Any]) -> str:
    """Return values as the text of a PostgreSQL array, for a parameter that is cast to one.

    psycopg adapts lists too, but in several times the time, which a batch would feel.
    """
    values = list(values)
    if set(map(type, values)) == {int}:
        return "{" + str(values)[1:-1] + "}"
    different = set(values)
    if 2 * len(different) > len(values):
        return "{" + ",".join(map(_element, values)) + "}"
    # Most columns of a batch say the same again and again.
    texts = {value: _element(value) for value in different}
    return "{" + ",".join(map(texts.__getitem__, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if not isinstance(value, str):
        return '"' + text_of(value) + '"'
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


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
        return value.text if isinstance(value, Encoded) else encode(value)

    def steps(self, arithmetic: tuple[tuple[Any, ...], ...]) -> str:
        """Return the steps of a decision as a parameter."""
        return _encode_steps(arithmetic)

    def json_out(self, value: Any) -> Any:
        """Return a JSON value read back: raw SQL gets text from either driver."""
        return _decode(value) if isinstance(value, str) else value

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
