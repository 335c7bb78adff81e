"""What the circle page shows beside what thrive_circles knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from allthrive.accounts.models import User
from allthrive.circles.models import Reaction
from thrive_circles import selectors
from thrive_circles.assignment import LARGEST
from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of
from thrive_circles.models import Circle, XPEvent
from thrive_points.calendar.zones import today_of
from thrive_points.core.activities import ActivityType
from thrive_points.core.periods import week_of

UNTOLD = frozenset(
    {
        ActivityType.CIRCLE_REACTION,
        ActivityType.CIRCLE_VISITED,
        ActivityType.CIRCLE_JOINED,
        ActivityType.DAILY_LOGIN,
    }
)
"""Small talk: a feed that repeated it would hide what people made and learned."""

SHOWN, READ = 25, 200


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedItem:
    """Something a member did, the reactions to it, and the viewer's own among them."""

    event: XPEvent
    reactions: Sequence[Reaction]
    mine: Reaction | None


def open_circle_for(user: User) -> Circle | None:
    """Return this week's circle with room that is nearest to the member's circle level.

    Of several on one level it is the smallest. None when no circle has room.
    """
    names = [level.name for level in CIRCLE_LEVELS]
    own = names.index(circle_level_of(user.total_points).name)
    candidates = (
        Circle.objects.filter(week=week_of(today_of(user)))
        .annotate(size=Count("members"))
        .filter(size__lt=LARGEST)
    )
    return min(
        candidates,
        key=lambda circle: (abs(names.index(circle.level) - own), circle.size, circle.pk),
        default=None,
    )


def feed_of(circle: Circle, viewer: User) -> list[FeedItem]:
    """Return what a circle's members did lately, the newest first, with the reactions to it."""
    recent = selectors.feed_of(circle, limit=READ)
    events = [event for event in recent if event.source not in UNTOLD][:SHOWN]
    reactions: dict[int, list[Reaction]] = {event.pk: [] for event in events}
    for reaction in Reaction.objects.filter(event__in=events).select_related("user"):
        reactions[reaction.event_id].append(reaction)
    return [
        FeedItem(
            event=event,
            reactions=reactions[event.pk],
            mine=next((each for each in reactions[event.pk] if each.user_id == viewer.pk), None),
        )
        for event in events
    ]
