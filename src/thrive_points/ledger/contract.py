"""What PointsService asks of a store. Every implementation passes the same test suite."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from thrive_circles.standing import XP, Standing
from thrive_circles.store import BulkXPStore, XPStore
from thrive_points.core.event import Decision, Event, Outcome
from thrive_points.core.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Existing:
    """An entry found under an event key."""

    entry_id: int
    activity_type: str
    outcome: Outcome
    points: int
    occurred_at: datetime
    day: date


class Account(NamedTuple):
    """What is read of a user under the lock: the profile, the key's entry and the usage."""

    standing: Standing
    existing: Existing | None
    usage: Usage


class Entry(NamedTuple):
    """A row to append to the ledger, with what it does to its daily total.

    Args:
        awards: change of the day's paid awards: 1 for an award, -1 for its reversal.
        capped: 1 for an event refused by a cap.
    """

    user_id: Any
    event: Event
    outcome: Outcome
    points: int
    recorded_at: datetime
    rule_revision: str = ""
    arithmetic: tuple[tuple[Any, ...], ...] = ()
    reverses: int | None = None
    actor_id: Any = None
    description: str = ""
    awards: int = 0
    capped: int = 0

    @classmethod
    def of_decision(
        cls,
        user_id: Any,
        event: Event,
        decision: Decision,
        *,
        recorded_at: datetime,
        rule_revision: str,
        description: str,
    ) -> "Entry":
        """Return the entry that keeps a decision."""
        return cls(
            user_id=user_id,
            event=event,
            outcome=decision.outcome,
            points=decision.points,
            recorded_at=recorded_at,
            rule_revision=rule_revision,
            arithmetic=decision.arithmetic,
            description=description,
            awards=int(decision.outcome.pays),
            capped=int(decision.outcome is Outcome.CAPPED),
        )

    @property
    def touches_day(self) -> bool:
        """Tell whether the day's total changes at all."""
        return bool(self.awards or self.points or self.capped)


class DayTotal(NamedTuple):
    """A daily total: what a user had of one activity type in one day."""

    awards: int = 0
    points: int = 0
    capped: int = 0
    last_awarded_at: datetime | None = None

    def plus(self, entry: Entry) -> "DayTotal":
        """Return the total with an entry added."""
        last = self.last_awarded_at
        if entry.awards > 0 and (last is None or entry.event.occurred_at > last):
            last = entry.event.occurred_at
        return DayTotal(
            awards=self.awards + entry.awards,
            points=self.points + entry.points,
            capped=self.capped + entry.capped,
            last_awarded_at=last,
        )


class Store(Protocol):
    """Reads and writes the ledger inside a transaction the caller has opened."""

    @property
    def xp(self) -> XPStore:
        """Return where the XP of this store's accounts is written."""
        ...

    def open_account(self, user_id: Any, event: Event) -> Account:
        """Lock the user's profile, creating it if need be, and read what a decision needs.

        The key and the usage are read after the lock is held, so that what an earlier
        holder committed is seen.
        """
        ...

    def append(self, entry: Entry) -> int:
        """Append an entry, add it to its daily total, and return its primary key."""
        ...

    def find(self, user_id: Any, event_key: str) -> Existing | None:
        """Return the entry under an event key."""
        ...

    def active_days(
        self, user_id: Any, activity_type: str | None, before: date = date.max
    ) -> Iterator[date]:
        """Yield a user's days before one with an award of an activity, or of any, newest first."""
        ...


class BulkStore(Store, Protocol):
    """A store that also reads and writes many accounts at once, for a batch.

    While it `gathers`, a batch has read its accounts and not yet written them, and no other
    transaction may be asked for.
    """

    gathers: bool

    def transaction(self, *, savepoint: bool = True) -> AbstractContextManager[None]:
        """Return Django's `atomic` for a block at whose end everything asked for is written.

        Args:
            savepoint: inside a transaction, set one that an error rolls back to.
        """
        ...

    @property
    def xp(self) -> BulkXPStore:
        """Return where the XP of this store's accounts is written."""
        ...

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        """Lock the profiles of users in the order given, creating them, and yield them."""
        ...

    def read_weeks(
        self, weeks: Sequence[tuple[Any, date]]
    ) -> Iterator[tuple[Any, str, date, DayTotal]]:
        """Yield (user, activity type, day, total) of users' weeks, each with the day before."""
        ...

    def find_many(self, keys: Sequence[tuple[Any, str]]) -> Iterator[tuple[Any, str, Existing]]:
        """Yield (user, event key, entry) for those of the keys that are in the ledger."""
        ...

    def reserve_ids(self, count: int, after: int) -> Sequence[int]:
        """Return primary keys for entries to append; those up to `after` are taken already."""
        ...

    def existing(self, row: Sequence[Any]) -> Existing:
        """Return the entry of a row: id, activity type, outcome, points, instant and day."""
        ...

    def write_many(
        self,
        entries: Sequence[tuple[int, Entry]],
        totals: Sequence[tuple[Any, str, date, DayTotal]],
        xp: Sequence[XP],
        standings: Sequence[tuple[Any, Standing]],
    ) -> None:
        """Append entries, and write what follows from them.

        Args:
            entries: each with its reserved primary key.
            totals: user, activity type, day and the daily total as it now is.
            xp: what goes into the feed.
            standings: where each user whose XP moved now stands.
        """
        ...
