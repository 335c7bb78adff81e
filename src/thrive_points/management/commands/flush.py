"""Django's flush, which has to ask before it empties a ledger that is never emptied."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.db import connections

from thrive_points import testing
from thrive_points.sql.named import LEDGER


class Command(Flush):
    """Empties every table of a test database, and refuses to where a ledger is kept for good."""

    def handle(self, **options: Any) -> None:
        """Flush, with the guards of ledger and rules lifted if this is a test run."""
        connection = connections[options["database"]]
        if LEDGER not in connection.introspection.table_names():
            super().handle(**options)
        elif testing.flush_is_allowed:
            with testing.unlocked_ledger(connection.alias):
                super().handle(**options)
        else:
            raise CommandError(
                f"Database {connection.alias!r} has a ledger, which is append-only: flush would "
                "empty it. In tests, call thrive_points.testing.allow_flush() once before them; "
                "to begin anew, drop the database and migrate."
            )
