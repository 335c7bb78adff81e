"""What a member could do next, and what it earns: the rules' values, the member's own limits."""

import datetime as dt
from dataclasses import dataclass

from allthrive.accounts.models import User
from allthrive.doorways import DOORWAYS, Doorway
from thrive_points import selectors
from thrive_points.calendar.zones import today_of

BALANCE_DAYS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A page to go to, and the activity it suggests there."""

    door: Doorway
    activity: selectors.ActivityStatus

    @property
    def left(self) -> str:
        """Return how many are left today or this week, "" when nothing limits them."""
        status = self.activity
        if status.left_today is not None and status.max_per_day != 1:
            return f"{status.left_today} left today"
        if status.left_this_week is not None and status.max_per_week != 1:
            return f"{status.left_this_week} left this week"
        return (
            "once a day"
            if status.max_per_day == 1
            else "once a week"
            if status.max_per_week
            else ""
        )


def suggestions_for(user: User) -> list[Suggestion]:
    """Return one suggestion for each doorway that can earn something now, the best first.

    Categories the member had least of in the last 30 days come first, so that following the
    list leads to a fuller balance.
    """
    today = today_of(user)
    had = selectors.by_category(
        user, today - dt.timedelta(days=BALANCE_DAYS - 1), today, selectors.Bucket.NONE
    ).by_category
    open_now = {
        status.activity_type: status for status in selectors.activities(user) if status.available
    }
    found = [
        Suggestion(door=door, activity=first)
        for door in DOORWAYS
        if (first := next((open_now[name] for name in door.earns if name in open_now), None))
    ]
    return sorted(found, key=lambda s: (had[s.activity.category], -s.activity.next_points))
