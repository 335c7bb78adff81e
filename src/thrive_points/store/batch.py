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


@dataclass(slots=True)
class _Member:
    """One user's state in memory."""

    standing: Standing
    totals: dict[tuple[str, date], DayTotal] = field(default_factory=dict)
    changed: set[tuple[str, date]] = field(default_factory=set)
    keys: dict[str, Existing] = field(default_factory=dict)


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
        self._entries: list[tuple[int, Entry]] = []
        self._xp_events: list[XPEvent] = []
        self._ids: Iterator[int] = iter(())
        self._spare = len(events)
        user_ids = sorted({user_id for user_id, _ in events})
        self._members = {
            user_id: _Member(standing) for user_id, standing in store.lock_many(user_ids)
        }
        weeks = sorted({(user_id, event.week) for user_id, event in events})
        for user_id, activity_type, day, total in store.read_weeks(weeks):
            self._members[user_id].totals[activity_type, day] = total
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
        self._entries.append((entry_id, entry))
        member.keys[event.event_key] = Existing(
            entry_id=entry_id,
            activity_type=event.activity_type,
            outcome=entry.outcome,
            points=entry.points,
            occurred_at=event.occurred_at,
            day=event.day,
        )
        if entry.touches_day:
            place = (event.activity_type, event.day)
            total = member.totals.get(place, DayTotal())
            member.totals[place] = total.plus(entry)
            member.changed.add(place)
        return entry_id

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        known = self._members[user_id].keys.get(event_key)
        if known is None and (user_id, event_key) not in self._looked_up:
            return self._store.find(user_id, event_key)
        return known

    def active_days(self, user_id: Any, activity_type: str | None) -> Iterator[date]:
        here = sorted(
            (
                day
                for (name, day), total in self._members[user_id].totals.items()
                if total.awards > 0 and activity_type in (None, name)
            ),
            reverse=True,
        )
        both = merge(here, self._store.active_days(user_id, activity_type), reverse=True)
        return (day for day, _ in groupby(both))

    def add_xp(self, event: XPEvent, standing: Standing) -> None:
        self._members[event.user_id].standing = standing
        self._xp_events.append(event)

    def flush(self) -> None:
        """Write what the batch has gathered; nothing, if every event was known before."""
        if not self._entries:
            return
        self._store.append_many(self._entries)
        self._store.write_totals(
            [
                (user_id, activity_type, day, member.totals[activity_type, day])
                for user_id, member in self._members.items()
                for activity_type, day in sorted(member.changed)
            ]
        )
        changed = {event.user_id for event in self._xp_events}
        self._store.xp.add_many(
            self._xp_events,
            [(u, member.standing) for u, member in self._members.items() if u in changed],
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
    day_awards = day_points = week_awards = week_points = 0
    latest: datetime | None = None
    day = min(event.week, event.day - _DAY)
    for _ in range(8):
        total = member.totals.get((event.activity_type, day))
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
