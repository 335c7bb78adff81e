"""What the circle page shows."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Count, Prefetch
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
    latest = Circle.objects.order_by("-week").values_list("week", flat=True).first()
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


def feed_of(circle: Circle, viewer: User, *, length: int = 30) -> Sequence[XPEvent]:
    """Return what a circle's members earned in the last two weeks, the newest first.

    Each event carries `seen_reactions`, its reactions with the viewer's own among them.

    Args:
        circle: whose feed.
        viewer: the member who reads it.
        length: how many events at most.
    """
    since = timezone.now() - dt.timedelta(days=FEED_DAYS)
    reactions = Prefetch(
        "reactions", Reaction.objects.select_related("user"), to_attr="seen_reactions"
    )
    events = (
        XPEvent.objects.filter(
            user__thrive_profile__circle=circle, amount__gt=0, created_at__gte=since
        )
        .select_related("user")
        .prefetch_related(reactions)
        .order_by("-created_at", "-pk")[:length]
    )
    for event in (feed := list(events)):
        mine = [reaction for reaction in event.seen_reactions if reaction.user_id == viewer.pk]
        event.my_reaction = mine[0] if mine else None
    return feed
