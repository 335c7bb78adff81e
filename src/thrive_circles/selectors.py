"""What a circle's page shows: members, the feed, and the way to the next level. No ranks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Subquery
from django.utils import timezone

from thrive_circles.levels import CircleLevel, circle_level_of, next_circle_level
from thrive_circles.models import Circle, Membership
from thrive_points.calendar.zones import site_period
from thrive_points.core.periods import day_starts
from thrive_points.models import UserThriveProfile, XPEvent
from thrive_points.rules.current import ADJUSTMENT

FEED_LIMIT = 30
FEED_DAYS = 7
PAST_LIMIT = 12


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


def week_going_on(at: datetime, *, using: str | None = None) -> date | None:
    """Return the Monday of the week whose circles are current at an instant, None before the first.

    It is the site's week, or the latest one before it that has circles: where forming is late,
    last week's circles go on.

    Args:
        at: the instant.
        using: alias of the database to ask.
    """
    return _weeks_begun(at).using(using).first()


def _weeks_begun(at: datetime) -> QuerySet[Circle, date]:
    """Return the weeks of circles that have begun, the latest first."""
    begun = Circle.objects.filter(week__lte=site_period(at).week)
    return begun.order_by("-week").values_list("week", flat=True)


def week_ends(at: datetime) -> datetime:
    """Return when the site's week of an instant ends."""
    following = site_period(at).week + timedelta(weeks=1)
    return day_starts(following, timezone.get_default_timezone())


def circle_of(user: Any) -> Circle | None:
    """Return the circle a user is in now, None while they are in none."""
    week = Subquery(_weeks_begun(timezone.now())[:1])
    found = Membership.objects.filter(user_id=user.pk, week=week).select_related("circle").first()
    return found.circle if found else None


def past_circles(user: Any, *, limit: int = PAST_LIMIT) -> list[Circle]:
    """Return the circles a user was in before, newest first, with their memberships and users.

    Args:
        user: the member.
        limit: circles at most.
    """
    found = Circle.objects.filter(
        memberships__user=user.pk, week__lt=week_going_on(timezone.now()) or date.min
    )
    return list(found.order_by("-week").prefetch_related("memberships__user")[:limit])


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
