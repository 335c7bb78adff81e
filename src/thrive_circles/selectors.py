"""What a circle's page shows: members, the feed, and the way to the next level. No ranks."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from thrive_circles.levels import CircleLevel, next_circle_level
from thrive_circles.models import Circle, UserThriveProfile, XPEvent
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of

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
    found = UserThriveProfile.objects.select_related("circle").filter(pk=user.pk).first()
    return found or UserThriveProfile(user=user)


def circle_of(user: Any) -> Circle | None:
    """Return a user's circle of the current week, None while they have none."""
    circle = profile_of(user).circle
    return circle if circle and circle.week == week_of(today_of(user)) else None


def circle_progress(profile: UserThriveProfile) -> CircleProgress:
    """Return the way to the next circle level."""
    following = next_circle_level(profile.total_xp)
    return CircleProgress(
        level=profile.circle_level,
        next_level=following,
        total_xp=profile.total_xp,
        xp_to_next=following.starts_at - profile.total_xp if following else 0,
    )


def members_of(circle: Circle) -> list[UserThriveProfile]:
    """Return a circle's members by name, which is no ranking."""
    members = list(circle.members.select_related("user"))
    return sorted(members, key=lambda member: str(member.user).casefold())


def feed_of(circle: Circle, *, limit: int = FEED_LIMIT) -> list[XPEvent]:
    """Return what a circle's members earned in the last days, newest first.

    Corrections are between a member and the team, so the feed leaves them out.

    Args:
        circle: the circle.
        limit: events at most.
    """
    since = timezone.now() - timedelta(days=FEED_DAYS)
    members = list(circle.members.values_list("pk", flat=True))
    events = XPEvent.objects.filter(user_id__in=members, created_at__gte=since, amount__gt=0)
    return list(
        events.exclude(source="adjustment")
        .select_related("user")
        .order_by("-created_at", "-pk")[:limit]
    )
