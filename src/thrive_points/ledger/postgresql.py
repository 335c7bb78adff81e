"""The PostgreSQL store: one call opens an account, one records what was decided.

The functions behind the calls hold no rule and decide nothing: they spare round trips, and let
the server keep its plans. Their source is sql/schema_postgresql.sql. Every statement goes through
Django's cursor of the moment, so that tenants, wrappers and poolers see it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.core.event import Event
from thrive_points.core.usage import DayTotal, days_that_count
from thrive_points.ledger.columns import Entry, decode, encode, entry_from_json
from thrive_points.ledger.profile import Account, Standing, streaks_from_json, streaks_to_json
from thrive_points.ledger.store import MemberDay, Recorded
from thrive_points.sql.named import filled, load, of_site
from thrive_points.sql.values import Values

_NOTHING_LESS = ("", date.min)
SQL = load("postgresql.sql")


class _Opened(NamedTuple):
    """The row that opening an account answers; JSON is text."""

    total_xp: int
    week: date | None
    week_xp: int
    streaks: str
    last_number: int
    existing: str | None
    days: str | None


class PostgreSQLStore:
    """Keeps the ledger by two functions, and a batch by the same two and three queries."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self.alias = connection.alias

    def open(self, user_id: Any, event: Event) -> Account:
        since, until = days_that_count(event.day, event.week)
        with self._connection.cursor() as cursor:
            cursor.execute(
                SQL["open"], (user_id, event.event_key, event.activity_type, since, until)
            )
            row = _Opened._make(cursor.fetchone())
        return Account(
            user_id=user_id,
            week=event.week,
            standing=Standing(
                row.total_xp,
                row.week,
                row.week_xp,
                streaks_from_json(decode(row.streaks)),
                row.last_number,
            ),
            existing=_entry(row.existing) if row.existing else None,
            days=_days(row.days) if row.days else {},
        )

    def record(self, entry: Entry, account: Account) -> None:
        self.record_many([entry], [Recorded(account.user_id, entry.number - 1, account.standing)])

    def record_many(self, entries: Sequence[Entry], accounts: Sequence[Recorded]) -> None:
        rows = [entry._asdict() for entry in entries]
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["record"], (encode(rows), encode([*map(_recorded, accounts)])))

    def find(self, user_id: Any, event_key: str) -> Entry | None:
        with self._connection.cursor() as cursor:
            cursor.execute(SQL["find"], (user_id, event_key, event_key))
            row = cursor.fetchone()
        return _entry(row[0]) if row else None

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[date]:
        name = activity_type or ""
        while True:
            params = (user_id, before, name, name, *(less or _NOTHING_LESS))
            with self._connection.cursor() as cursor:
                cursor.execute(SQL["active_days"], params)
                days = [day for (day,) in cursor.fetchall()]
            if not days:
                return
            yield from days
            before = days[-1]

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        out = Values(self._connection).user_out
        given = [{"user_id": user_id} for user_id in user_ids]
        for user_id, total_xp, week, week_xp, streaks, number in self._rows("lock_many", given):
            runs = streaks_from_json(decode(streaks))
            yield out(user_id), Standing(total_xp, week, week_xp, runs, number)

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
            entry = _entry(found)
            yield entry._replace(user_id=out(entry.user_id))

    def _rows(self, name: str, given: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        statement = filled(SQL[name], of_site(self._connection))
        with self._connection.cursor() as cursor:
            cursor.execute(statement, (encode(given),))
            return cursor.fetchall()  # type: ignore[no-any-return]


def _recorded(account: Recorded) -> dict[str, Any]:
    standing = account.standing
    return {
        "user_id": account.user_id,
        "after": account.after,
        **standing._asdict(),
        "streaks": streaks_to_json(standing.streaks),
    }


def _entry(found: str) -> Entry:
    return entry_from_json(decode(found))


def _days(found: str) -> dict[date, DayTotal]:
    return {
        date.fromisoformat(day): DayTotal(
            awards, points, 0, datetime.fromisoformat(last) if last else None
        )
        for day, awards, points, last in decode(found)
    }
