"""Signals, sent after the transaction has committed, but for `news_written`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.dispatch import Signal

points_recorded = Signal()
"""Sent once for every entry appended to the ledger, refusals included.

Receivers get `user`, the user object, and `result`, the AwardResult, with the entry's day and
instants. A receiver that raises is logged and stops neither the others nor the request. This is
the place to hang a webhook or a notification on.
"""

level_changed = Signal()
"""Sent once for every call that lifted or lowered a member's level.

Receivers get `user`, `before` and `after`, the levels, and `result`, the AwardResult of the call.
"""

news_written = Signal()
"""Sent within a transaction by apps above the ledger, for what is no entry: a circle was formed.

Receivers get `kind` and `items`, a list of (subject, data) pairs, and may write what commits with
it or not at all. One that raises ends the transaction.
"""

_silent: ContextVar[bool] = ContextVar("thrive_points_silent", default=False)


@contextmanager
def silenced() -> Iterator[None]:
    """Record without signals, for a block: an import of the past is no news.

    What is recorded within is never announced, whenever its transaction commits.
    """
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Return whether what is recorded now is not to be announced."""
    return _silent.get()
