"""A store that reads a batch's accounts at once, keeps them in memory and writes at once.

It satisfies the same contract as the store it stands on, so a batch is decided by the very
code that decides a single event.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import groupby
from typing import Any

from thrive_circles.models import XPEvent
from thrive_circles.standing import Standing
from thrive_points.core.types import Event, Usage
from thrive_points.store.contract import Account, BulkStore, DayTotal, Entry, Existing

_DAY = timedelta(days=1)
_NOTHING = DayTotal()


@dataclass(slots=True)
class _Member:
    """One user's state in memory."""

    standing: Standing
    totals: dict[str, dict[date, DayTotal]] = field(default_factory=dict)
    changed: set[tuple[str, date]] = field(default_factory=set)
    keys: dict[str, Existing | tuple[Any, ...]] = field(default_factory=dict)
    moved: bool = False

    def put(self, activity_type: str, day: date, total: DayTotal) -> None:
        """Keep the total of a day."""
        self.totals.setdefault(activity_type, {})[day] = total


class BatchStore:
    """Holds the accounts of a batch until `flush`."""

    def __init__(self, store: BulkStore, events: Sequence[tuple[Any, Event]]) -> None:
        """Lock the users of a batch in one order and read all that its decisions need.

        Args:
            store: reads and writes in bulk.
            events: user's primary key and event.
        """
        self._store = store
        self._looked_up = {(user_id, event.event_key) for user_id, event in events}
        # Rows, not the objects they are made of: a batch then holds little, and tuples of plain
        # values are nothing the garbage collector has to look at again and again.
        self._entries: list[tuple[Any, ...]] = []
        self._xp_events: list[tuple[Any, ...]] = []
        self._ids: Iterator[int] = iter(())
        self._spare = len(events)
        user_ids = sorted({user_id for user_id, _ in events})
        self._members = {
            user_id: _Member(standing) for user_id, standing in store.lock_many(user_ids)
        }
        weeks = sorted({(user_id, event.week) for user_id, event in events})
        for user_id, activity_type, day, total in store.read_weeks(weeks):
            self._members[user_id].put(activity_type, day, total)
        for user_id, key, existing in store.find_many(sorted(self._looked_up)):
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
        self._entries.append(self._store.row_of(entry_id, entry))
        member.keys[event.event_key] = (
            entry_id,
            event.activity_type,
            entry.outcome,
            entry.points,
            event.occurred_at,
            event.day,
        )
        if entry.touches_day:
            total = member.totals.get(event.activity_type, {}).get(event.day, _NOTHING)
            member.put(event.activity_type, event.day, total.plus(entry))
            member.changed.add((event.activity_type, event.day))
        return entry_id

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        known = self._members[user_id].keys.get(event_key)
        if known is None and (user_id, event_key) not in self._looked_up:
            return self._store.find(user_id, event_key)
        return self._store.existing(known) if isinstance(known, tuple) else known

    def active_days(self, user_id: Any, activity_type: str | None) -> Iterator[date]:
        here = sorted(
            (
                day
                for name, totals in self._members[user_id].totals.items()
                for day, total in totals.items()
                if total.awards > 0 and activity_type in (None, name)
            ),
            reverse=True,
        )
        both = merge(here, self._store.active_days(user_id, activity_type), reverse=True)
        return (day for day, _ in groupby(both))

    def add_xp(self, event: XPEvent, standing: Standing) -> None:
        member = self._members[event.user_id]
        member.standing, member.moved = standing, True
        self._xp_events.append(self._store.xp.row_of(event))

    def flush(self) -> None:
        """Write what the batch has gathered; nothing, if every event was known before."""
        if not self._entries:
            return
        self._store.append_many(self._entries)
        self._store.write_totals(
            [
                (user_id, activity_type, day, member.totals[activity_type][day])
                for user_id, member in self._members.items()
                for activity_type, day in sorted(member.changed)
            ]
        )
        self._store.xp.add_many(
            self._xp_events,
            [
                (user_id, member.standing)
                for user_id, member in self._members.items()
                if member.moved
            ],
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
    totals = member.totals.get(event.activity_type)
    if totals is None:
        return Usage()
    day_awards = day_points = week_awards = week_points = 0
    latest: datetime | None = None
    day = min(event.week, event.day - _DAY)
    for _ in range(8):
        total = totals.get(day)
        if total is not None and day < event.week + 7 * _DAY:
            if day >= event.week:
                week_awards += total.awards
                week_points += total.points
            if day == event.day:
                day_awards, day_points = total.awards, total.points
            if total.last_awarded_at and (latest is None or total.last_awarded_at > latest):
                latest = total.last_awarded_at
        day += _DAY
    return Usage(
        day_awards=day_awards,
        day_points=day_points,
        week_awards=week_awards,
        week_points=week_points,
        last_awarded_at=latest,
    )
