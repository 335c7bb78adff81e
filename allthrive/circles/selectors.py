"""What the circle page shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Prefetch
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.circles.models import Reaction
from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of
from thrive_circles.models import Circle, UserThriveProfile, XPEvent

LARGEST_CIRCLE = 30
FEED_DAYS = 14


def circle_of(user: User) -> Circle | None:
    """Return the circle the member is placed in, None before the first placement."""
    profile = UserThriveProfile.objects.select_related("circle").filter(user=user).first()
    return profile.circle if profile else None


def open_circle_for(user: User) -> Circle | None:
    """Return the latest week's circle with room that is nearest to the member's circle level.

    Of several on one level it is the smallest. None when no circle has room.
    """
    latest = Circle.objects.aggregate(week=Max("week"))["week"]
    names = [level.name for level in CIRCLE_LEVELS]
    own = names.index(circle_level_of(user.total_points).name)
    candidates = (
        Circle.objects.filter(week=latest)
        .annotate(size=Count("members"))
        .filter(size__lt=LARGEST_CIRCLE)
    )
    return min(
        candidates,
        key=lambda circle: (abs(names.index(circle.level) - own), circle.size, circle.pk),
        default=None,
    )


def members_of(circle: Circle) -> Sequence[User]:
    """Return a circle's members by name: a circle has no ranks."""
    members = User.objects.filter(thrive_profile__circle=circle)
    return sorted(members, key=lambda user: user.display_name.casefold())


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """Something a member did, the reactions to it, and the viewer's own among them."""

    event: XPEvent
    reactions: Sequence[Reaction]
    mine: Reaction | None


def feed_of(circle: Circle, viewer: User, *, length: int = 30) -> Sequence[FeedItem]:
    """Return what a circle's members earned in the last two weeks, the newest first.

    Args:
        circle: whose feed.
        viewer: the member who reads it.
        length: how many events at most.
    """
    since = timezone.now() - dt.timedelta(days=FEED_DAYS)
    events = (
        XPEvent.objects.filter(
            user__thrive_profile__circle=circle, amount__gt=0, created_at__gte=since
        )
        .select_related("user")
        .prefetch_related(Prefetch("reactions", Reaction.objects.select_related("user")))
        .order_by("-created_at", "-pk")[:length]
    )
    feed = []
    for event in events:
        reactions = list(event.reactions.all())
        mine = next((each for each in reactions if each.user_id == viewer.pk), None)
        feed.append(FeedItem(event=event, reactions=reactions, mine=mine))
    return feed
