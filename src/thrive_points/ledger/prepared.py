"""Calls of server-side functions, kept prepared on the server and ready on the client."""

import re
from collections.abc import Mapping
from sys import maxsize
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

_PARAMETER = re.compile(r"%\((\w+)\)s")


class _Kept(NamedTuple):
    cursor: CursorWrapper
    statement: str
    names: tuple[str, ...]


class PreparedCalls:
    """Executes statements that answer one row, again and again over one connection.

    The server keeps each one prepared, which it does not for Django's own cursors, and each
    keeps its cursor. In all else these cursors are Django's: errors and execute wrappers work
    as ever.

    While queries are logged Django's own cursor is used, which logs them with their values. A
    host behind a pooler that hands one client's transactions to several servers sets
    DISABLE_SERVER_SIDE_CURSORS, as Django asks, and nothing is kept there either; nor where the
    host has left UTF-8, since what is kept remembers how text was encoded.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._raw: Any = None
        self._calls: dict[str, _Kept] = {}

    def __call__(
        self, statement: str, params: Mapping[str, Any], *, commits: bool = False
    ) -> tuple[Any, ...]:
        """Execute a statement and return its row.

        Args:
            statement: always the same string object, by which its cursor is found. Its
                parameters go to a function, whose own types say what their text means.
            params: by the names it has in the statement.
            commits: nothing else comes before Django commits, so the server may do so at once;
                Django then finds no transaction open and has nothing left to ask.
        """
        connection = self._connection
        if connection.connection is None:
            connection.ensure_connection()
        raw: Any = connection.connection
        if (
            connection.queries_logged
            or connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
            or raw.pgconn.parameter_status(b"client_encoding") != b"UTF8"
        ):
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
                return cursor.fetchone()  # type: ignore[no-any-return]
        if raw is not self._raw:
            self._begin_anew(raw)
        cursor, numbered, names = self._calls.get(statement) or self._keep(statement)
        cursor.cursor.commits = commits
        cursor.execute(numbered, [params[name] for name in names])
        return cursor.cursor.fetchone()  # type: ignore[no-any-return]

    def _begin_anew(self, raw: Any) -> None:
        self._raw, self._calls = raw, {}
        if raw.prepare_threshold is None:
            # None, Django's default, forbids preparing; this allows it, for those who ask only.
            raw.prepare_threshold = maxsize

    def _keep(self, statement: str) -> _Kept:
        from thrive_points.ledger.prepared_cursor import PreparedCursor

        names = tuple(dict.fromkeys(_PARAMETER.findall(statement)))
        numbered = _PARAMETER.sub(lambda found: f"${names.index(found[1]) + 1}", statement)
        # The stubs take a raw cursor for one that Django has wrapped already.
        cursor = self._connection.make_cursor(PreparedCursor(self._raw))  # type: ignore[arg-type]
        kept = self._calls[statement] = _Kept(cursor, numbered, names)
        return kept
