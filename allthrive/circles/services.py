"""What members do in their circle."""

from typing import Any

from django.db import transaction

from allthrive.accounts.models import User
from allthrive.circles.models import Joining, Reaction, Visit
from thrive_circles.forming import join_circle
from thrive_circles.models import Circle, XPEvent
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import today_of


def joining_facts(joining: Joining) -> dict[str, Any]:
    """Return what the award for joining a circle carries."""
    return {"event_key": f"circle_joined:{joining.week}"}


def visit_facts(visit: Visit) -> dict[str, Any]:
    """Return what the award for a visit carries."""
    return {"event_key": f"circle_visited:{visit.day}"}


def reaction_facts(reaction: Reaction) -> dict[str, Any]:
    """Return what the award for a reaction carries, with the member it went to."""
    return {
        "event_key": f"circle_reaction:{reaction.to_id}:{reaction.number}",
        "counterpart": reaction.to_id,
    }


@transaction.atomic
def join(*, user: User) -> tuple[Circle, AwardResult]:
    """Join the circle the member is placed in; a member without one is placed first.

    Returns:
        The circle and the award.
    """
    circle = join_circle(user)
    joining, _ = Joining.objects.get_or_create(user=user, week=circle.week)
    result = PointsService.award_points(
        user=user,
        activity_type=ActivityType.CIRCLE_JOINED,
        metadata=joining_facts(joining),
        occurred_at=joining.joined_at,
    )
    return circle, result


@transaction.atomic
def check_in(*, user: User) -> AwardResult:
    """Note that the member looked in on their circle today, and award the first time."""
    visit, _ = Visit.objects.get_or_create(user=user, day=today_of(user))
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.CIRCLE_VISITED,
        metadata=visit_facts(visit),
        occurred_at=visit.visited_at,
    )


@transaction.atomic
def react(*, user: User, event: XPEvent, kind: str) -> AwardResult:
    """React to what a circle mate did; a second reaction to it changes and earns nothing.

    Args:
        user: who reacts.
        event: what they react to.
        kind: one of `Reaction.Kind`.
    """
    reaction, _ = Reaction.objects.get_or_create(
        user=user, to=event.user, number=event.number, defaults={"kind": kind}
    )
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.CIRCLE_REACTION,
        metadata=reaction_facts(reaction),
        occurred_at=reaction.created_at,
    )
