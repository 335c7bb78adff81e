"""XPService: the one door by which XP enters."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from thrive_circles import door
from thrive_circles.models import UserThriveProfile
from thrive_circles.standing import XP, Standing, streaks_to_json
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.core.streaks import Run
from thrive_points.exceptions import DoorClosed

DESCRIPTION_LENGTH = 300


class XPService:
    """Adds XP to a member's profile and tells their circle. Called by PointsService alone."""

    @staticmethod
    def add_xp(
        user: Any,
        amount: int,
        source: str,
        description: str,
        *,
        week: date | None = None,
        streaks: Mapping[str, Run] | None = None,
        occurred_at: datetime | None = None,
    ) -> Standing:
        """Add XP: total, weekly XP, level, streaks and one XPEvent.

        Args:
            user: the member whose account PointsService holds open.
            amount: XP to add; below zero for a reversal or a downward adjustment.
            source: the activity type it came from.
            description: one sentence for the circle's feed, cut to 300 characters.
            week: Monday of the week the XP belongs to; the member's current one by default.
            streaks: the member's runs after this event; unchanged by default.
            occurred_at: when the feed says it happened; now by default.

        Returns:
            Where the member now stands; `user.thrive_profile` shows it too.

        Raises:
            DoorClosed: called from outside PointsService, or for another member than the
                one whose account is open.
        """
        account = door.current()
        if account is None or account.user_id != user.pk:
            raise DoorClosed(
                f"XPService.add_xp({user!r}, {amount}) was called from outside PointsService. "
                "Call PointsService.award_points, reverse or adjust: XP without a ledger entry "
                "would be a second book."
            )
        standing = account.standing.plus(amount, week or week_of(today_of(user)), streaks)
        xp = XP(
            user_id=account.user_id,
            amount=amount,
            source=source,
            description=description[:DESCRIPTION_LENGTH],
            created_at=occurred_at or timezone.now(),
        )
        account.store.add_xp(xp, standing)
        account.standing = standing
        show_standing(user, standing)
        return standing


def show_standing(user: Any, standing: Standing) -> None:
    """Make a user object show a standing, so that `user.total_points` needs no query."""
    cached = user._state.fields_cache.get("thrive_profile")
    if cached is None:
        cached = UserThriveProfile(user_id=user.pk)
        cached._state.adding = False
        cached._state.fields_cache["user"] = user
        # A profile made here has not read its circle; leave that to the first access.
        del cached.__dict__["circle_id"]
        user._state.fields_cache["thrive_profile"] = cached
    cached.total_xp = standing.total_xp
    cached.week = standing.week
    cached.week_xp = standing.week_xp
    cached.level = standing.level
    cached.streaks = streaks_to_json(standing.streaks)
