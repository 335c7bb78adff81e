"""A store that reads a batch's accounts at once, keeps them in memory and writes at once.

It satisfies the same contract as the store it stands on, so a batch is decided by the very
code that decides a single event.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from thrive_circles.standing import XP, Standing
from thrive_points.core.event import Event
from thrive_points.core.periods import week_of
from thrive_points.core.usage import Usage
from thrive_points.ledger.contract import Account, BulkStore, DayTotal, Entry, Existing

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_NOTHING = DayTotal()
_NO_DAYS: Mapping[date, DayTotal] = {}


@dataclass(slots=True)
class _Member:
    """One user's state in memory."""

    standing: Standing
    weeks: dict[tuple[str, date], dict[date, DayTotal]] = field(default_factory=dict)
    changed: set[tuple[str, date, date]] = field(default_factory=set)
    keys: dict[str, Existing | tuple[Any, ...] | None] = field(default_factory=dict)
    moved: bool = False

    def days(self, activity_type: str, week: date) -> dict[date, DayTotal]:
        """Return the totals of an activity's week, to be read and written."""
        return self.weeks.setdefault((activity_type, week), {})


class BatchStore:
    """Holds the accounts of a batch until `flush`."""

    def __init__(self, store: BulkStore, events: Sequence[tuple[Any, Event]]) -> None:
        """Lock the users of a batch in one order and read all that its decisions need.

        Args:
            store: reads and writes in bulk.
            events: user's primary key and event.
        """
        self._store = store
        self._entries: list[tuple[int, Entry]] = []
        self._xp: list[XP] = []
        self._ids: Iterator[int] = iter(())
        self._spare = len(events)
        keys = [(user_id, event.event_key) for user_id, event in events]
        locked = store.lock_many(sorted({user_id for user_id, _ in events}))
        self._members = {user_id: _Member(standing) for user_id, standing in locked}
        weeks = sorted({(user_id, event.week) for user_id, event in events})
        for user_id, activity_type, day, total in store.read_weeks(weeks):
            self._members[user_id].days(activity_type, week_of(day))[day] = total
        for user_id, key in keys:
            self._members[user_id].keys[key] = None
        for user_id, key, existing in store.find_many(keys):
            self._members[user_id].keys[key] = existing

    @property
    def xp(self) -> "BatchStore":
        """Return where XP is written: here, until `flush`."""
        return self

    def open_account(self, user_id: Any, event: Event) -> Account:
        member = self._members[user_id]
        return Account(
            standing=member.standing,
            existing=self.find(user_id, event.event_key),
            usage=_usage(member, event),
        )

    def append(self, entry: Entry) -> int:
        entry_id = self._next_id()
        member, event = self._members[entry.user_id], entry.event
        self._entries.append((entry_id, entry))
        member.keys[event.event_key] = (
            entry_id,
            event.activity_type,
            entry.outcome,
            entry.points,
            event.occurred_at,
            event.day,
        )
        if entry.touches_day:
            days = member.days(event.activity_type, event.week)
            days[event.day] = days.get(event.day, _NOTHING).plus(entry)
            member.changed.add((event.activity_type, event.week, event.day))
        return entry_id

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        keys = self._members[user_id].keys
        if event_key not in keys:
            return self._store.find(user_id, event_key)
        known = keys[event_key]
        return self._store.existing(known) if isinstance(known, tuple) else known

    def active_days(
        self, user_id: Any, activity_type: str | None, before: date = date.max
    ) -> Iterator[date]:
        here = sorted(
            (
                day
                for (name, _), days in self._members[user_id].weeks.items()
                for day, total in days.items()
                if day < before and total.awards > 0 and activity_type in (None, name)
            ),
            reverse=True,
        )
        there = self._store.active_days(user_id, activity_type, before)
        both = merge(here, there, reverse=True)
        return (day for day, _ in groupby(both))

    def add_xp(self, xp: XP, standing: Standing) -> None:
        member = self._members[xp.user_id]
        member.standing, member.moved = standing, True
        self._xp.append(xp)

    def flush(self) -> None:
        """Write what the batch has gathered; nothing, if every event was known before."""
        if not self._entries:
            return
        members = self._members.items()
        self._store.write_many(
            self._entries,
            [
                (user_id, activity_type, day, member.days(activity_type, week)[day])
                for user_id, member in members
                for activity_type, week, day in sorted(member.changed)
            ],
            self._xp,
            [(user_id, member.standing) for user_id, member in members if member.moved],
        )

    def _next_id(self) -> int:
        entry_id = next(self._ids, None)
        if entry_id is None:
            # Streaks and goals add entries beyond the batch's own; take them in small lots.
            taken = self._entries[-1][0] if self._entries else 0
            self._ids = iter(self._store.reserve_ids(self._spare, taken))
            self._spare = 64
            entry_id = next(self._ids)
        return entry_id


def _usage(member: _Member, event: Event) -> Usage:
    days = member.weeks.get((event.activity_type, event.week), _NO_DAYS)
    awards = points = 0
    latest = None
    if event.day == event.week:
        # A cooldown of up to a day looks back across Monday's midnight.
        sunday = member.days(event.activity_type, event.week - _WEEK).get(event.day - _DAY)
        latest = sunday and sunday.last_awarded_at
    for total in days.values():
        awards += total.awards
        points += total.points
        if total.last_awarded_at and (latest is None or total.last_awarded_at > latest):
            latest = total.last_awarded_at
    today = days.get(event.day, _NOTHING)
    return Usage(
        day_awards=today.awards,
        day_points=today.points,
        week_awards=awards,
        week_points=points,
        last_awarded_at=latest,
    )
