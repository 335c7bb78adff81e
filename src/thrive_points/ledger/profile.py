"""The profile: a member's account, where they stand, and the XP that every award adds to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, NamedTuple
from weakref import ref

from django.db import transaction

from thrive_points.core.usage import DayTotal, Nearest
from thrive_points.exceptions import SingleWriterError
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.streaks import Runs
from thrive_points.models import UserThriveProfile

NO_RUNS: Runs = {}


class Standing(NamedTuple):
    """The numbers of one profile.

    Args:
        total_xp: sum of everything ever added.
        week: Monday of the latest week XP was added to, None before the first.
        week_xp: XP of that week.
        streaks: the runs by streak name.
        last_number: number of the newest entry, 0 before the first.
    """

    total_xp: int = 0
    week: date | None = None
    week_xp: int = 0
    streaks: Runs = NO_RUNS
    last_number: int = 0

    def plus(self, amount: int, week: date, streaks: Runs) -> "Standing":
        """Return the standing after one more entry.

        Args:
            amount: its points; XP of a week before the latest one counts in the total alone.
            week: Monday of the week the entry counts in.
            streaks: the runs after it.
        """
        number = self.last_number + 1
        if not amount:
            return Standing(self.total_xp, self.week, self.week_xp, streaks, number)
        total = self.total_xp + amount
        if self.week is None or week > self.week:
            return Standing(total, week, amount, streaks, number)
        of_week = self.week_xp + amount if week == self.week else self.week_xp
        return Standing(total, self.week, of_week, streaks, number)


@dataclass(slots=True)
class Account:
    """A member's account while PointsService holds its row locked.

    Args:
        user_id: the member's key.
        week: Monday of the week that the entry about to be made counts in.
        before: where the member stood, as read under the lock.
        standing: where the member stands with what is being recorded.
        existing: the entry under the event's key, if there is one.
        days: the daily totals that the event's decision looks at, by day.
        nearest: the paid instants around the event; None if its rule has no cooldown.
    """

    user_id: Any
    week: date
    before: Standing
    standing: Standing
    existing: Entry | None = None
    days: Mapping[date, DayTotal] = field(default_factory=dict)
    nearest: Nearest | None = None


class XPService:
    """The seam to Thrive Circles: points are XP, and this is where they become it."""

    @staticmethod
    def add_xp(
        user: Any,
        amount: int,
        source: str,
        description: str,
        *,
        account: Account | None = None,
        streaks: Runs | None = None,
    ) -> Standing:
        """Add XP: total, weekly XP and streaks. Called by PointsService for every entry.

        The XPEvent that the circle's feed shows is written with the entry it comes from.

        Args:
            user: the member.
            amount: XP to add; below zero for a reversal or a downward adjustment.
            source: the activity type it came from.
            description: one sentence for the circle's feed.
            account: the member's account, which PointsService alone can hold open.
            streaks: the member's runs after this event; unchanged by default.

        Returns:
            Where the member now stands; `user.thrive_profile` shows it too.

        Raises:
            SingleWriterError: called from outside PointsService, or for another member than
                the one whose account is open.
        """
        if account is None or account.user_id != user.pk:
            raise SingleWriterError(
                f"XPService.add_xp({user!r}, {amount}, {source!r}) was called from outside "
                "PointsService. Call PointsService.award_points, reverse or adjust: XP without a "
                "ledger entry would be a second set of books."
            )
        before = account.standing
        runs = before.streaks if streaks is None else streaks
        account.standing = before.plus(amount, account.week, runs)
        show(user, account.standing)
        return account.standing


def show(user: Any, standing: Standing) -> None:
    """Make a user object show a standing, so that `user.total_points` needs no query."""
    cached = user._state.fields_cache.get("thrive_profile")
    if cached is None:
        cached = UserThriveProfile(user_id=user.pk)
        cached._state.adding = False
        cached._state.fields_cache["user"] = user
        user._state.fields_cache["thrive_profile"] = cached
    cached.total_xp = standing.total_xp
    cached.week = standing.week
    cached.week_xp = standing.week_xp
    cached.streaks = dict(standing.streaks)
    cached.last_number = standing.last_number


class _Writing:
    """Lives for as long as what was written can still be committed, and after it was."""

    __slots__ = ("__weakref__",)


def show_until_rollback(users: Iterable[Any], alias: str) -> None:
    """Let user objects forget what they show if the transaction of this moment is rolled back.

    Django says when a transaction has committed, but not when it was rolled back: what it was to
    call then is dropped, and with it what the figures refer to.

    Args:
        users: those whose standing was shown.
        alias: the database's alias.
    """
    for user in users:
        profile, writing = user._state.fields_cache["thrive_profile"], _Writing()
        profile.shown_by = ref(writing)
        transaction.on_commit(partial(setattr, profile, "written_by", writing), using=alias)
