"""The PostgreSQL store: one server-side call opens the account, one appends the decision.

The functions hold no rule and decide nothing; they spare the round trips and let the server
keep its plans. Their source is in `functions_postgresql.sql`, created by a migration.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.store import PostgreSQLXPStore
from thrive_points.core.types import Event
from thrive_points.store.bulk import PortableBulkStore
from thrive_points.store.contract import Account, Entry
from thrive_points.store.portable import SQL


class PostgreSQLStore(PortableBulkStore):
    """Keeps the ledger by two functions."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        super().__init__(connection)
        self.xp = PostgreSQLXPStore(connection)

    def open_account(self, user_id: Any, event: Event) -> Account:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["call_open_account"], self.usage_params(user_id, event))
            return self.account(cursor.fetchone())

    def append(self, entry: Entry) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["call_append"], self.entry_params(entry))
            return int(cursor.fetchone()[0])
