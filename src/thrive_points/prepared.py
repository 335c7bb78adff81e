"""Calls of server-side functions, kept prepared on the server and ready on the client."""

from collections.abc import Mapping
from functools import cache
from sys import maxsize
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


class PreparedCalls:
    """Executes statements that answer one row, again and again over one connection.

    The server keeps each one prepared, which it does not for Django's own cursors, and each
    keeps its cursor: a driver finds out anew for every cursor how values are to be adapted. In
    all else these cursors are Django's: errors and execute wrappers work as ever.

    While queries are logged Django's own cursor is used, which logs them with their values. A
    host behind a pooler that hands one client's transactions to several servers sets
    DISABLE_SERVER_SIDE_CURSORS, as Django asks, and nothing is kept there either.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._raw: Any = None
        self._cursors: dict[str, CursorWrapper] = {}

    def __call__(self, statement: str, params: Mapping[str, Any]) -> tuple[Any, ...]:
        """Execute a statement and return its row.

        Args:
            statement: always the same string object, by which its cursor is found.
            params: by the names it has in the statement.
        """
        connection = self._connection
        if connection.queries_logged or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
                return cursor.fetchone()  # type: ignore[no-any-return]
        connection.ensure_connection()
        if connection.connection is not self._raw:
            self._begin_anew(connection.connection)
        kept = self._cursors.get(statement)
        if kept is None:
            kept = connection.make_cursor(_prepared_cursor()(self._raw))
            self._cursors[statement] = kept
        kept.execute(statement, params)
        return kept.fetchone()  # type: ignore[no-any-return]

    def _begin_anew(self, raw: Any) -> None:
        self._raw, self._cursors = raw, {}
        if raw.prepare_threshold is None:
            # None, Django's default, forbids preparing; this allows it, for those who ask only.
            raw.prepare_threshold = maxsize


@cache
def _prepared_cursor() -> Any:
    import psycopg

    class PreparedCursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            return super().execute(query, params, prepare=True)

    return PreparedCursor
