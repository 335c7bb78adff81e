"""One change of the rules at a time, committed before it takes effect.

A process learns of a change within an interval, so a change is committed an interval before the
instant it takes effect, or not at all. Nobody then decides an event by a rule that others have
already replaced, and the rule in force at an instant never changes afterwards.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule, RuleExperiment, RuleWithdrawal
from thrive_points.rules.current import (
    change_of,
    forget,
    hold_back,
    let_go,
    trusted_seconds,
    written,
)
from thrive_points.sql.values import writing_connection

_LOCK = 0x7472_7275  # any constant of the platform's own
_AT_LEAST = timedelta(seconds=1)
"""What a transaction has to commit a change at once, where the interval is under two seconds."""

TOO_LATE = (
    "the transaction lasted until its change of the rules would have taken effect; nothing was "
    "published. Publish in a shorter transaction, or give a later instant"
)


def earliest_effect() -> datetime:
    """Return when a change published now can take effect: when every process has heard of it."""
    return timezone.now() + timedelta(seconds=points_settings().rules_refresh_seconds)


class Change:
    """The transaction of one change: what it writes, and until when it has to commit."""

    def __init__(self, connection: BaseDatabaseWrapper, joins: bool) -> None:
        """Take the connection, and whether the transaction is the host's."""
        self._connection = connection
        self._joins = joins
        self._began = timezone.now()
        self._commit_by: datetime | None = None
        self._inserted: list[Any] = []

    def insert(self, row: Any, effect: datetime) -> None:
        """Insert a row of a model that refuses to be saved.

        Args:
            row: the row.
            effect: the instant at which it changes what is paid.
        """
        self.takes_effect(effect)
        insert(row)
        self._inserted.append(row)
        self.wrote(row)

    def takes_effect(self, instant: datetime) -> None:
        """Have the transaction commit in time for an instant, before anything of it is written."""
        commit_by = max(instant - timedelta(seconds=trusted_seconds()), self._began + _AT_LEAST)
        if self._commit_by is None or commit_by < self._commit_by:
            self._commit_by = commit_by
        if self._joins and self._connection.vendor == "postgresql":
            # Seconds on the server's own clock; the earliest of several changes counts.
            left = (self._commit_by - timezone.now()).total_seconds()
            with self._connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('thrive_points.commit_by', LEAST("
                    "NULLIF(current_setting('thrive_points.commit_by', true), '')::numeric, "
                    "extract(epoch FROM clock_timestamp()) + %s)::text, true)",
                    [left],
                )

    def wrote(self, row: Any) -> None:
        """Have a written row decide once it is committed, and not before."""
        if self._joins:
            change = change_of(row)
            hold_back(change)
            transaction.on_commit(lambda: let_go(change), using=self._connection.alias)

    def end(self) -> None:
        """Refuse to commit too late.

        Raises:
            InvalidRule: it is too late already.
        """
        if self._is_late():
            raise InvalidRule(TOO_LATE, field="effective_from")
        if self._joins and self._connection.vendor == "sqlite":
            # SQLite cannot look at the clock as a transaction of the host ends.
            transaction.on_commit(self._take_back, using=self._connection.alias)

    def _is_late(self) -> bool:
        return self._commit_by is not None and timezone.now() > self._commit_by

    def _take_back(self) -> None:
        """End what was committed too late at the instant it began: it never decides anything.

        Raises:
            InvalidRule: something was.
        """
        if not self._is_late():
            return
        reason = "Committed too late."
        for row in self._inserted:
            if isinstance(row, PointRule):
                ended = RuleWithdrawal(
                    revision=row, effective_from=row.effective_from, reason=reason
                )
                insert(ended)
            elif isinstance(row, RuleExperiment):
                written(RuleExperiment).filter(pk=row.pk).update(
                    stopped_at=row.starts_at, stop_reason=reason
                )
        forget()
        raise InvalidRule(TOO_LATE, field="effective_from")


@contextmanager
def one_change() -> Iterator[Change]:
    """Write rules in a transaction of which there is one at a time.

    It joins a transaction of the host; if that ends too late, its end is refused on PostgreSQL, and
    on SQLite what it published is withdrawn and the error raised after it. Primary keys are
    committed in order, which is how other processes notice a change, and this process forgets the
    rules it knew.

    Raises:
        InvalidRule: the change would be committed after it takes effect.
    """
    connection = writing_connection(PointRule)
    change = Change(connection, _is_within_a_transaction(connection))
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield change
        change.end()
        transaction.on_commit(forget, using=connection.alias)


def _is_within_a_transaction(connection: BaseDatabaseWrapper) -> bool:
    """Tell whether the host has a transaction open, other than the one a test is wrapped in."""
    try:
        with transaction.atomic(using=connection.alias, durable=True):
            return False
    except RuntimeError:
        return True


def insert(row: models.Model) -> None:
    """Insert a row of a model that refuses to be saved; for the writers in this package."""
    models.Model.save(row, force_insert=True, using=writing_connection(PointRule).alias)
