"""What raw SQL must know of a database: where it is written, and values going in and out."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model


def writing_connection(model: type[Model]) -> BaseDatabaseWrapper:
    """Return the connection that a model's rows are written by."""
    return connections[router.db_for_write(model)]


def array_of(values: Sequence[Any]) -> str:
    """Return values as the text of a PostgreSQL array, for a parameter that is one.

    psycopg adapts lists too, but in several times the time, which a batch would feel.
    """
    if len(values) == 1:
        return "{" + _element(values[0]) + "}"
    if set(map(type, values)) == {int}:
        return "{" + str(list(values))[1:-1] + "}"
    different = set(values)
    if 2 * len(different) > len(values):
        return "{" + ",".join(map(_element, values)) + "}"
    # Most columns of a batch say the same again and again.
    texts = {value: _element(value) for value in different}
    return "{" + ",".join(map(texts.__getitem__, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    text = value if type(value) is str else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Values:
    """Turns values into what a connection's driver takes in raw SQL, and back.

    PostgreSQL's driver takes and gives them as they are; SQLite keeps text.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._native = connection.vendor == "postgresql"
        self._user_pk = get_user_model()._meta.pk

    def user(self, user_id: Any) -> Any:
        """Return a member's key as a parameter; None stays None."""
        if user_id is None or isinstance(user_id, int):
            return user_id
        return self._user_pk.get_db_prep_value(user_id, self._connection)

    def user_out(self, value: Any) -> Any:
        """Return a member's key as Django has it."""
        return value if value is None or type(value) is int else self._user_pk.to_python(value)

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
            # Without time zone support in the database, the connection says which zone is meant.
            return value.replace(tzinfo=self._connection.timezone)
        return value  # type: ignore[no-any-return]
