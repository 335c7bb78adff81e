"""How XP is written: one call on PostgreSQL, two statements anywhere else."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.models import XPEvent
from thrive_circles.standing import Standing, streaks_to_json
from thrive_points.dialect import Dialect, array_of, calling_cursor, copying, speaks_postgresql
from thrive_points.named_sql import load

_SQL = load("thrive_circles.sql", "statements.sql")
CALL_ADD_XP = _SQL["call_add_xp"]


class XPStore(Protocol):
    """Writes a member's new standing and one XP event."""

    def add_xp(self, event: XPEvent, standing: Standing) -> int | None:
        """Write both and return the event's primary key, None if it is written later."""
        ...


class BulkXPStore(XPStore, Protocol):
    """Writes many members at once."""

    def row_of(self, event: XPEvent) -> tuple[Any, ...]:
        """Return an XP event as the row `add_many` takes."""
        ...

    def add_many(
        self, rows: Sequence[tuple[Any, ...]], standings: Sequence[tuple[Any, Standing]]
    ) -> None:
        """Write XP events and the standings their users end at."""
        ...


class PortableXPStore:
    """Plain statements that every supported database understands."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._dialect = Dialect(connection)

    def add_xp(self, event: XPEvent, standing: Standing) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(_SQL["write_standing"], self._standing(event.user_id, standing))
            cursor.execute(_SQL["append_event"], self._event(event))
            return int(cursor.fetchone()[0])

    def row_of(self, event: XPEvent) -> tuple[Any, ...]:
        return tuple(self._event(event).values())

    def add_many(
        self, rows: Sequence[tuple[Any, ...]], standings: Sequence[tuple[Any, Standing]]
    ) -> None:
        with self._connection.cursor() as cursor:
            # Django reads named parameters off the first row, so there must be one.
            if standings:
                cursor.executemany(
                    _SQL["write_standing"], [self._standing(*row) for row in standings]
                )
            cursor.executemany(_SQL["insert_event"], rows)

    def _standing(self, user_id: Any, standing: Standing) -> dict[str, Any]:
        return {
            "user": self._dialect.user(user_id),
            "total_xp": standing.total_xp,
            "week": self._dialect.day(standing.week),
            "week_xp": standing.week_xp,
            "level": standing.level,
            "streaks": self._dialect.json(streaks_to_json(standing.streaks)),
        }

    def _event(self, event: XPEvent) -> dict[str, Any]:
        return {
            "user": self._dialect.user(event.user_id),
            "amount": event.amount,
            "source": event.source,
            "xp_description": event.description,
            "created_at": self._dialect.instant(event.created_at),
        }


class PostgreSQLXPStore(PortableXPStore):
    """One server-side function, whose statements the server plans once per connection."""

    def add_xp(self, event: XPEvent, standing: Standing) -> int:
        with calling_cursor(self._connection) as cursor:
            cursor.execute(CALL_ADD_XP, self.params(event, standing))
            return int(cursor.fetchone()[0])

    def params(self, event: XPEvent, standing: Standing) -> dict[str, Any]:
        """Return the parameters of `CALL_ADD_XP`."""
        return {**self._standing(event.user_id, standing), **self._event(event)}

    def add_many(
        self, rows: Sequence[tuple[Any, ...]], standings: Sequence[tuple[Any, Standing]]
    ) -> None:
        if standings:
            params = [self._standing(*row) for row in standings]
            with self._connection.cursor() as cursor:
                cursor.execute(
                    _SQL["write_standings"].replace("{user_type}", self._dialect.user_type()),
                    {name: array_of(one[name] for one in params) for name in params[0]},
                )
        if rows:
            with copying(self._connection, _SQL["copy_events"]) as copy:
                for row in rows:
                    copy.write_row(row)


def xp_store_for(connection: BaseDatabaseWrapper) -> BulkXPStore:
    """Return the XP store that serves a connection."""
    return (PostgreSQLXPStore if speaks_postgresql(connection) else PortableXPStore)(connection)
