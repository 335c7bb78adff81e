"""The PostgreSQL store: one call opens an account, one records what was decided.

The functions behind the calls hold no rule and decide nothing: they spare round trips, and let
the server keep its plans. Their source is sql/schema_postgresql.sql. Every statement goes through
Django's cursor of the moment, so that tenants, wrappers and poolers see it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

from thrive_points.core.event import Event
from thrive_points.core.usage import DayTotal, Nearest, days_that_count
from thrive_points.ledger.columns import (
    Entry,
    decode,
    encode,
    entry_from_json,
    text_of_steps,
    with_json_text,
)
from thrive_points.ledger.profile import Account, Standing
from thrive_points.ledger.store import MemberDay, Recorded
from thrive_points.ledger.streaks import ActiveDay, Mark
from thrive_points.sql.calls import Calls
from thrive_points.sql.named import filled, load, of_site
from thrive_points.sql.values import Values, array_of

_NOTHING_LESS = ("", date.min)
SQL = load("postgresql.sql")

ENTRIES_AT_ONCE = 1_000
"""Entries in one call: beyond a few megabytes the server would keep them on its disk."""


class _Opened(NamedTuple):
    """What opening an account answers, as JSON."""

    total_xp: int
    week: str | None
    week_xp: int
    streaks: dict[str, list[int]]
    last_number: int
    existing: dict[str, Any] | None
    days: list[tuple[str, int, int, str | None]] | None
    paid_before: str | None
    paid_after: str | None


class PostgreSQLStore:
    """Keeps the ledger by two functions, and a batch by the same two and three queries."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self.alias = connection.alias
        self._call: Calls

    @contextmanager
    def transaction(self, *, savepoint: bool = True) -> Iterator[None]:
        connection = self._connection
        with atomic(using=self.alias, savepoint=savepoint), connection.cursor() as cursor:
            self._call = Calls(connection, cursor)
            yield

    def open(self, user_id: Any, event: Event, cooldown: timedelta | None = None) -> Account:
        since, until = days_that_count(event.day, event.week)
        at = event.occurred_at
        near = (None, None, None) if cooldown is None else (at, at - cooldown, at + cooldown)
        params = (user_id, event.event_key, event.activity_type, since, until, *near)
        row = _Opened._make(decode(self._call(SQL["open"], params)))
        week = date.fromisoformat(row.week) if row.week else None
        standing = Standing(row.total_xp, week, row.week_xp, row.streaks, row.last_number)
        return Account(
            user_id=user_id,
            week=event.week,
            before=standing,
            standing=standing,
            existing=entry_from_json(row.existing) if row.existing else None,
            days={
                date.fromisoformat(day): DayTotal(
                    awards, points, 0, datetime.fromisoformat(last) if last else None
                )
                for day, awards, points, last in row.days or ()
            },
            nearest=None if cooldown is None else _nearest(row),
        )

    def record(self, entry: Entry, account: Account) -> None:
        standing = account.standing
        # Most awards leave the streaks as they are; the server keeps them then.
        moved = standing.streaks is not account.before.streaks
        streaks = encode(standing.streaks) if moved else None
        figures = (standing.total_xp, standing.week, standing.week_xp, streaks)
        arithmetic, metadata = text_of_steps(entry.arithmetic), encode(entry.metadata)
        row = entry._replace(arithmetic=arithmetic, metadata=metadata)
        self._call(SQL["append"], (*row, *figures))

    def record_many(self, entries: Sequence[Entry], accounts: Sequence[Recorded]) -> None:
        for start in range(0, len(entries), ENTRIES_AT_ONCE):
            some = entries[start : start + ENTRIES_AT_ONCE]
            columns = map(array_of, zip(*map(with_json_text, some), strict=True))
            # Where members stand goes with the last entries.
            moved = accounts if start + ENTRIES_AT_ONCE >= len(entries) else ()
            self._call(SQL["append_many"], [*columns, *_profiles(moved)])

    def find(self, user_id: Any, event_key: str) -> Entry | None:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["find"], (user_id, event_key, event_key))
            row = cursor.fetchone()
        return entry_from_json(decode(row[0])) if row else None

    def following(self, user_id: Any, number: int) -> Sequence[Entry]:
        return list(self.following_many([(user_id, number)]))

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[ActiveDay]:
        name = activity_type or ""
        while True:
            params = (user_id, before, name, name, *(less or _NOTHING_LESS))
            days = self._all("active_days", params)
            if not days:
                return
            yield from map(ActiveDay._make, days)
            before, _ = days[-1]

    def active_days_from(
        self, user_id: Any, activity_type: str | None, since: date
    ) -> Iterator[ActiveDay]:
        name = activity_type or ""
        while days := self._all("active_days_from", (user_id, since, name, name)):
            yield from map(ActiveDay._make, days)
            since = days[-1][0] + timedelta(days=1)

    def marks(self, user_id: Any, first_key: str, last_key: str) -> list[Mark]:
        return [Mark._make(row) for row in self._all("marks", (user_id, first_key, last_key))]

    def shortfalls(self, user_id: Any, activity_type: str, since: date, until: date) -> list[Entry]:
        rows = self._all("shortfalls", (user_id, activity_type, since, until))
        return [entry_from_json(decode(found)) for (found,) in rows]

    def nearest(self, user_id: Any, event: Event, cooldown: timedelta) -> Nearest:
        at = event.occurred_at
        found = [
            paid for *_, paid in self.paid_around([(user_id, event.activity_type, at, cooldown)])
        ]
        return Nearest(
            max((paid for paid in found if paid <= at), default=None),
            min((paid for paid in found if paid >= at), default=None),
        )

    def paid_around(
        self, asked: Iterable[tuple[Any, str, datetime, timedelta]]
    ) -> Iterator[tuple[Any, str, datetime]]:
        out = Values(self._connection).user_out
        given = [
            {
                "user_id": user_id,
                "activity_type": activity_type,
                "at": at,
                "since": at - cooldown,
                "until": at + cooldown,
            }
            for user_id, activity_type, at, cooldown in asked
        ]
        for user_id, activity_type, at in self._rows("paid_around", given):
            yield out(user_id), activity_type, at

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        out = Values(self._connection).user_out
        given = [{"user_id": user_id} for user_id in user_ids]
        for user_id, total_xp, week, week_xp, streaks, number in self._rows("lock_many", given):
            yield out(user_id), Standing(total_xp, week, week_xp, decode(streaks), number)

    def days_many(self, spans: Iterable[tuple[Any, date, date]]) -> Iterator[MemberDay]:
        out = Values(self._connection).user_out
        given = [
            {"user_id": user_id, "since": since, "until": until} for user_id, since, until in spans
        ]
        for user_id, activity_type, day, awards, points, last in self._rows("days_many", given):
            total = DayTotal(awards=awards, points=points, last_awarded_at=last)
            yield MemberDay(out(user_id), activity_type, day, total)

    def find_many(self, keys: Iterable[tuple[Any, str]]) -> Iterator[Entry]:
        out = Values(self._connection).user_out
        given = [{"user_id": user_id, "event_key": key} for user_id, key in keys]
        for (found,) in self._rows("find_many", given):
            entry = entry_from_json(decode(found))
            yield entry._replace(user_id=out(entry.user_id))

    def following_many(self, places: Iterable[tuple[Any, int]]) -> Iterator[Entry]:
        out = Values(self._connection).user_out
        given = [{"user_id": user_id, "number": number} for user_id, number in places]
        for (found,) in self._rows("following", given):
            entry = entry_from_json(decode(found))
            yield entry._replace(user_id=out(entry.user_id))

    def _all(self, name: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL[name], params)
            return cursor.fetchall()  # type: ignore[no-any-return]

    def _rows(self, name: str, given: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        statement = filled(SQL[name], of_site(self._connection))
        with self._connection.cursor() as cursor:
            cursor.execute(statement, (encode(given),))
            return cursor.fetchall()  # type: ignore[no-any-return]


def _nearest(row: _Opened) -> Nearest:
    return Nearest(
        *(datetime.fromisoformat(at) if at else None for at in (row.paid_before, row.paid_after))
    )


def _profiles(accounts: Sequence[Recorded]) -> list[str]:
    """Return an array for each column of the profile that accounts change, the member's first."""
    rows = [
        (
            one.user_id,
            one.standing.total_xp,
            one.standing.week,
            one.standing.week_xp,
            encode(one.standing.streaks),
            one.standing.last_number,
        )
        for one in accounts
    ]
    columns = zip(*rows, strict=True) if rows else [()] * 6
    return [array_of(column) for column in columns]
