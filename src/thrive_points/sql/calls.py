"""Statements that answer one value, sent by Django's cursor in the shortest way it allows.

psycopg's own way to execute costs an award more processor time than its decision does: it sends
BEGIN as a question of its own, and binds each value in Python. Where nobody would notice, the
statement goes through libpq's functions (`psycopg.pq`), on the connection of a cursor that Django
has just opened, with BEGIN in the same message. It is never prepared or named, so poolers do not
mind. Wherever the host looks on (a backend, cursor class, wrapper or tracer of its own, logged
queries) the statement is Django's to execute.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper


def ask(connection: BaseDatabaseWrapper, statement: str, params: Sequence[Any]) -> Any:
    """Execute a statement and return its one value, as text where it is JSON.

    Args:
        connection: of PostgreSQL.
        statement: with %s for each parameter, which goes to a function whose types say what
            its text means.
        params: text, numbers, dates, instants or None.
    """
    with connection.cursor() as cursor:
        server = _libpq_of(connection, cursor)
        if server is None:
            cursor.execute(statement, params)
            return cursor.fetchone()[0]
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            return _exchange(cursor.connection, server, _numbered(statement), params)


def _libpq_of(connection: BaseDatabaseWrapper, cursor: Any) -> Any:
    """Return the connection's PGconn where it may be used directly, else None."""
    if (
        type(connection).__module__ != "django.db.backends.postgresql.base"
        or type(cursor) is not CursorWrapper
        or not type(cursor.cursor).__module__.startswith("django.")
        or connection.execute_wrappers
        or connection.queries_logged
        or _patched()
    ):
        return None
    raw = cursor.connection
    server = raw.pgconn
    if (
        raw.isolation_level is not None
        or raw.read_only is not None
        or raw.deferrable is not None
        or server.pipeline_status
        or server.parameter_status(b"client_encoding") != b"UTF8"
    ):
        return None
    return server


@cache
def _pipelines() -> bool:
    import psycopg

    return psycopg.Pipeline.is_supported()


def _patched() -> bool:
    """Tell whether somebody, such as a tracer, has taken the place of Django's `execute`."""
    execute = CursorWrapper.execute
    return execute.__module__ != "django.db.backends.utils" or hasattr(execute, "__wrapped__")


@cache
def _numbered(statement: str) -> bytes:
    numbers = count(1)
    return re.sub("%s", lambda _: f"${next(numbers)}", statement).encode()


def _exchange(raw: Any, server: Any, statement: bytes, params: Sequence[Any]) -> str | None:
    """Send a statement, with BEGIN before it where the transaction has not begun."""
    from psycopg import errors, generators, pq

    values = [None if value is None else str(value).encode() for value in params]
    begins = server.transaction_status == pq.TransactionStatus.IDLE and not raw.autocommit
    try:
        with raw.lock:
            if begins:
                server.enter_pipeline_mode()
                server.send_query_params(b"BEGIN", None)
                server.send_query_params(statement, values)
                server.pipeline_sync()
                begun = raw.wait(generators.execute(server))
                results = raw.wait(generators.fetch_many(server))
                raw.wait(generators.fetch_many(server))
                server.exit_pipeline_mode()
                results = [*begun, *results]
            else:
                server.send_query_params(statement, values)
                results = raw.wait(generators.execute(server))
    except BaseException:
        # Interrupted between question and answer: whose would be the next one to arrive?
        server.finish()
        raise
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(result)
    value = results[-1].get_value(0, 0)
    return None if value is None else value.decode()
