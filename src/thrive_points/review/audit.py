"""The audit: prove that every book says what the ledger says, and rebuild those that do not."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_circles.standing import Standing, streaks_from_json
from thrive_circles.store import xp_store_for
from thrive_points.conf import points_settings
from thrive_points.core.periods import week_of
from thrive_points.core.streaks import rerun
from thrive_points.dialect import Dialect, writing_connection
from thrive_points.models import PointsHistory
from thrive_points.named_sql import load
from thrive_points.rules.resolution import ADJUSTMENT

USERS_AT_ONCE = 1_000

# What an entry does to its daily total, as Entry.of_decision and post_reversal define it.
_BITS = {
    "{awards}": (
        "CASE WHEN outcome IN ('awarded', 'reduced') THEN 1 WHEN outcome = 'reversed' "
        f"AND points < 0 AND activity_type <> '{ADJUSTMENT}' THEN -1 ELSE 0 END"
    ),
    "{capped}": "CASE WHEN outcome = 'capped' THEN 1 ELSE 0 END",
    "{awarded_at}": "CASE WHEN outcome IN ('awarded', 'reduced') THEN occurred_at END",
}


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


@dataclass(frozen=True, slots=True)
class _Users:
    """Users that are looked at together, with their keys as parameters."""

    ids: list[Any]
    params: dict[str, Any]

    def named_in(self, statement: str) -> str:
        """Return a statement that is about these users."""
        return statement.replace("{users}", ", ".join(f"%({name})s" for name in self.params))


def audit(progress: Callable[[int], object] | None = None) -> Iterator[Finding]:
    """Yield every number that is not what the ledger says, by user.

    Args:
        progress: called with the number of users proved since its last call.
    """
    connection = writing_connection(PointsHistory)
    for users in _ranges(connection):
        with _one_view(connection):
            findings = list(_audit_range(connection, users))
        yield from findings
        if progress is not None:
            progress(len(users.ids))


def rebuild(progress: Callable[[int], object] | None = None) -> int:
    """Restore from the ledger everything derived from it; return the number of users.

    Awards may go on meanwhile: each range of users is locked for its own transaction.

    Args:
        progress: called with the number of users rebuilt since its last call.
    """
    connection = writing_connection(PointsHistory)
    done = 0
    for users in _ranges(connection):
        with transaction.atomic(using=connection.alias):
            _rebuild_range(connection, users)
        done += len(users.ids)
        if progress is not None:
            progress(len(users.ids))
    return done


@contextmanager
def _one_view(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the statements of a block see one moment, though awards go on."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(using=connection.alias):
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _audit_range(connection: BaseDatabaseWrapper, users: _Users) -> Iterator[Finding]:
    dialect = Dialect(connection)
    for user, day, activity, *numbers, ledger_last, last in _rows(
        connection, "day_differences", users
    ):
        pairs = zip(("awards", "points", "capped"), numbers[::2], numbers[1::2], strict=True)
        where = f"{activity} on {dialect.day_out(day)}"
        for name, expected, found in (*pairs, ("last award", ledger_last, last)):
            if expected != found:
                yield Finding(
                    user_id=dialect.user_out(user),
                    what=f"daily {name} of {where}",
                    found=found if name == "last award" else int(found),
                    expected=expected if name == "last award" else int(expected),
                )
    standings = _standings_from_ledger(connection, users)
    xp = {dialect.user_out(user): int(sum_) for user, sum_ in _rows(connection, "xp_sums", users)}
    kept = _profiles(connection, users)
    for user_id in users.ids:
        expected = standings[user_id]
        profile, level = kept.get(user_id, (Standing(), 1))
        for what, found, should in (
            ("total_xp", profile.total_xp, expected.total_xp),
            ("sum of XP events", xp.get(user_id, 0), expected.total_xp),
            ("week", profile.week, expected.week),
            ("week_xp", profile.week_xp, expected.week_xp),
            ("level", level, expected.level),
            ("streaks", dict(profile.streaks), dict(expected.streaks)),
        ):
            if found != should:
                yield Finding(user_id=user_id, what=what, found=found, expected=should)


def _rebuild_range(connection: BaseDatabaseWrapper, users: _Users) -> None:
    dialect = Dialect(connection)
    no_streaks = "'{}'::jsonb" if connection.vendor == "postgresql" else "'{}'"
    for_update = "FOR UPDATE" if connection.features.has_select_for_update else ""
    for name in ("add_profiles", "lock_profiles", "delete_totals", "insert_totals"):
        statement = _SQL[name].replace("{no_streaks}", no_streaks)
        statement = statement.replace("{for_update}", for_update)
        _run(connection, users.named_in(statement), users.params)
    standings = _standings_from_ledger(connection, users)
    xp = {dialect.user_out(user): int(sum_) for user, sum_ in _rows(connection, "xp_sums", users)}
    for user_id, standing in standings.items():
        # Events that add up stay as they are: a feed should not be written anew for nothing.
        if xp.get(user_id, 0) != standing.total_xp:
            _run(connection, _SQL["delete_xp_events"], {"user": dialect.user(user_id)})
            _run(connection, _SQL["insert_xp_events"], {"user": dialect.user(user_id)})
    xp_store_for(connection).add_many([], list(standings.items()))


def _standings_from_ledger(connection: BaseDatabaseWrapper, users: _Users) -> dict[Any, Standing]:
    """Return where the ledger says each user stands; weeks and streaks by its daily totals."""
    dialect = Dialect(connection)
    sums = {
        dialect.user_out(user): (int(total), dialect.day_out(last))
        for user, total, last in _rows(connection, "ledger_sums", users)
    }
    standings = dict.fromkeys(users.ids, Standing())
    standings |= {
        user_id: Standing(total_xp=total, week=week_of(last) if last else None)
        for user_id, (total, last) in sums.items()
    }
    totals = _rows(connection, "totals", users)
    for user, rows in groupby(totals, key=lambda row: row[0]):
        user_id = dialect.user_out(user)
        days = [(dialect.day_out(day), *rest) for _, day, *rest in rows]
        standings[user_id] = _from_days(standings[user_id], days)
    return standings


def _from_days(standing: Standing, days: list[Any]) -> Standing:
    """Return a standing with its week's XP and runs, from (day, activity, awards, points)."""
    week = standing.week
    runs = {}
    for streak in points_settings().streaks:
        active: Iterable[date] = (
            day
            for day, activity, awards, _ in days
            if awards > 0 and streak.activity in (None, activity)
        )
        if run := rerun((streak.unit.ordinal(day) for day in active), streak.forgiven):
            runs[streak.name] = run
    return Standing(
        total_xp=standing.total_xp,
        week=week,
        week_xp=sum(points for day, _, _, points in days if week and week_of(day) == week),
        streaks=runs,
    )


def _profiles(connection: BaseDatabaseWrapper, users: _Users) -> dict[Any, tuple[Standing, int]]:
    dialect = Dialect(connection)
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
        for user, total_xp, week, week_xp, streaks, level in _rows(connection, "profiles", users)
    }


def _ranges(connection: BaseDatabaseWrapper) -> Iterator[_Users]:
    dialect = Dialect(connection)
    last: Any = None
    while True:
        after = "true" if last is None else "user_id > %(after)s"
        with connection.cursor() as cursor:
            cursor.execute(
                _SQL["users_after"].replace("{after}", after),
                {"after": last, "limit": USERS_AT_ONCE},
            )
            found = [user for (user,) in cursor.fetchall()]
        if not found:
            return
        last = found[-1]
        yield _Users(
            [dialect.user_out(user) for user in found],
            {f"u{number}": user for number, user in enumerate(found)},
        )


def _rows(connection: BaseDatabaseWrapper, name: str, users: _Users) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(users.named_in(_SQL[name]), users.params)
        return list(cursor.fetchall())


def _run(connection: BaseDatabaseWrapper, statement: str, params: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def _statements() -> dict[str, str]:
    statements = load("thrive_points.review", "audit.sql")
    for placeholder, expression in _BITS.items():
        statements = {n: s.replace(placeholder, expression) for n, s in statements.items()}
    return statements


_SQL = _statements()
