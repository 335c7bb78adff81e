"""A store that reads a batch's accounts at once, keeps them in memory and writes at once.

It fulfils the same contract as the store it stands on, so a batch is decided by the very
code that decides a single event.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Any

from thrive_points.core.event import Event
from thrive_points.core.usage import NOTHING, DayTotal, days_that_count, nearest_among
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.profile import Account, Standing
from thrive_points.ledger.store import DatabaseStore, Recorded, gathering
from thrive_points.ledger.streaks import ActiveDay, Mark
from thrive_points.validation import own_key

_BY_DAY = attrgetter("day")
_MARK = own_key("streak", "")


@dataclass(slots=True)
class _Member:
    """One member's state in memory."""

    standing: Standing
    read_at: int
    days: dict[str, dict[date, DayTotal]] = field(default_factory=dict)
    keys: dict[str, Entry | None] = field(default_factory=dict)
    looked_behind: set[int] = field(default_factory=set)
    paid_at: dict[str, list[datetime]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    weeks: set[date] = field(default_factory=set)

    def days_of(self, activity_type: str) -> dict[date, DayTotal]:
        """Return the totals of an activity type by day, to be read and written."""
        return self.days.setdefault(activity_type, {})

    def paid(self, activity_type: str, at: datetime) -> None:
        """Remember when an activity type was paid."""
        insort(self.paid_at.setdefault(activity_type, []), at)


class BatchStore:
    """Holds the accounts of a batch until `flush`."""

    def __init__(
        self, store: DatabaseStore, events: Sequence[tuple[Any, Event, timedelta | None]]
    ) -> None:
        """Lock the members of a batch in one order and read all that its decisions need.

        Args:
            store: reads and writes many accounts.
            events: each member's key, event and the cooldown of its rule.
        """
        self._store = store
        self._entries: list[Entry] = []
        locked = store.lock_many(list({user_id: None for user_id, *_ in events}))
        self._members = {
            user_id: _Member(standing, standing.last_number) for user_id, standing in locked
        }
        self._read_days((user_id, event) for user_id, event, _ in events)
        keys = [(user_id, event.event_key) for user_id, event, _ in events]
        for user_id, key in keys:
            self._members[user_id].keys[key] = None
        known = list(store.find_many(keys))
        if known:
            # A batch that is delivered again is answered with what was answered first.
            reversals = [(one.user_id, own_key("reversal", one.number)) for one in known]
            for user_id, key in reversals:
                self._members[user_id].keys[key] = None
            known += store.find_many(reversals)
            places = [(one.user_id, one.number) for one in known]
            known += store.following_many(places)
            for user_id, number in places:
                self._members[user_id].looked_behind.add(number)
        for entry in known:
            self._members[entry.user_id].keys[entry.event_key] = entry
        asked = [
            (user_id, event.activity_type, event.occurred_at, cooldown)
            for user_id, event, cooldown in events
            if cooldown is not None
        ]
        self._read_paid(asked)

    def _read_days(self, events: Iterable[tuple[Any, Event]]) -> None:
        spans = set()
        for user_id, event in events:
            spans.add((user_id, *days_that_count(event.day, event.week)))
            self._members[user_id].weeks.add(event.week)
        for user_id, activity_type, day, total in self._store.days_many(spans):
            # What the batch has added to a day is in memory alone.
            self._members[user_id].days_of(activity_type).setdefault(day, total)

    def _read_paid(self, asked: Sequence[tuple[Any, str, datetime, timedelta]]) -> None:
        if asked:
            for user_id, activity_type, at in self._store.paid_around(asked):
                self._members[user_id].paid(activity_type, at)

    def open(self, user_id: Any, event: Event, cooldown: timedelta | None = None) -> Account:
        member = self._members[user_id]
        if event.week not in member.weeks:
            # A mark may belong to another week than the event that completes it.
            self._read_days([(user_id, event)])
        if cooldown is not None and event.event_key not in member.keys:
            # A streak or goal that an event of the batch completes: nobody knew of it before.
            self._read_paid([(user_id, event.activity_type, event.occurred_at, cooldown)])
        return Account(
            user_id=user_id,
            week=event.week,
            before=member.standing,
            standing=member.standing,
            existing=self.find(user_id, event.event_key),
            days=member.days_of(event.activity_type),
            nearest=None
            if cooldown is None
            else nearest_among(member.paid_at.get(event.activity_type, ()), event.occurred_at),
        )

    def record(self, entry: Entry, account: Account) -> None:
        member = self._members[entry.user_id]
        self._entries.append(entry)
        member.keys[entry.event_key] = entry
        member.standing = account.standing
        days = member.days_of(entry.activity_type)
        days[entry.day] = days.get(entry.day, NOTHING).plus(
            entry.awards, entry.points, entry.capped, entry.occurred_at
        )
        if entry.awards > 0:
            member.paid(entry.activity_type, entry.occurred_at)
        if entry.event_key.startswith(_MARK):
            member.marks.append(Mark(entry.event_key, entry.activity_type, entry.day))

    def find(self, user_id: Any, event_key: str) -> Entry | None:
        keys = self._members[user_id].keys
        return keys[event_key] if event_key in keys else self._store.find(user_id, event_key)

    def following(self, user_id: Any, number: int) -> Sequence[Entry]:
        member = self._members[user_id]
        if number <= member.read_at and number not in member.looked_behind:
            return self._store.following(user_id, number)
        # An entry of the batch, or one that was looked behind: all that follows is here.
        return sorted(
            (one for one in member.keys.values() if one and one.cause and one.number > number),
            key=lambda one: one.number,
        )

    def shortfalls(self, user_id: Any, activity_type: str, since: date, until: date) -> list[Entry]:
        # A batch reverses nothing, so it promotes nothing.
        return self._store.shortfalls(user_id, activity_type, since, until)

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[ActiveDay]:
        here = [one for one in self._active(user_id, activity_type, less) if one.day < before]
        here.sort(key=_BY_DAY, reverse=True)
        there = self._store.active_days(user_id, activity_type, before, less)
        return _each_day(merge(here, there, key=_BY_DAY, reverse=True))

    def active_days_from(
        self, user_id: Any, activity_type: str | None, since: date
    ) -> Iterator[ActiveDay]:
        here = [one for one in self._active(user_id, activity_type) if one.day >= since]
        here.sort(key=_BY_DAY)
        there = self._store.active_days_from(user_id, activity_type, since)
        return _each_day(merge(here, there, key=_BY_DAY))

    def marks(self, user_id: Any, first_key: str, last_key: str) -> list[Mark]:
        return [
            *self._members[user_id].marks,
            *self._store.marks(user_id, first_key, last_key),
        ]

    def _active(
        self, user_id: Any, activity_type: str | None, less: tuple[str, date] | None = None
    ) -> Iterator[ActiveDay]:
        """Yield the active days that are in memory, in no order."""
        for name, days in self._members[user_id].days.items():
            if activity_type in (None, name):
                for day, total in days.items():
                    if total.awards > int(less == (name, day)) and total.last_awarded_at:
                        yield ActiveDay(day, total.last_awarded_at)

    def flush(self) -> None:
        """Write what the batch has gathered; nothing, if every event was known before."""
        if self._entries:
            accounts = [
                Recorded(user_id, member.read_at, member.standing)
                for user_id, member in self._members.items()
                if member.standing.last_number > member.read_at
            ]
            self._store.record_many(self._entries, accounts)


def _each_day(days: Iterable[ActiveDay]) -> Iterator[ActiveDay]:
    """Yield each day once, with the earliest of the instants that are given for it."""
    return (min(same) for _, same in groupby(days, key=_BY_DAY))


@contextmanager
def gathered(
    store: DatabaseStore, events: Sequence[tuple[Any, Event, timedelta | None]]
) -> Iterator[BatchStore]:
    """Yield a batch over a store, and write it when the block has ended well."""
    batch = BatchStore(store, events)
    token = gathering.set(True)
    try:
        yield batch
    finally:
        gathering.reset(token)
    batch.flush()
