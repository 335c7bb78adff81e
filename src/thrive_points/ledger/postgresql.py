"""The PostgreSQL store: one server-side call opens the account, one writes the decision.

The functions hold no rule and decide nothing; they spare the round trips and let the server
keep its plans. Their source is in `functions_postgresql.sql`, created by a migration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import XP, Standing
from thrive_circles.store import CALL_ADD_XP, PostgreSQLXPStore
from thrive_points.core.event import Event
from thrive_points.ledger.bulk_postgresql import PostgreSQLBulkStore
from thrive_points.ledger.contract import Account, Entry, Existing
from thrive_points.ledger.portable import SQL
from thrive_points.ledger.prepared import PreparedCalls

_APPEND_AND_ADD_XP = f"{SQL['call_append']}, {CALL_ADD_XP.removeprefix('SELECT ')}"


class _Write(NamedTuple):
    """A call that is still to be sent."""

    statement: str
    params: dict[str, Any]


class PostgreSQLStore(PostgreSQLBulkStore):
    """Keeps the ledger by two functions.

    A write is held until something else is asked for, or the transaction ends: the entry goes
    together with its XP, and the last write with the COMMIT.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self._call = PreparedCalls(connection)
        self.xp = _XPWithEntry(self, connection)
        self._next_id = 0
        self._held: _Write | None = None

    @contextmanager
    def transaction(self, *, savepoint: bool = True) -> Iterator[None]:
        connection = self._connection
        # Only where Django is in no transaction is the block's end that of the transaction. A
        # wrapper of the host's may still object when the last write was sent, so nothing is
        # committed with it then.
        alone = connection.get_autocommit() and not connection.execute_wrappers
        with super().transaction(savepoint=savepoint):
            try:
                yield
                self._write_held(commits=alone and not connection.get_rollback())
            finally:
                # What an award that failed has left is gone with its transaction.
                self._held = None

    def open_account(self, user_id: Any, event: Event) -> Account:
        self._write_held()
        row = self._call(SQL["call_open_account"], self.usage_params(user_id, event))
        *account, self._next_id = row
        return self.account(account)

    def append(self, entry: Entry) -> int:
        self._write_held()
        params = {**self.entry_params(entry), "id": self._next_id}
        self._held = _Write(SQL["call_append"], params)
        return self._next_id

    def add_xp(self, params: dict[str, Any]) -> None:
        """Add XP, in one call with the entry it comes from if that is still held."""
        if self._held is not None and self._held.statement is SQL["call_append"]:
            self._held = _Write(_APPEND_AND_ADD_XP, {**self._held.params, **params})
        else:
            self._write_held()
            self._held = _Write(CALL_ADD_XP, params)

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        self._write_held()
        return super().find(user_id, event_key)

    def active_days(
        self, user_id: Any, activity_type: str | None, before: date = date.max
    ) -> Iterator[date]:
        self._write_held()
        return super().active_days(user_id, activity_type, before)

    def _write_held(self, *, commits: bool = False) -> None:
        held, self._held = self._held, None
        if held is not None:
            self._call(*held, commits=commits)


class _XPWithEntry(PostgreSQLXPStore):
    """Writes XP in the same call as the entry it comes from."""

    def __init__(self, store: PostgreSQLStore, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self._store = store

    def add_xp(self, xp: XP, standing: Standing) -> None:
        self._store.add_xp(self.params(xp, standing))
