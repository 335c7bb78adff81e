"""Whose word counts for somebody else's points: members who have shown that they take part.

Accounts are cheap. A like, a vote, a confirmation or an opponent is worth something once the
member behind it has earned on three different days, and not by being here alone.
"""

from collections.abc import Iterable

from django.db.models import Count

from allthrive.accounts.models import User
from thrive_points import ActivityType
from thrive_points.models import PointsDailyTotal

DAYS = 3
WORK = frozenset(
    {
        ActivityType.QUIZ_COMPLETED,
        ActivityType.TUTORIAL_COMPLETED,
        ActivityType.SIDE_QUEST_COMPLETED,
        ActivityType.SCAVENGER_HUNT_COMPLETED,
        ActivityType.BATTLE_PARTICIPATED,
        ActivityType.PROJECT_CREATED,
        ActivityType.WEEKLY_CHALLENGE_SUBMITTED,
        ActivityType.FEEDBACK_GIVEN,
        ActivityType.EVENT_ATTENDED,
        ActivityType.MENTOR_SESSION_HELD,
    }
)
"""What shows that a member takes part."""


def who_counts(members: Iterable[int]) -> set[int]:
    """Return those of some members, by primary key, whose word counts for others' points."""
    days = (
        PointsDailyTotal.objects.filter(
            user_id__in=set(members), activity_type__in=WORK, points__gt=0
        )
        .values("user_id")
        .annotate(days=Count("day", distinct=True))
        .filter(days__gte=DAYS)
    )
    found = {row["user_id"] for row in days}
    # Somebody who was shut out has no say either.
    return set(User.objects.filter(pk__in=found, is_active=True).values_list("pk", flat=True))


def counts(member: User) -> bool:
    """Return whether one member's word counts for others' points."""
    return member.pk in who_counts([member.pk])
