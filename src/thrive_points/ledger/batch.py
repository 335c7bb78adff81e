"""A store that reads a batch's accounts at once, keeps them in memory and writes at once.

It fulfils the same contract as the store it stands on, so a batch is decided by the very
code that decides a single event.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from itertools import groupby
from typing import Any

from thrive_points.core.event import Event
from thrive_points.core.usage import NOTHING, DayTotal, days_that_count
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.profile import Account, Standing
from thrive_points.ledger.store import DatabaseStore, Recorded, gathering
from thrive_points.validation import own_key


@dataclass(slots=True)
class _Member:
    """One member's state in memory."""

    standing: Standing
    read_at: int
    days: dict[str, dict[date, DayTotal]] = field(default_factory=dict)
    keys: dict[str, Entry | None] = field(default_factory=dict)
    looked_behind: set[int] = field(default_factory=set)

    def days_of(self, activity_type: str) -> dict[date, DayTotal]:
        """Return the totals of an activity type by day, to be read and written."""
        return self.days.setdefault(activity_type, {})


class BatchStore:
    """Holds the accounts of a batch until `flush`."""

    def __init__(self, store: DatabaseStore, events: Sequence[tuple[Any, Event]]) -> None:
        """Lock the members of a batch in one order and read all that its decisions need.

        Args:
            store: reads and writes many accounts.
            events: each member's key and event.
        """
        self._store = store
        self._entries: list[Entry] = []
        locked = store.lock_many(list({user_id: None for user_id, _ in events}))
        self._members = {
            user_id: _Member(standing, standing.last_number) for user_id, standing in locked
        }
        spans = {(user_id, *days_that_count(event.day, event.week)) for user_id, event in events}
        for user_id, activity_type, day, total in store.days_many(spans):
            self._members[user_id].days_of(activity_type)[day] = total
        keys = [(user_id, event.event_key) for user_id, event in events]
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

    def open(self, user_id: Any, event: Event) -> Account:
        member = self._members[user_id]
        return Account(
            user_id=user_id,
            week=event.week,
            before=member.standing,
            standing=member.standing,
            existing=self.find(user_id, event.event_key),
            days=member.days_of(event.activity_type),
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

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[date]:
        here = sorted(
            (
                day
                for name, days in self._members[user_id].days.items()
                if activity_type in (None, name)
                for day, total in days.items()
                if day < before and total.awards > int(less == (name, day))
            ),
            reverse=True,
        )
        there = self._store.active_days(user_id, activity_type, before, less)
        return (day for day, _ in groupby(merge(here, there, reverse=True)))

    def flush(self) -> None:
        """Write what the batch has gathered; nothing, if every event was known before."""
        if self._entries:
            accounts = [
                Recorded(user_id, member.read_at, member.standing)
                for user_id, member in self._members.items()
                if member.standing.last_number > member.read_at
            ]
            self._store.record_many(self._entries, accounts)


@contextmanager
def gathered(store: DatabaseStore, events: Sequence[tuple[Any, Event]]) -> Iterator[BatchStore]:
    """Yield a batch over a store, and write it when the block has ended well."""
    batch = BatchStore(store, events)
    token = gathering.set(True)
    try:
        yield batch
    finally:
        gathering.reset(token)
    batch.flush()
