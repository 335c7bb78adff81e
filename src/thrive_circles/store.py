"""How XP is written: two statements, or on PostgreSQL one call that the entry's own joins."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import XP, Standing, streaks_to_json
from thrive_points.sql.dialect import Dialect, array_of, speaks_postgresql
from thrive_points.sql.named import load

_SQL = load("thrive_circles.sql", "statements.sql")
CALL_ADD_XP = _SQL["call_add_xp"]


class XPStore(Protocol):
    """Writes a member's new standing and one XP event."""

    def add_xp(self, xp: XP, standing: Standing) -> None:
        """Write both, now or with what else is gathered."""
        ...


class BulkXPStore(XPStore, Protocol):
    """Writes many members at once."""

    def add_many(self, xp: Sequence[XP], standings: Sequence[tuple[Any, Standing]]) -> None:
        """Write XP events and the standings their users end at."""
        ...


class PortableXPStore:
    """Plain statements that every supported database understands."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._dialect = Dialect(connection)

    def add_xp(self, xp: XP, standing: Standing) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(_SQL["write_standing"], self._standing(xp.user_id, standing))
            cursor.execute(_SQL["insert_event"], self._row(xp))

    def _row(self, xp: XP) -> tuple[Any, ...]:
        dialect = self._dialect
        return (
            dialect.user(xp.user_id),
            xp.amount,
            xp.source,
            xp.description,
            dialect.instant(xp.created_at),
        )

    def add_many(self, xp: Sequence[XP], standings: Sequence[tuple[Any, Standing]]) -> None:
        with self._connection.cursor() as cursor:
            # Django reads named parameters off the first row, so there must be one.
            if standings:
                cursor.executemany(
                    _SQL["write_standing"], [self._standing(*row) for row in standings]
                )
            cursor.executemany(_SQL["insert_event"], [self._row(one) for one in xp])

    def _standing(self, user_id: Any, standing: Standing) -> dict[str, Any]:
        return {
            "user": self._dialect.user(user_id),
            "total_xp": standing.total_xp,
            "week": self._dialect.day(standing.week),
            "week_xp": standing.week_xp,
            "level": standing.level,
            "streaks": self._dialect.json(streaks_to_json(standing.streaks)),
        }


class PostgreSQLXPStore(PortableXPStore):
    """One array for each column for many; one XP event goes with its entry's call."""

    def params(self, xp: XP, standing: Standing) -> dict[str, Any]:
        """Return the parameters of `CALL_ADD_XP`."""
        return {
            **self._standing(xp.user_id, standing),
            "amount": xp.amount,
            "source": xp.source,
            "xp_description": xp.description,
            "created_at": self._dialect.instant(xp.created_at),
        }

    def add_many(self, xp: Sequence[XP], standings: Sequence[tuple[Any, Standing]]) -> None:
        with self._connection.cursor() as cursor:
            for statement, params in self.statements(xp, standings):
                cursor.execute(statement, params)

    def statements(
        self, xp: Sequence[XP], standings: Sequence[tuple[Any, Standing]]
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the statements of `add_many`, each with its rows as one array for each column."""
        if standings:
            params = [self._standing(*row) for row in standings]
            rows = zip(*(one.values() for one in params), strict=True)
            yield self._by_columns("write_standings", dict(zip(params[0], rows, strict=True)))
        if xp:
            users, *rest = zip(*xp, strict=True)
            columns = dict(zip(XP._fields[1:], rest, strict=True))
            columns["user"] = tuple(map(self._dialect.user, users))
            yield self._by_columns("append_events", columns)

    def _by_columns(
        self, name: str, columns: Mapping[str, Sequence[Any]]
    ) -> tuple[str, dict[str, str]]:
        return (
            _SQL[name].replace("{user_type}", self._dialect.user_type()),
            {column: array_of(values) for column, values in columns.items()},
        )


def xp_store_for(connection: BaseDatabaseWrapper) -> BulkXPStore:
    """Return the XP store that serves a connection."""
    return (PostgreSQLXPStore if speaks_postgresql(connection) else PortableXPStore)(connection)
