"""The PostgreSQL store: one server-side call opens the account, one writes the decision.

The functions hold no rule and decide nothing; they spare the round trips and let the server
keep its plans. Their source is in `functions_postgresql.sql`, created by a migration.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import XP, Standing
from thrive_circles.store import CALL_ADD_XP, PostgreSQLXPStore
from thrive_points.core.types import Event
from thrive_points.prepared import PreparedCalls
from thrive_points.store.bulk_postgresql import PostgreSQLBulkStore
from thrive_points.store.contract import Account, Entry
from thrive_points.store.portable import SQL

_APPEND_AND_ADD_XP = f"{SQL['call_append']}, {CALL_ADD_XP.removeprefix('SELECT ')}"


class PostgreSQLStore(PostgreSQLBulkStore):
    """Keeps the ledger by two functions."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.call = PreparedCalls(connection)
        self.xp = _XPWithEntry(self, connection)
        self._next_id = 0
        self._held: dict[str, Any] | None = None

    def open_account(self, user_id: Any, event: Event) -> Account:
        # What an award that failed may have left is gone with its transaction.
        self._held = None
        row = self.call(SQL["call_open_account"], self.usage_params(user_id, event))
        *account, self._next_id = row
        return self.account(account)

    def append(self, entry: Entry) -> int:
        """Append an entry; one that pays is held until its XP comes, and goes with it."""
        params = {**self.entry_params(entry), "id": self._next_id}
        if entry.points:
            self._held = params
        else:
            self.call(SQL["call_append"], params)
        return self._next_id

    def active_days(
        self, user_id: Any, activity_type: str | None, before: date = date.max
    ) -> Iterator[date]:
        if params := self.release():
            self.call(SQL["call_append"], params)
        return super().active_days(user_id, activity_type, before)

    def release(self) -> dict[str, Any] | None:
        """Return the entry that is held, if any, to be written by the caller."""
        held, self._held = self._held, None
        return held


class _XPWithEntry(PostgreSQLXPStore):
    """Writes XP in the same call as the entry it comes from."""

    def __init__(self, store: PostgreSQLStore, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self._store = store

    def add_xp(self, xp: XP, standing: Standing) -> None:
        entry = self._store.release()
        if entry is None:
            super().add_xp(xp, standing)
        else:
            self._store.call(_APPEND_AND_ADD_XP, {**entry, **self.params(xp, standing)})
