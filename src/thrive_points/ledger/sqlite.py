"""The SQLite store: a handful of plain statements, for one account and for many alike."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

from thrive_points.core.event import Event
from thrive_points.core.usage import DayTotal, Nearest, days_that_count
from thrive_points.ledger.columns import Entry, decode, encode, with_json_text
from thrive_points.ledger.profile import Account, Standing
from thrive_points.ledger.store import MemberDay, Recorded
from thrive_points.ledger.streaks import ActiveDay, Mark
from thrive_points.sql.named import load
from thrive_points.sql.values import Values

_NOTHING_LESS = ("", date.min)
SQL = load("sqlite.sql")


class SQLiteStore:
    """Keeps the ledger in the one file that its transaction has to itself."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._values = Values(connection)
        self.alias = connection.alias

    def transaction(self, *, savepoint: bool = True) -> AbstractContextManager[None]:
        return atomic(using=self.alias, savepoint=savepoint)

    def open(self, user_id: Any, event: Event, cooldown: timedelta | None = None) -> Account:
        standing = self._lock(user_id)
        since, until = days_that_count(event.day, event.week)
        return Account(
            user_id=user_id,
            week=event.week,
            before=standing,
            standing=standing,
            existing=self.find(user_id, event.event_key),
            days=dict(self._days(user_id, event.activity_type, since, until)),
            nearest=None if cooldown is None else self.nearest(user_id, event, cooldown),
        )

    def record(self, entry: Entry, account: Account) -> None:
        self.record_many([entry], [Recorded(account.user_id, entry.number - 1, account.standing)])

    def record_many(self, entries: Sequence[Entry], accounts: Sequence[Recorded]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(SQL["append"], [self._row(entry) for entry in entries])
        since = [(self._values.user(one.user_id), one.after) for one in accounts]
        with self._connection.cursor() as cursor:
            cursor.executemany(SQL["add_to_days"], since)
            cursor.executemany(SQL["add_xp_events"], since)
            cursor.executemany(
                SQL["write_profile"], [self._profile(account) for account in accounts]
            )

    def find(self, user_id: Any, event_key: str) -> Entry | None:
        row = self._one("find", (self._values.user(user_id), event_key))
        return self._entry(row) if row else None

    def following(self, user_id: Any, number: int) -> Sequence[Entry]:
        own = self._values.user(user_id)
        return [self._entry(row) for row in self._all("following", (own, number, own, number))]

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[ActiveDay]:
        name, values = activity_type or "", self._values
        taken, on = less or _NOTHING_LESS
        while True:
            params = (values.user(user_id), values.day(before), name, name, taken, values.day(on))
            days = list(self._active("active_days", params))
            if not days:
                return
            yield from days
            before = days[-1].day

    def active_days_from(
        self, user_id: Any, activity_type: str | None, since: date
    ) -> Iterator[ActiveDay]:
        name, values = activity_type or "", self._values
        while True:
            params = (values.user(user_id), values.day(since), name, name)
            days = list(self._active("active_days_from", params))
            if not days:
                return
            yield from days
            since = days[-1].day + timedelta(days=1)

    def marks(self, user_id: Any, first_key: str, last_key: str) -> list[Mark]:
        values = self._values
        rows = self._all("marks", (values.user(user_id), first_key, last_key))
        return [Mark(key, activity, values.day_out(day)) for key, activity, day in rows]  # type: ignore[arg-type]

    def shortfalls(self, user_id: Any, activity_type: str, since: date, until: date) -> list[Entry]:
        values = self._values
        params = (values.user(user_id), activity_type, values.day(since), values.day(until))
        return [*map(self._entry, self._all("shortfalls", params))]

    def nearest(self, user_id: Any, event: Event, cooldown: timedelta) -> Nearest:
        return self._around(user_id, event.activity_type, event.occurred_at, cooldown)

    def paid_around(
        self, asked: Iterable[tuple[Any, str, datetime, timedelta]]
    ) -> Iterator[tuple[Any, str, datetime]]:
        for user_id, activity_type, at, cooldown in asked:
            for found in self._around(user_id, activity_type, at, cooldown):
                if found is not None:
                    yield user_id, activity_type, found

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        for user_id in user_ids:
            yield user_id, self._lock(user_id)

    def days_many(self, spans: Iterable[tuple[Any, date, date]]) -> Iterator[MemberDay]:
        values = self._values
        for user_id, since, until in spans:
            params = (values.user(user_id), values.day(since), values.day(until))
            for name, day, awards, points, last in self._all("days_of_member", params):
                on = values.day_out(day)
                assert on is not None
                total = DayTotal(awards, points, 0, values.instant_out(last))
                yield MemberDay(user_id, name, on, total)

    def find_many(self, keys: Iterable[tuple[Any, str]]) -> Iterator[Entry]:
        for user_id, key in keys:
            if entry := self.find(user_id, key):
                yield entry

    def following_many(self, places: Iterable[tuple[Any, int]]) -> Iterator[Entry]:
        for user_id, number in places:
            yield from self.following(user_id, number)

    def _lock(self, user_id: Any) -> Standing:
        row = self._one("lock", (self._values.user(user_id),))
        if row is None:
            users = get_user_model()._base_manager.using(self._connection.alias)
            # No constraint refers to the user, so an account for nobody would stay unnoticed.
            if not users.filter(pk=user_id).exists():
                raise IntegrityError(f"there is no user {user_id}")
            return Standing()
        total_xp, week, week_xp, streaks, number = row
        week = self._values.day_out(week)
        return Standing(total_xp, week, week_xp, decode(streaks), number)

    def _days(
        self, user_id: Any, activity_type: str, since: date, until: date
    ) -> Iterator[tuple[date, DayTotal]]:
        values = self._values
        params = (values.user(user_id), values.day(since), values.day(until), activity_type)
        for day, awards, points, last in self._all("days", params):
            on = values.day_out(day)
            assert on is not None
            yield on, DayTotal(awards, points, 0, values.instant_out(last))

    def _active(self, name: str, params: Sequence[Any]) -> Iterator[ActiveDay]:
        values = self._values
        for day, at in self._all(name, params):
            on, last = values.day_out(day), values.instant_out(at)
            assert on is not None
            assert last is not None
            yield ActiveDay(on, last)

    def _around(
        self, user_id: Any, activity_type: str, at: datetime, cooldown: timedelta
    ) -> Nearest:
        values, user = self._values, self._values.user(user_id)
        since, here, until = map(values.instant, (at - cooldown, at, at + cooldown))
        row = self._one(
            "paid_around", (user, since, here, activity_type, user, here, until, activity_type)
        )
        assert row is not None
        return Nearest(*map(values.instant_out, row))

    def _row(self, entry: Entry) -> Entry:
        values = self._values
        return with_json_text(entry)._replace(
            user_id=values.user(entry.user_id),
            occurred_at=values.instant(entry.occurred_at),
            recorded_at=values.instant(entry.recorded_at),
            day=values.day(entry.day),
            actor_id=values.user(entry.actor_id),
        )

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        values = self._values
        found: Any = Entry._make(row)
        return found._replace(  # type: ignore[no-any-return]
            user_id=values.user_out(found.user_id),
            occurred_at=values.instant_out(found.occurred_at),
            recorded_at=values.instant_out(found.recorded_at),
            day=values.day_out(found.day),
            arithmetic=decode(found.arithmetic),
            metadata=decode(found.metadata),
            actor_id=values.user_out(found.actor_id),
        )

    def _profile(self, account: Recorded) -> tuple[Any, ...]:
        standing = account.standing
        return (
            self._values.user(account.user_id),
            standing.total_xp,
            self._values.day(standing.week),
            standing.week_xp,
            encode(standing.streaks),
            standing.last_number,
        )

    def _one(self, name: str, params: Sequence[Any]) -> tuple[Any, ...] | None:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)
            return cursor.fetchone()  # type: ignore[no-any-return]

    def _all(self, name: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)
            return cursor.fetchall()  # type: ignore[no-any-return]
