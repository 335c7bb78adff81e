"""What the circle page shows beside what thrive_circles knows."""

from collections.abc import Sequence
from dataclasses import dataclass

from allthrive.accounts.models import User
from allthrive.circles.models import Reaction
from thrive_circles import selectors
from thrive_circles.models import Circle, XPEvent
from thrive_points import ActivityType

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


def feed_of(circle: Circle, viewer: User) -> list[FeedItem]:
    """Return what a circle's members did lately, the newest first, with the reactions to it."""
    recent = selectors.feed_of(circle, limit=READ)
    events = [event for event in recent if event.source not in UNTOLD][:SHOWN]
    reactions: dict[tuple[int, int], list[Reaction]] = {
        (event.user_id, event.number): [] for event in events
    }
    given = Reaction.objects.filter(
        to__in={event.user_id for event in events}, number__in={event.number for event in events}
    )
    for reaction in given.select_related("user"):
        # The query's pairs are any of the two sets'; only those of an event shown count.
        found = reactions.get((reaction.to_id, reaction.number))
        if found is not None:
            found.append(reaction)
    return [
        FeedItem(
            event=event,
            reactions=received,
            mine=next((each for each in received if each.user_id == viewer.pk), None),
        )
        for event, received in zip(events, reactions.values(), strict=True)
    ]
