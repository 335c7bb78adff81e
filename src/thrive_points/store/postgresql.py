"""The PostgreSQL store: one server-side call opens the account, one writes the decision.

The functions hold no rule and decide nothing; they spare the round trips and let the server
keep its plans. Their source is in `functions_postgresql.sql`, created by a migration.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.models import XPEvent
from thrive_circles.standing import Standing
from thrive_circles.store import CALL_ADD_XP, PostgreSQLXPStore
from thrive_points.core.types import Event
from thrive_points.dialect import calling_cursor
from thrive_points.store.bulk_postgresql import PostgreSQLBulkStore
from thrive_points.store.contract import Account, Entry
from thrive_points.store.portable import SQL

_APPEND_AND_ADD_XP = f"{SQL['call_append']}, {CALL_ADD_XP.removeprefix('SELECT ')}"


class PostgreSQLStore(PostgreSQLBulkStore):
    """Keeps the ledger by two functions."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.xp = _XPWithEntry(self, connection)
        self._next_id = 0
        self._held: dict[str, Any] | None = None

    def open_account(self, user_id: Any, event: Event) -> Account:
        with calling_cursor(self._connection) as cursor:
            cursor.execute(SQL["call_open_account"], self.usage_params(user_id, event))
            *account, self._next_id = cursor.fetchone()
        return self.account(account)

    def append(self, entry: Entry) -> int:
        """Append an entry; one that pays is held until its XP comes, and goes with it."""
        params = {**self.entry_params(entry), "id": self._next_id}
        if entry.points:
            self._held = params
        else:
            self._call(SQL["call_append"], params)
        return self._next_id

    def active_days(self, user_id: Any, activity_type: str | None) -> Iterator[date]:
        if params := self.release():
            self._call(SQL["call_append"], params)
        return super().active_days(user_id, activity_type)

    def release(self) -> dict[str, Any] | None:
        """Return the entry that is held, if any, to be written by the caller."""
        held, self._held = self._held, None
        return held

    def _call(self, statement: str, params: dict[str, Any]) -> None:
        with calling_cursor(self._connection) as cursor:
            cursor.execute(statement, params)


class _XPWithEntry(PostgreSQLXPStore):
    """Writes XP in the same call as the entry it comes from."""

    def __init__(self, store: PostgreSQLStore, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self._store = store

    def add_xp(self, event: XPEvent, standing: Standing) -> int:
        entry = self._store.release()
        if entry is None:
            return super().add_xp(event, standing)
        with calling_cursor(self._connection) as cursor:
            cursor.execute(_APPEND_AND_ADD_XP, {**entry, **self.params(event, standing)})
            return int(cursor.fetchone()[1])
