"""What a PostgreSQL connection really sends, told by libpq itself."""

import contextlib
import re
import tempfile
from collections.abc import Iterator
from typing import Any

# One message a line: when, by whom (F is the client), its length, its kind, and what it holds.
# Text is written as it is, so a message may go over several lines.
_MESSAGE = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:.]+\tF\t\d+\t(\w+)\t?(.*?)(?=^\d{4}-\d\d-\d\d [\d:.]+\t[FB]\t|\Z)",
    re.DOTALL | re.MULTILINE,
)
_QUOTED = re.compile(r'"([^"]*)"')
# What the driver sends of its own to frame a transaction, and no cursor is asked to.
_FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "START TRANSACTION", "DEALLOCATE")


@contextlib.contextmanager
def sent_statements(connection: Any) -> Iterator[list[str]]:
    """Yield a list that holds, after the block, each statement that was sent to be executed.

    A statement that was prepared before the block is told by its name there. BEGIN, COMMIT and
    the like are left out, but savepoints are not.

    Args:
        connection: Django's; it is connected and stays so.
    """
    connection.ensure_connection()
    raw = connection.connection
    statements: list[str] = []
    with tempfile.TemporaryFile("w+") as trace:
        raw.pgconn.trace(trace.fileno())
        try:
            yield statements
        finally:
            if not raw.closed:
                raw.pgconn.untrace()
        trace.seek(0)
        told = trace.read()
    prepared: dict[str, str] = {}
    for kind, held in _MESSAGE.findall(told):
        texts = _QUOTED.findall(held)
        if kind == "Query":
            statements.append(held.strip().strip('"'))
        elif kind == "Parse":
            prepared[texts[0]] = held.partition('" "')[2].rpartition('"')[0]
        elif kind == "Bind":
            statements.append(prepared.get(texts[1], texts[1]))
    statements[:] = [text for text in statements if not text.lstrip().upper().startswith(_FRAME)]
