"""The audit: prove that every book says what the ledger says, and restore those that do not."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import Standing, streaks_from_json
from thrive_circles.store import xp_store_for
from thrive_points.conf import points_settings
from thrive_points.core.periods import week_of
from thrive_points.core.streaks import rerun
from thrive_points.ledger.books import Books
from thrive_points.models import PointsHistory
from thrive_points.sql.dialect import Dialect, writing_connection


class Book(Enum):
    """A book that is derived from the ledger."""

    DAYS = "daily totals"
    PROFILE = "profile"
    FEED = "XP events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A number that is not what the ledger says.

    Args:
        user_id: whose number.
        what: which number, such as "total_xp".
        found, expected: the number kept, and what the ledger adds up to.
    """

    user_id: Any
    what: str
    found: Any
    expected: Any

    def __str__(self) -> str:
        off = ""
        if isinstance(self.found, int) and isinstance(self.expected, int):
            off = f" ({self.found - self.expected:+d})"
        return (
            f"user {self.user_id}: {self.what} is {self.found}, "
            f"the ledger says {self.expected}{off}"
        )


_OF_A_DAY = ("awards", "points", "capped", "last award")


class _Day(NamedTuple):
    """A day of one activity: what the ledger adds up to, then what the daily total says."""

    user: Any
    day: Any
    activity_type: str
    awards: int
    points: int
    capped: int
    last: str | None
    awards_kept: int
    points_kept: int
    capped_kept: int
    last_kept: str | None
    moved: int

    @property
    def by_ledger(self) -> tuple[Any, ...]:
        """Return the four numbers as the ledger has them."""
        return self[3:7]

    @property
    def kept(self) -> tuple[Any, ...]:
        """Return the four numbers as the daily total has them."""
        return self[7:11]


class _Proof(NamedTuple):
    """Where the ledger says a user stands, beside what the other books say."""

    user_id: Any
    days: list[_Day]
    feed: int
    profile: Standing
    level: int
    standing: Standing

    def wrong(self, book: Book) -> bool:
        """Tell whether a book says something else than the ledger."""
        if book is Book.DAYS:
            return any(day.by_ledger != day.kept for day in self.days)
        if book is Book.FEED:
            return self.feed != self.standing.total_xp
        return self.profile != self.standing or self.level != self.standing.level

    def findings(self) -> Iterator[Finding]:
        """Yield every number that is wrong."""
        for what, found, expected in self._numbers():
            if found != expected:
                yield Finding(user_id=self.user_id, what=what, found=found, expected=expected)

    def _numbers(self) -> Iterator[tuple[str, Any, Any]]:
        if self.wrong(Book.DAYS):
            for day in self.days:
                for name, found, expected in zip(_OF_A_DAY, day.kept, day.by_ledger, strict=True):
                    yield f"daily {name} of {day.activity_type} on {day.day}", found, expected
        yield "sum of XP events", self.feed, self.standing.total_xp
        if self.wrong(Book.PROFILE):
            found, expected = self.profile, self.standing
            yield "total_xp", found.total_xp, expected.total_xp
            yield "week", found.week, expected.week
            yield "week_xp", found.week_xp, expected.week_xp
            yield "level", self.level, expected.level
            yield "streaks", dict(found.streaks), dict(expected.streaks)


def audit(progress: Callable[[int], object] | None = None) -> Iterator[Finding]:
    """Yield every number that is not what the ledger says, by user.

    Args:
        progress: called with the number of users proved since its last call.
    """
    connection = writing_connection(PointsHistory)
    books = Books(connection)
    for users in books.ranges():
        with _one_view(connection):
            findings = [found for proof in _prove(books, users) for found in proof.findings()]
        yield from findings
        if progress is not None:
            progress(len(users))


def rebuild(progress: Callable[[int], object] | None = None) -> int:
    """Restore from the ledger whatever does not say what it says; return the number of users.

    Awards may go on meanwhile: each range of users is locked for its own transaction. Books
    that agree stay as they are: a feed should not be written anew for nothing.

    Args:
        progress: called with the number of users looked at since its last call.
    """
    connection = writing_connection(PointsHistory)
    books = Books(connection)
    rebuilt = 0
    for users in books.ranges():
        with transaction.atomic(using=connection.alias):
            books.run("add_profiles", users)
            books.run("lock_profiles", users)
            wrong: dict[Book, dict[Any, Standing]] = {book: {} for book in Book}
            for proof in _prove(books, users):
                for book, standings in wrong.items():
                    if proof.wrong(book):
                        standings[proof.user_id] = proof.standing
            for name in ("delete_totals", "insert_totals"):
                books.run(name, list(wrong[Book.DAYS]))
            for name in ("delete_xp_events", "insert_xp_events"):
                books.run(name, list(wrong[Book.FEED]))
            xp_store_for(connection).add_many([], list(wrong[Book.PROFILE].items()))
        rebuilt += len(set().union(*wrong.values()))
        if progress is not None:
            progress(len(users))
    return rebuilt


@contextmanager
def _one_view(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the statements of a block see one moment, though awards go on."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _prove(books: Books, users: list[Any]) -> Iterator[_Proof]:
    """Yield what the ledger says of each user, and what does not agree with it."""
    user_out = books.dialect.user_out
    xp = {user_out(user): total for user, total in books.rows("xp_sums", users)}
    kept = _profiles(books, users)
    nobody: tuple[Any, Iterable[Any]] = (None, ())
    # Rows come in the order of the users, so only one user's days are held at a time.
    by_user = groupby(books.rows("days", users), key=itemgetter(0))
    user, rows = next(by_user, nobody)
    for user_id in users:
        days: list[_Day] = []
        if user is not None and user_out(user) == user_id:
            days = list(map(_Day._make, rows))
            user, rows = next(by_user, nobody)
        yield _Proof(
            user_id,
            days,
            xp.get(user_id, 0),
            *kept.get(user_id, (Standing(), 1)),
            _standing(days, books.dialect),
        )


def _standing(days: list[_Day], dialect: Dialect) -> Standing:
    """Return where a user stands whose days are given newest first."""
    if not days:
        return Standing()
    dates = [dialect.day_out(row.day) for row in days]
    active = [
        (day, row.activity_type)
        for day, row in zip(dates, days, strict=True)
        if day is not None and row.awards > 0
    ]
    runs = {}
    for streak in points_settings().streaks:
        ordinal, wanted = streak.unit.ordinal, streak.activity
        ordinals = (ordinal(day) for day, activity in active if wanted in (None, activity))
        if run := rerun(ordinals, streak.forgiven):
            runs[streak.name] = run
    moved = [day for day, row in zip(dates, days, strict=True) if day is not None and row.moved]
    week = week_of(moved[0]) if moved else None
    return Standing(
        total_xp=sum([row.points for row in days]),
        week=week,
        week_xp=sum(
            row.points
            for day, row in zip(dates, days, strict=True)
            if week is not None and day is not None and week <= day
        ),
        streaks=runs,
    )


def _profiles(books: Books, users: list[Any]) -> dict[Any, tuple[Standing, int]]:
    dialect: Dialect = books.dialect
    return {
        dialect.user_out(user): (
            Standing(
                total_xp=total_xp,
                week=dialect.day_out(week),
                week_xp=week_xp,
                streaks=streaks_from_json(dialect.json_out(streaks)),
            ),
            level,
        )
        for user, total_xp, week, week_xp, streaks, level in books.rows("profiles", users)
    }
