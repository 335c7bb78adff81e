"""The ledger and the books derived from it, read and written for many users at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.core.event import Outcome
from thrive_points.rules.current import ADJUSTMENT
from thrive_points.sql.dialect import Dialect, array_of
from thrive_points.sql.named import load

USERS_AT_ONCE = 1_000
ROWS_AT_ONCE = 2_000

_PAYING = ", ".join(f"'{outcome.value}'" for outcome in Outcome if outcome.pays)

# What an entry does to its daily total, as Entry.of_decision and post_reversal define it.
_BITS = {
    "{awards}": (
        f"CASE WHEN outcome IN ({_PAYING}) THEN 1 WHEN outcome = '{Outcome.REVERSED.value}' "
        f"AND points < 0 AND activity_type <> '{ADJUSTMENT}' THEN -1 ELSE 0 END"
    ),
    "{capped}": f"CASE WHEN outcome = '{Outcome.CAPPED.value}' THEN 1 ELSE 0 END",
    "{awarded_at}": f"CASE WHEN outcome IN ({_PAYING}) THEN occurred_at END",
}


class Books:
    """Executes the statements of `books.sql`, each about a limited number of users."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self.dialect = dialect = Dialect(connection)
        self._native = connection.vendor == "postgresql"
        if self._native:
            given = f"unnest(%(users)s::{dialect.user_type()}[]) AS given (user_id)"
        else:
            given = "(SELECT value AS user_id FROM json_each(%(users)s)) AS given"
        # The bounds say nothing new, but tell the planner that a short stretch of an index will
        # do. By the list alone it may read a whole table for every thousand users.
        bounds = "BETWEEN %(first)s AND %(last)s"
        self._placeholders = {
            **_BITS,
            "{among_users}": f"{bounds} AND user_id IN (SELECT given.user_id FROM {given})",
            "{given}": given,
            "{no_streaks}": "'{}'::jsonb" if self._native else "'{}'",
            "{for_update}": "FOR UPDATE" if self._native else "",
        }

    def ranges(self) -> Iterator[list[Any]]:
        """Yield all users that are in any of the books, a limited number at a time, in order."""
        last: Any = None
        while True:
            after = "true" if last is None else "user_id > %(after)s"
            with self._connection.cursor() as cursor:
                cursor.execute(
                    _SQL["users_after"].replace("{after}", after),
                    {"after": last, "limit": USERS_AT_ONCE},
                )
                found = [user for (user,) in cursor.fetchall()]
            if not found:
                return
            last = found[-1]
            yield [self.dialect.user_out(user) for user in found]

    def rows(self, name: str, users: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement about users, without holding all of them in memory."""
        with self._connection.chunked_cursor() as cursor:
            cursor.execute(self._statement(name), self._params(users))
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows

    def run(self, name: str, users: Sequence[Any]) -> None:
        """Execute a statement about users, if there are any."""
        if users:
            with self._connection.cursor() as cursor:
                cursor.execute(self._statement(name), self._params(users))

    def _statement(self, name: str) -> str:
        statement = _SQL[name]
        for placeholder, text in self._placeholders.items():
            statement = statement.replace(placeholder, text)
        return statement

    def _params(self, users: Sequence[Any]) -> dict[str, Any]:
        keys = [self.dialect.user(user_id) for user_id in users]
        return {
            "users": array_of(keys) if self._native else self.dialect.json(keys),
            "first": keys[0],
            "last": keys[-1],
        }


_SQL = load("thrive_points.sql", "books.sql")
