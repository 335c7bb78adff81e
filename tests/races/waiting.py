"""Wait for a thread until it ends or waits for this one's locks, however long that takes."""

import threading
import time
from typing import Any

from django.db import connection

PATIENCE = 30
"""Seconds after which a thread that neither ends nor waits for a lock is given up on."""
_WAITED_FOR = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
    )
"""


def ends_or_waits(thread: threading.Thread, holder: Any = connection) -> str:
    """Return "ends", or "waits" as soon as somebody waits for a lock of a connection.

    Args:
        thread: may end instead.
        holder: Django's connection that holds the lock, this thread's own by default.

    Raises:
        AssertionError: the thread did neither in time.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        thread.join(0.01)
        if not thread.is_alive():
            return "ends"
        with holder.cursor() as cursor:
            cursor.execute(_WAITED_FOR)
            if cursor.fetchone() == (True,):
                return "waits"
    raise AssertionError(f"after {PATIENCE} s the thread neither ended nor waited for a lock")
