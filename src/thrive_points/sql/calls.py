"""Calls of a function that answers one value, sent in the shortest way that a cursor allows.

psycopg's own way to execute costs an award more processor time than its decision does: it sends
BEGIN as a question of its own, and binds each value in Python. Where nobody would notice, a call
goes through libpq's functions (`psycopg.pq`), on the connection of the cursor that Django has just
opened, with BEGIN in the same message. It is never prepared or named, so poolers do not mind.
Wherever the host looks on (a backend, cursor class, wrapper or tracer of its own, logged queries)
the statement is Django's to execute.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


class Calls:
    """The calls of one transaction on PostgreSQL."""

    __slots__ = ("_connection", "_cursor", "_server")

    def __init__(self, connection: BaseDatabaseWrapper, cursor: Any) -> None:
        """Take a cursor that Django opened for the transaction, and see how it may be used."""
        self._connection = connection
        self._cursor = cursor
        self._server = _libpq_of(connection, cursor)

    def __call__(self, statement: str, params: Sequence[Any]) -> Any:
        """Execute a statement and return its one value, as text where it is JSON.

        Args:
            statement: with %s for each parameter, all of which go to the function.
            params: text, numbers, dates, instants or None.
        """
        # Text of no type: the function's own types say what it is.
        texts = [None if value is None else str(value) for value in params]
        if self._server is None:
            self._cursor.execute(statement, texts)
            return self._cursor.fetchone()[0]
        self._connection.validate_no_broken_transaction()
        with self._connection.wrap_database_errors:
            return _exchange(self._cursor.connection, self._server, _numbered(statement), texts)


def _libpq_of(connection: BaseDatabaseWrapper, cursor: Any) -> Any:
    """Return the connection's PGconn where it may be used directly, else None."""
    execute = CursorWrapper.execute
    if (
        type(connection).__module__ != "django.db.backends.postgresql.base"
        or type(cursor) is not CursorWrapper
        or not type(cursor.cursor).__module__.startswith("django.")
        or connection.execute_wrappers
        or connection.queries_logged
        # A tracer may have taken the place of Django's own method.
        or execute.__module__ != "django.db.backends.utils"
        or hasattr(execute, "__wrapped__")
    ):
        return None
    raw = cursor.connection
    server = raw.pgconn
    if (
        # What psycopg says with its BEGIN; ours says nothing.
        raw.isolation_level is not None
        or raw.read_only is not None
        or raw.deferrable is not None
        or server.pipeline_status
        or server.parameter_status(b"client_encoding") != b"UTF8"
        or not _has_pipelines()
    ):
        return None
    return server


@cache
def _has_pipelines() -> bool:
    import psycopg

    return psycopg.Pipeline.is_supported()


@cache
def _numbered(statement: str) -> bytes:
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", statement).encode()


def _exchange(raw: Any, server: Any, statement: bytes, texts: Sequence[str | None]) -> str | None:
    """Send a statement, with BEGIN before it where the transaction has not begun."""
    from psycopg import errors, generators, pq

    values = [None if text is None else text.encode() for text in texts]
    try:
        with raw.lock:
            if server.transaction_status != pq.TransactionStatus.IDLE or raw.autocommit:
                server.send_query_params(statement, values)
                results = raw.wait(generators.execute(server))
            else:
                server.enter_pipeline_mode()
                server.send_query_params(b"BEGIN", None)
                server.send_query_params(statement, values)
                server.pipeline_sync()
                results = raw.wait(_both_answers(server))
                server.exit_pipeline_mode()
    except BaseException:
        # Interrupted between question and answer: whose would be the next one to arrive?
        server.finish()
        raise
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
    value = results[-1].get_value(0, 0)
    return None if value is None else value.decode()


def _both_answers(server: Any) -> Any:
    """Send what is queued; return the results of BEGIN and of what follows, without the sync's."""
    from psycopg import generators

    begun = yield from generators.execute(server)
    answered = yield from generators.fetch_many(server)
    yield from generators.fetch_many(server)
    return [*begun, *answered]
