"""What a circle's page shows: members, the feed, and the way to the next level. No ranks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from thrive_circles.levels import CircleLevel, circle_level_of, next_circle_level
from thrive_circles.models import Circle, Membership
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.models import UserThriveProfile, XPEvent
from thrive_points.rules.current import ADJUSTMENT

FEED_LIMIT = 30
FEED_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleProgress:
    """How far a member is on the way to the next circle level.

    Args:
        level: the level reached.
        next_level: the one after it; None at the top.
        total_xp, xp_to_next: XP had and missing.
    """

    level: CircleLevel
    next_level: CircleLevel | None
    total_xp: int
    xp_to_next: int


def profile_of(user: Any) -> UserThriveProfile:
    """Return a user's profile from the database, an unsaved empty one before the first XP."""
    return UserThriveProfile.objects.filter(pk=user.pk).first() or UserThriveProfile(user=user)


def circle_of(user: Any) -> Circle | None:
    """Return a user's circle of the current week, None while they have none."""
    membership = (
        Membership.objects.filter(user_id=user.pk, week=week_of(today_of(user)))
        .select_related("circle")
        .first()
    )
    return membership.circle if membership else None


def circle_progress(total_xp: int) -> CircleProgress:
    """Return the way to the next circle level from a total in XP."""
    following = next_circle_level(total_xp)
    return CircleProgress(
        level=circle_level_of(total_xp),
        next_level=following,
        total_xp=total_xp,
        xp_to_next=following.starts_at - total_xp if following else 0,
    )


def members_of(circle: Circle) -> list[UserThriveProfile]:
    """Return the profiles of a circle's members by name, which is no ranking.

    A member who joined before any XP has an empty one that is not saved.
    """
    users = [membership.user for membership in circle.memberships.select_related("user")]
    profiles = UserThriveProfile.objects.in_bulk([user.pk for user in users])
    for user in users:
        profile = profiles.setdefault(user.pk, UserThriveProfile(user=user))
        profile.user = user
    return sorted(profiles.values(), key=lambda profile: str(profile.user).casefold())


def feed_of(circle: Circle, *, limit: int = FEED_LIMIT) -> list[XPEvent]:
    """Return what a circle's members earned in the last days, newest first.

    Corrections are between a member and the team, so the feed leaves them out.

    Args:
        circle: the circle.
        limit: events at most.
    """
    since = timezone.now() - timedelta(days=FEED_DAYS)
    members = circle.memberships.values("user_id")
    events = XPEvent.objects.filter(user_id__in=members, created_at__gte=since, amount__gt=0)
    return list(
        events.exclude(source=ADJUSTMENT)
        .select_related("user")
        .order_by("-created_at", "user_id", "-number")[:limit]
    )
