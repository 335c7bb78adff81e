"""What keeps the ledger: one contract, fulfilled by a store for each database and by a batch."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from thrive_points.core.event import Event
from thrive_points.core.usage import DayTotal, Nearest
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.profile import Account, Standing
from thrive_points.ledger.streaks import Past

gathering: ContextVar[bool] = ContextVar("thrive_points_gathering", default=False)
"""Whether a batch has read its accounts and not written them yet."""


class MemberDay(NamedTuple):
    """A daily total, and whose it is."""

    user_id: Any
    activity_type: str
    day: date
    total: DayTotal


class Recorded(NamedTuple):
    """A member's account after new entries.

    Args:
        user_id: the member's key.
        after: number of the newest entry before them.
        standing: where the member stands now.
    """

    user_id: Any
    after: int
    standing: Standing


class Store(Past, Protocol):
    """Reads and writes a member's account inside a transaction the caller has opened."""

    def open(self, user_id: Any, event: Event, cooldown: timedelta | None = None) -> Account:
        """Lock the member's account, making it if need be, and read what a decision needs.

        Key and days are read after the lock is held, so that what an earlier holder
        committed is seen.

        Args:
            user_id: the member's key.
            event: the event that is to be decided.
            cooldown: of its rule; the paid instants around the event are read for one.
        """
        ...

    def record(self, entry: Entry, account: Account) -> None:
        """Append an entry, and write what follows from it: its daily total, XP and profile."""
        ...

    def find(self, user_id: Any, event_key: str) -> Entry | None:
        """Return the entry under an event key."""
        ...

    def following(self, user_id: Any, number: int) -> Sequence[Entry]:
        """Return the entries right after one that follow from another, up to one that does not.

        What an award completed is among them.
        """
        ...

    def shortfalls(self, user_id: Any, activity_type: str, since: date, until: date) -> list[Entry]:
        """Return what was refused or reduced by a cap in some days, and the corrections there.

        The earliest few hundred are returned, in the order of their days and instants.
        """
        ...


class DatabaseStore(Store, Protocol):
    """A store that reads and writes many accounts at once too, and looks for what to correct."""

    alias: str

    def nearest(self, user_id: Any, event: Event, cooldown: timedelta) -> Nearest:
        """Return the paid instants next to an event, within a cooldown."""
        ...

    def paid_around(
        self, asked: Iterable[tuple[Any, str, datetime, timedelta]]
    ) -> Iterator[tuple[Any, str, datetime]]:
        """Yield the paid instants next to events: (member, activity type, instant).

        Args:
            asked: member, activity type, instant of the event, and how far to look.
        """
        ...

    def transaction(self, *, savepoint: bool = True) -> AbstractContextManager[None]:
        """Return Django's `atomic` for a block in which accounts are opened and recorded.

        Args:
            savepoint: inside a transaction, set one that an error rolls back to.
        """
        ...

    def lock_many(self, user_ids: Sequence[Any]) -> Iterator[tuple[Any, Standing]]:
        """Lock accounts in the one order everybody keeps, making them, and yield them."""
        ...

    def days_many(self, spans: Iterable[tuple[Any, date, date]]) -> Iterator[MemberDay]:
        """Yield the daily totals of members between a first and a last day."""
        ...

    def find_many(self, keys: Iterable[tuple[Any, str]]) -> Iterator[Entry]:
        """Yield the entries under those of the (member, event key) pairs that are known."""
        ...

    def following_many(self, places: Iterable[tuple[Any, int]]) -> Iterator[Entry]:
        """Yield what `following` returns, for many (member, number) pairs."""
        ...

    def record_many(self, entries: Sequence[Entry], accounts: Sequence[Recorded]) -> None:
        """Append entries, and write what follows from them for each account."""
        ...
