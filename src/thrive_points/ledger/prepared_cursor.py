"""A cursor of psycopg for one statement that is executed again and again.

psycopg's own way costs an award more processor time than its decision does: every execution
looks at the query and at the type of each value anew, and a transaction's BEGIN and COMMIT are
questions of their own, each of which the server has to answer before the next one is asked.
"""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import generators, pq
from psycopg.abc import PQGen
from psycopg.pq.abc import PGconn, PGresult

_IDLE, _NO_PIPELINE = pq.TransactionStatus.IDLE, pq.PipelineStatus.OFF
_FRAMES = psycopg.Pipeline.is_supported() and hasattr(psycopg.Connection, "_get_tx_start_command")


class PreparedCursor(psycopg.RawCursor[Any]):
    """Sends a statement by the name it is prepared under, BEGIN and COMMIT together with it.

    The names are psycopg's, which knows when it made the server forget them. Where it has none
    for the statement, at first and after a rollback that made it start afresh, the statement
    goes its usual way, and is prepared by it. What begins and commits then is Django.
    """

    commits = False
    """Whether the transaction may end with the next execution."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Execute a statement that has its parameters numbered, $1 and on.

        Args:
            query: always the same one.
            params: its values, which go to the server as text that says nothing of their types.
            options: of psycopg's own execute; this one always prepares.
        """
        connection, server = self._conn, self._pgconn
        # A cursor's first execution goes its usual way too, which makes the cursor ready.
        name = self._name_of(query, len(params)) if self.pgresult else None
        begins = not connection.autocommit and server.transaction_status == _IDLE
        framed = begins or self.commits
        texts = [None if value is None else str(value) for value in params]
        if name is None or server.pipeline_status != _NO_PIPELINE or (framed and not _FRAMES):
            return super().execute(query, texts, prepare=True)
        values = [None if text is None else text.encode() for text in texts]
        try:
            with connection.lock:
                if framed:
                    results = self._send_framed(name, values, begins=begins)
                else:
                    server.send_query_prepared(name, values)
                    results = connection.wait(generators.execute(server))
            self._check_results(results)
        except psycopg.errors.InvalidSqlStatementName:
            # The server was made to forget it in a way that psycopg did not see.
            connection._prepared.clear()
            if not begins:
                raise
            connection.rollback()
            return super().execute(query, texts, prepare=True)
        # Columns and their types are those of the execution before; only the values are new.
        self._results[:], self.pgresult, self._pos = results, results[0], 0
        self._tx.set_pgresult(results[0], set_loaders=False)
        return self

    def _name_of(self, query: str, values: int) -> bytes | None:
        try:
            # Text has no type, so there is one key whatever the values.
            return self._conn._prepared._names.get((query.encode(), (0,) * values))
        except AttributeError:  # a psycopg that keeps them elsewhere
            return None

    def _send_framed(
        self, name: bytes, values: Sequence[bytes | None], *, begins: bool
    ) -> list[PGresult]:
        """Send a statement with what begins or ends its transaction; return its own results."""
        connection, server = self._conn, self._pgconn
        try:
            server.enter_pipeline_mode()
            if begins:
                server.send_query_params(connection._get_tx_start_command(), None)
            server.send_query_prepared(name, values)
            if self.commits:
                server.send_query_params(b"COMMIT", None)
            server.pipeline_sync()
            answers = connection.wait(_answers(server, 1 + begins + self.commits))
            server.exit_pipeline_mode()
        except BaseException:
            # Interrupted between question and answer: whose would be the next one to arrive?
            server.finish()
            raise
        # In their order: what follows an error was not even tried.
        for results in answers:
            self._check_results(results)
        return answers[begins]


def _answers(server: PGconn, questions: int) -> PQGen[list[list[PGresult]]]:
    """Send what is queued, and return the results of each question before the Sync."""
    answers = [(yield from generators.execute(server))]
    for _ in range(questions - 1):
        answers.append((yield from generators.fetch_many(server)))
    yield from generators.fetch_many(server)
    return answers
