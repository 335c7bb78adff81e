"""The portable store: plain statements that every supported database understands."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import Standing, streaks_from_json
from thrive_circles.store import PortableXPStore
from thrive_points.core.event import Event, Outcome
from thrive_points.core.usage import Usage
from thrive_points.exceptions import SingleWriterError
from thrive_points.ledger.contract import Account, Entry, Existing
from thrive_points.sql.dialect import Dialect
from thrive_points.sql.named import load

SQL = load("thrive_points.sql", "statements.sql")

_DAY = timedelta(days=1)
_TO_SUNDAY = timedelta(days=6)


class PortableStore:
    """Keeps the ledger by a handful of plain statements."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._dialect = Dialect(connection)
        self.xp = PortableXPStore(connection)
        self.gathers = False

    def transaction(self, *, savepoint: bool = True) -> AbstractContextManager[None]:
        if self.gathers:
            raise SingleWriterError(
                "PointsService was called while award_many gathers a batch, from its progress "
                "callback. Call it when award_many has returned: the batch would overwrite it."
            )
        return transaction.atomic(using=self._connection.alias, savepoint=savepoint)

    def open_account(self, user_id: Any, event: Event) -> Account:
        params = self.usage_params(user_id, event)
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["lock_profile"], {"user": params["user"]})
            profile = cursor.fetchone()
            cursor.execute(SQL["read_usage"], params)
            return self.account((*profile, *cursor.fetchone()))

    def append(self, entry: Entry) -> int:
        params = self.entry_params(entry)
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["append_entry"], params)
            entry_id = int(cursor.fetchone()[0])
            if entry.touches_day:
                cursor.execute(SQL["add_to_day"], params)
            return entry_id

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                SQL["find_entry"], {"user": self._dialect.user(user_id), "event_key": event_key}
            )
            row = cursor.fetchone()
        return self.existing(row) if row else None

    def active_days(
        self, user_id: Any, activity_type: str | None, before: date = date.max
    ) -> Iterator[date]:
        while True:
            with self._connection.cursor() as cursor:
                cursor.execute(
                    SQL["active_days"],
                    {
                        "user": self._dialect.user(user_id),
                        "before": self._dialect.day(before),
                        "activity_type": activity_type or "",
                    },
                )
                days = [self._dialect.day_out(day) for (day,) in cursor.fetchall()]
            if not days:
                return
            for day in days:
                assert day is not None
                yield day
                before = day

    def usage_params(self, user_id: Any, event: Event) -> dict[str, Any]:
        """Return the parameters that name the account, the key and the days of an event."""
        day = self._dialect.day
        return {
            "user": self._dialect.user(user_id),
            "event_key": event.event_key,
            "activity_type": event.activity_type,
            "day": day(event.day),
            "week": day(event.week),
            # A cooldown of up to a day looks back across Monday's midnight.
            "since": day(min(event.week, event.day - _DAY)),
            "until": day(event.week + _TO_SUNDAY),
        }

    def entry_params(self, entry: Entry) -> dict[str, Any]:
        """Return the parameters that describe an entry and what it does to its day."""
        event, dialect = entry.event, self._dialect
        occurred_at = dialect.instant(event.occurred_at)
        return {
            "user": dialect.user(entry.user_id),
            "activity_type": event.activity_type,
            "points": entry.points,
            "outcome": entry.outcome.value,
            "event_key": event.event_key,
            "occurred_at": occurred_at,
            "recorded_at": dialect.instant(entry.recorded_at),
            "day": dialect.day(event.day),
            "rule_revision": entry.rule_revision,
            "arithmetic": dialect.steps(entry.arithmetic),
            "metadata": dialect.json(event.metadata),
            "reverses": entry.reverses,
            "actor": dialect.user(entry.actor_id),
            "description": entry.description,
            "awards": entry.awards,
            "capped": entry.capped,
            "awarded_at": occurred_at if entry.awards > 0 else None,
        }

    def account(self, row: Sequence[Any]) -> Account:
        """Return the account of a row: four profile columns, six of the entry, five of usage."""
        total_xp, week, week_xp, streaks = row[:4]
        day_awards, day_points, week_awards, week_points, last_awarded_at = row[10:]
        return Account(
            standing=Standing(
                total_xp=total_xp,
                week=self._dialect.day_out(week),
                week_xp=week_xp,
                streaks=streaks_from_json(self._dialect.json_out(streaks)),
            ),
            existing=None if row[4] is None else self.existing(row[4:10]),
            usage=Usage(
                day_awards=int(day_awards),
                day_points=int(day_points),
                week_awards=int(week_awards),
                week_points=int(week_points),
                last_awarded_at=self._dialect.instant_out(last_awarded_at),
            ),
        )

    def existing(self, row: Sequence[Any]) -> Existing:
        """Return the entry of a row: id, activity type, outcome, points, instant and day."""
        entry_id, activity_type, outcome, points, occurred_at, day = row
        when, on = self._dialect.instant_out(occurred_at), self._dialect.day_out(day)
        assert when is not None
        assert on is not None
        return Existing(
            entry_id=entry_id,
            activity_type=activity_type,
            outcome=Outcome(outcome),
            points=points,
            occurred_at=when,
            day=on,
        )
