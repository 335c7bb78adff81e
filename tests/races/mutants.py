"""The platform with one guard taken away, to show that the races see what each guard is for."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from tests.races.processes import Meet, before_deciding
from thrive_points import services
from thrive_points.ledger import batch, bulk, portable, postgresql
from thrive_points.models import PointsHistory
from thrive_points.sql.named import load

_PROFILE = "SELECT total_xp, week, week_xp, streaks FROM thrive_points_userthriveprofile"


def without_row_lock(meet: Meet) -> None:
    """Open accounts without locking anything: no row lock, on SQLite no transaction."""
    before_deciding(meet)
    if connection.vendor == "sqlite":
        portable.transaction = _NoTransaction()  # type: ignore[assignment]
        return
    portable.SQL["lock_profile"] = f"{_PROFILE} WHERE user_id = %(user)s"
    for name, statement in postgresql.SQL.items():
        portable.SQL[name] = statement.replace(
            "thrive_points_open_account(", "thrive_points_open_unlocked("
        )


class _NoTransaction:
    def atomic(self, **_: Any) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


@contextlib.contextmanager
def unlocked_function() -> Iterator[None]:
    """Give the PostgreSQL test database a function that opens an account without its lock."""
    if connection.vendor != "postgresql":
        yield
        return
    from django.contrib.auth import get_user_model

    source = load("thrive_points.sql", "functions_postgresql.sql")["create_open_account"]
    assert "FOR UPDATE" in source
    pk = get_user_model()._meta.pk
    assert pk is not None
    source = (
        source.replace("{user_type}", str(pk.rel_db_type(connection)))
        .replace("FOR UPDATE", "")
        .replace("thrive_points_open_account(", "thrive_points_open_unlocked(")
    )
    with connection.cursor() as cursor:
        cursor.execute(source)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION thrive_points_open_unlocked")


def with_usage_read_too_early(meet: Meet) -> None:
    """Decide by a usage that was read before the account was locked."""
    original = services._prepare
    early: dict[str, Any] = {}

    def prepare(calendars: Any, now: Any, user: Any, *args: Any, **kwargs: Any) -> Any:
        event, rule = original(calendars, now, user, *args, **kwargs)
        with transaction.atomic():
            early[event.event_key] = services.store_for_writing().open_account(user.pk, event).usage
        meet()
        return event, rule

    def stale(store_class: type[Any]) -> None:
        opened = store_class.open_account

        def open_account(self: Any, user_id: Any, event: Any) -> Any:
            account = opened(self, user_id, event)
            return account._replace(usage=early.get(event.event_key, account.usage))

        store_class.open_account = open_account

    services._prepare = prepare
    stale(bulk.PortableBulkStore)
    if connection.vendor == "postgresql":
        stale(postgresql.PostgreSQLStore)


def with_users_locked_as_they_come(meet: Meet) -> None:
    """Lock the users of a batch one by one in the order of their events."""
    original = batch.BatchStore.__init__

    def lock_first(self: Any, store: Any, events: Any) -> None:
        for position, user_id in enumerate(dict.fromkeys(user_id for user_id, _ in events)):
            list(store.lock_many([user_id]))
            if position == 0:
                meet()
        original(self, store, events)

    batch.BatchStore.__init__ = lock_first  # type: ignore[method-assign]


@contextlib.contextmanager
def without_unique_key() -> Iterator[None]:
    """Drop the ledger's unique key from the test database for the length of a block."""
    (constraint,) = PointsHistory._meta.constraints
    triggers = load("thrive_points.sql", f"triggers_{connection.vendor}.sql")

    def run(prefix: str) -> None:
        with connection.cursor() as cursor:
            for name, statement in triggers.items():
                if name.startswith(prefix):
                    cursor.execute(statement)

    # SQLite makes the table anew as the model describes it, so the model must forget it too.
    PointsHistory._meta.constraints = []
    with connection.schema_editor() as editor:
        editor.remove_constraint(PointsHistory, constraint)
    try:
        yield
    finally:
        # SQLite made the table anew without its triggers; PostgreSQL still has them.
        if connection.vendor == "postgresql":
            run("drop")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM thrive_points_pointshistory")
        PointsHistory._meta.constraints = [constraint]
        with connection.schema_editor() as editor:
            editor.add_constraint(PointsHistory, constraint)
        run("create")
