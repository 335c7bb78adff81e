"""What a member could do next: what there is to do, and what the platform will pay for it."""

import datetime as dt
from dataclasses import dataclass

from allthrive.accounts.models import User
from allthrive.home.openings import NEW, Opening, openings
from thrive_points import selectors
from thrive_points.calendar.zones import today_of
from thrive_points.core.rubric import Frequency

BALANCE_DAYS = 30
_EASE = {Frequency.OFTEN: 0, Frequency.SOMETIMES: 1, Frequency.RARELY: 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """Something to do now, and what it earns."""

    opening: Opening
    activity: selectors.ActivityStatus
    points: int

    @property
    def left(self) -> str:
        """Return how many are left today or this week, "" when nothing limits them."""
        return left_of(self.activity, self.opening.left)


def left_of(status: selectors.ActivityStatus, most: int | None = None) -> str:
    """Return how many more of an activity are paid, in words; "" when nothing limits them.

    Args:
        status: what the platform will pay.
        most: how many there are to do, None where that is no limit.
    """
    if status.left_today is not None and status.max_per_day != 1:
        return f"{min(status.left_today, status.left_today if most is None else most)} left today"
    if status.left_this_week is not None and status.max_per_week != 1:
        return f"{status.left_this_week} left this week"
    if status.max_per_day == 1:
        return "once a day"
    return "once a week" if status.max_per_week else ""


def suggestions_for(user: User) -> list[Suggestion]:
    """Return what a member can do now and is paid for, the best first.

    A newcomer reads what is quick first. For others, categories they had least of in the last 30
    days come first, so that following the list leads to a fuller balance.
    """
    today = today_of(user)
    had = selectors.by_category(
        user, today - dt.timedelta(days=BALANCE_DAYS - 1), today, selectors.Bucket.NONE
    ).by_category
    statuses = {status.activity_type: status for status in selectors.activities(user)}
    found = []
    for opening in openings(user):
        status = statuses.get(opening.activity_type)
        if status is None or not status.available:
            continue
        points = selectors.would_earn(user, opening.activity_type, opening.facts).points
        found.append(Suggestion(opening=opening, activity=status, points=points))
    if user.date_joined.date() > today - NEW:
        return sorted(found, key=lambda s: (_EASE[s.activity.frequency], -s.points))
    return sorted(found, key=lambda s: (had[s.activity.category], -s.points))
