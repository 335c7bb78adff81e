"""The audit: prove that every book says what the ledger says, and restore those that do not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.calendar.zones import skips_of
from thrive_points.conf import points_settings
from thrive_points.core.periods import week_of
from thrive_points.core.streaks import Skips, Unit, rerun
from thrive_points.ledger.columns import decode, encode
from thrive_points.ledger.posting import store_for_writing
from thrive_points.ledger.profile import Standing
from thrive_points.models import PointsHistory
from thrive_points.sql.named import filled, load, places_of
from thrive_points.sql.schema import altered
from thrive_points.sql.values import Values, writing_connection

MEMBERS_AT_ONCE = 1_000
ROWS_AT_ONCE = 2_000
AS_RELEASED = "as released"
"""What the functions, triggers and constraints should be."""

_SQL = load("audit.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """A number that is not what the ledger says.

    Args:
        user_id: whose number; None for what guards the ledger itself.
        what: which number, such as "total_xp".
        found, expected: the number kept, and what the ledger adds up to.
    """

    user_id: Any
    what: str
    found: Any
    expected: Any

    def __str__(self) -> str:
        if self.user_id is None:
            return f"{self.what} is {self.found}, it should be {self.expected}"
        off = ""
        if isinstance(self.found, int) and isinstance(self.expected, int):
            off = f" ({self.found - self.expected:+d})"
        return (
            f"user {self.user_id}: {self.what} is {self.found}, "
            f"the ledger says {self.expected}{off}"
        )


_OF_A_DAY = ("awards", "points", "capped", "last award", "rows")


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
    called_for: int
    there: int

    @property
    def by_ledger(self) -> tuple[Any, ...]:
        """Return the four numbers as the ledger has them, and how many totals there should be."""
        return self.awards, self.points, self.capped, self.last, self.called_for

    @property
    def kept(self) -> tuple[Any, ...]:
        """Return the four numbers as the daily total has them, and how many totals there are."""
        return self.awards_kept, self.points_kept, self.capped_kept, self.last_kept, self.there


class _Events(NamedTuple):
    """A member's XP events: their sum, how many there are, and how many show no entry."""

    total: int = 0
    events: int = 0
    astray: int = 0


class _Numbers(NamedTuple):
    """How many entries a member has, and their lowest and highest number."""

    entries: int = 0
    lowest: int = 1
    highest: int = 0


class _Proof(NamedTuple):
    """Where the ledger says a member stands, beside what the other books say."""

    user_id: Any
    days: list[_Day]
    xp: _Events
    profile: Standing
    standing: Standing
    numbers: _Numbers

    def discrepancies(self) -> Iterator[Discrepancy]:
        """Yield every number that is wrong."""
        for what, found, expected in self._figures():
            if found != expected:
                yield Discrepancy(user_id=self.user_id, what=what, found=found, expected=expected)

    @property
    def derived_wrong(self) -> bool:
        """Return whether a derived book is wrong, which a rebuild restores."""
        days = any(day.by_ledger != day.kept for day in self.days)
        return days or self.profile != self.standing or self.xp != self._xp_by_ledger

    @property
    def _xp_by_ledger(self) -> _Events:
        return _Events(self.standing.total_xp, sum(day.moved for day in self.days))

    def _figures(self) -> Iterator[tuple[str, Any, Any]]:
        for day in self.days:
            if day.by_ledger != day.kept:
                for name, found, expected in zip(_OF_A_DAY, day.kept, day.by_ledger, strict=True):
                    yield f"daily {name} of {day.activity_type} on {day.day}", found, expected
        expected_xp = self._xp_by_ledger
        yield "sum of XP events", self.xp.total, expected_xp.total
        yield "number of XP events", self.xp.events, expected_xp.events
        yield "number of XP events that show no entry", self.xp.astray, 0
        found, expected = self.profile, self.standing
        yield "total_xp", found.total_xp, expected.total_xp
        yield "week", found.week, expected.week
        yield "week_xp", found.week_xp, expected.week_xp
        yield "streaks", dict(found.streaks), dict(expected.streaks)
        yield "last_number", found.last_number, expected.last_number
        # The ledger itself: a number that is missing was taken out of it.
        yield "lowest entry number", self.numbers.lowest, 1
        yield "number of entries", self.numbers.entries, expected.last_number


def audit(progress: Callable[[int], object] | None = None) -> Iterator[Discrepancy]:
    """Yield what guards the ledger and is not as it should be, then every wrong number, by user.

    Args:
        progress: called with the number of users proved since its last call.
    """
    books = _Books(writing_connection(PointsHistory))
    for name, found in altered(books.connection):
        yield Discrepancy(user_id=None, what=name, found=found, expected=AS_RELEASED)
    yield from books.forged_rules()
    for members in books.ranges():
        with _one_view(books.connection):
            found_here = [one for proof in books.prove(members) for one in proof.discrepancies()]
            found_here += books.members_gone(members)
        yield from found_here
        if progress is not None:
            progress(len(members))


def rebuild(progress: Callable[[int], object] | None = None) -> int:
    """Restore from the ledger whatever does not say what it says; return the number of users.

    Awards may go on meanwhile: each range of users is locked for its own transaction. Books
    of members that agree stay as they are.

    Args:
        progress: called with the number of users looked at since its last call.
    """
    store = store_for_writing()
    books = _Books(writing_connection(PointsHistory))
    rebuilt = 0
    for members in books.ranges():
        with store.transaction():
            for _ in store.lock_many(members):
                pass
            wrong = {
                proof.user_id: proof.standing
                for proof in books.prove(members)
                if proof.derived_wrong
            }
            if wrong:
                books.derive_anew(wrong)
        rebuilt += len(wrong)
        if progress is not None:
            progress(len(members))
    return rebuilt


def every_member() -> Iterator[list[Any]]:
    """Yield all members that are in any of the books, a limited number at a time, in order."""
    return _Books(writing_connection(PointsHistory)).ranges()


@contextmanager
def _one_view(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the statements of a block see one moment, though awards go on."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


class _Books:
    """The ledger and the books derived from it, read for a limited number of members at a time."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self._values = Values(connection)
        if connection.vendor == "postgresql":
            given = "jsonb_to_recordset(%(members)s) AS given (user_id {user_type})"
        else:
            given = "(SELECT value AS user_id FROM json_each(%(members)s)) AS given"
        # The bounds say nothing new, but show the planner that a short stretch of an index will
        # do. By the list alone it may read a whole table for every thousand members.
        among = f"BETWEEN %(first)s AND %(last)s AND user_id IN (SELECT given.user_id FROM {given})"
        self._placeholders = {"{among_members}": among, **places_of(connection)}

    def ranges(self) -> Iterator[list[Any]]:
        """Yield all members that are in any of the books, a limited number at a time, in order."""
        last: Any = None
        while True:
            after = "true" if last is None else "user_id > %(after)s"
            with self.connection.cursor() as cursor:
                cursor.execute(
                    _SQL["members_after"].replace("{after}", after),
                    {"after": last, "limit": MEMBERS_AT_ONCE},
                )
                found = [member for (member,) in cursor.fetchall()]
            if not found:
                return
            last = found[-1]
            yield [self._values.user_out(member) for member in found]

    def derive_anew(self, standings: Mapping[Any, Standing]) -> None:
        """Write daily totals and XP events of members as the ledger has them, and their standings.

        XP events that show their entry stay: they are append-only.
        """
        params = self._params(list(standings))
        values = self._values
        with self.connection.cursor() as cursor:
            for name in ("delete_days", "derive_days", "delete_xp_events", "derive_xp_events"):
                cursor.execute(filled(_SQL[name], self._placeholders), params)
            cursor.executemany(
                _SQL["write_profile"],
                [
                    (
                        values.user(user_id),
                        standing.total_xp,
                        values.day(standing.week),
                        standing.week_xp,
                        encode(standing.streaks),
                        standing.last_number,
                    )
                    for user_id, standing in standings.items()
                ],
            )

    def prove(self, members: list[Any]) -> Iterator[_Proof]:
        """Yield what the ledger says of each member, and what the other books say."""
        out = self._values.user_out
        xp = {out(user): _Events(*rest) for user, *rest in self._rows("xp_events", members)}
        numbers = {out(user): _Numbers(*rest) for user, *rest in self._rows("numbers", members)}
        profiles = dict(self._profiles(members))
        skips = skips_of(members)
        nobody: tuple[Any, Iterable[Any]] = (None, ())
        # Rows come in the order of the members, so only one member's days are held at a time.
        by_member = groupby(self._rows("days", members), key=itemgetter(0))
        member, rows = next(by_member, nobody)
        for user_id in members:
            days: list[_Day] = []
            if member is not None and out(member) == user_id:
                days = list(map(_Day._make, rows))
                member, rows = next(by_member, nobody)
            profile, kept = profiles.get(user_id, Standing()), numbers.get(user_id, _Numbers())
            # A profile that knows of a later entry than the ledger has is right: it is missing.
            newest = max(profile.last_number, kept.highest)
            standing = self._standing(days, partial(skips, user_id))._replace(last_number=newest)
            yield _Proof(user_id, days, xp.get(user_id, _Events()), profile, standing, kept)

    def members_gone(self, members: list[Any]) -> Iterator[Discrepancy]:
        """Yield the members whose user is gone, though they were not erased."""
        for (user,) in self._rows("members_gone", members):
            yield Discrepancy(
                user_id=self._values.user_out(user), what="user", found="gone", expected="there"
            )

    def forged_rules(self) -> Iterator[Discrepancy]:
        """Yield the revisions that did not decide what they should have: they came later."""
        with self.connection.cursor() as cursor:
            cursor.execute(_SQL["forged_rules"], {})
            for activity_type, revision, entries in cursor.fetchall():
                yield Discrepancy(
                    user_id=None,
                    what=f"revision r{revision} of {activity_type}",
                    found=f"in force for {entries} entries that an earlier rule decided",
                    expected="what decided them",
                )

    def _profiles(self, members: list[Any]) -> Iterator[tuple[Any, Standing]]:
        for user, total_xp, week, week_xp, streaks, number in self._rows("profiles", members):
            runs = {name: tuple(run) for name, run in decode(streaks).items()}
            week = self._values.day_out(week)
            yield self._values.user_out(user), Standing(total_xp, week, week_xp, runs, number)

    def _standing(self, days: list[_Day], skips: Skips) -> Standing:
        """Return where a member stands whose days are given newest first."""
        if not days:
            return Standing()
        dates = [self._values.day_out(row.day) for row in days]
        active = [
            (day, row.activity_type)
            for day, row in zip(dates, days, strict=True)
            if day is not None and row.awards > 0
        ]
        runs = {}
        for streak in points_settings().streaks:
            ordinal, wanted = streak.unit.ordinal, streak.activity
            ordinals = (ordinal(day) for day, activity in active if wanted in (None, activity))
            some = skips if streak.unit is Unit.DAY else None
            if run := rerun(ordinals, streak.forgiven, some):
                runs[streak.name] = tuple(run)
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

    def _rows(self, name: str, members: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement about members, without holding all of them in memory."""
        with self.connection.chunked_cursor() as cursor:
            cursor.execute(filled(_SQL[name], self._placeholders), self._params(members))
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows

    def _params(self, members: Sequence[Any]) -> dict[str, Any]:
        keys = [self._values.user(user_id) for user_id in members]
        if self.connection.vendor == "postgresql":
            given = encode([{"user_id": key} for key in keys])
        else:
            given = encode(keys)
        return {"members": given, "first": keys[0], "last": keys[-1]}
