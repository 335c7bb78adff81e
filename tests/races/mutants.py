"""The platform with one guard taken away, to show that the races see what each guard is for."""

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection

from tests.races.processes import Meet, before_deciding
from thrive_points import services
from thrive_points.ledger.batch import BatchStore
from thrive_points.ledger.postgresql import PostgreSQLStore
from thrive_points.ledger.sqlite import SQLiteStore
from thrive_points.models import PointsHistory
from thrive_points.sql.named import schema_of
from thrive_points.testing import unlocked_ledger

LOCK = "thrive_points_lock_v1"
STORE: type[Any] = {"sqlite": SQLiteStore, "postgresql": PostgreSQLStore}[connection.vendor]


@contextlib.contextmanager
def unlocked_accounts() -> Iterator[None]:
    """Have PostgreSQL open accounts without their lock, for the length of a block.

    On SQLite the lock is the transaction's, which each process leaves out for itself.
    """
    if connection.vendor != "postgresql":
        yield
        return
    sound = next(text for text in schema_of(connection) if f"CREATE FUNCTION {LOCK}" in text)
    sound = sound.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    assert "FOR NO KEY UPDATE" in sound
    _execute(sound.replace("FOR NO KEY UPDATE", ""))
    try:
        yield
    finally:
        _execute(sound)


def without_row_lock(meet: Meet) -> None:
    """Open accounts, in `unlocked_accounts`, without locking anything."""
    before_deciding(meet)
    if connection.vendor == "sqlite":
        STORE.transaction = lambda self, savepoint=True: contextlib.nullcontext()


def without_row_lock_or_number(meet: Meet) -> None:
    """Besides, give each process numbers of its own, so that none is taken twice."""
    without_row_lock(meet)
    opened = STORE.open

    def open_apart(self: Any, user_id: Any, event: Any, cooldown: Any = None) -> Any:
        account = opened(self, user_id, event, cooldown)
        apart = account.standing._replace(last_number=os.getpid() * 1_000)
        return replace(account, standing=apart)

    STORE.open = open_apart


def with_usage_read_too_early(meet: Meet) -> None:
    """Decide by daily totals that were read before the account was locked."""
    prepared, opened = services._prepare, STORE.open
    early: dict[str, Any] = {}

    def prepare(*args: Any, **kwargs: Any) -> Any:
        event, rule = prepared(*args, **kwargs)
        _, _, _, user, *_ = args
        store = services.store_for_writing()
        with store.transaction():
            early[event.event_key] = opened(store, user.pk, event).days
        meet()
        return event, rule

    def open_stale(self: Any, user_id: Any, event: Any, cooldown: Any = None) -> Any:
        account = opened(self, user_id, event, cooldown)
        return replace(account, days=early.get(event.event_key, account.days))

    services._prepare = prepare
    STORE.open = open_stale


def with_users_locked_as_they_come(meet: Meet) -> None:
    """Lock the users of a batch one by one in the order of their events."""
    original = BatchStore.__init__

    def lock_first(self: Any, store: Any, events: Any) -> None:
        for position, user_id in enumerate(dict.fromkeys(user_id for user_id, *_ in events)):
            list(store.lock_many([user_id]))
            if position == 0:
                meet()
        original(self, store, events)

    BatchStore.__init__ = lock_first  # type: ignore[method-assign]


@contextlib.contextmanager
def without_unique_key() -> Iterator[None]:
    """Drop the ledger's unique key from the test database for the length of a block.

    The triggers go along: on SQLite one of them guards the key as well.
    """
    (constraint,) = PointsHistory._meta.constraints
    with unlocked_ledger():
        # SQLite makes the table anew as the model describes it, so the model must forget it too.
        PointsHistory._meta.constraints = []
        with connection.schema_editor() as editor:
            editor.remove_constraint(PointsHistory, constraint)
        try:
            yield
        finally:
            _execute("DELETE FROM thrive_points_pointshistory")
            PointsHistory._meta.constraints = [constraint]
            with connection.schema_editor() as editor:
                editor.add_constraint(PointsHistory, constraint)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
