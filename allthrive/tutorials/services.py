"""Working through a tutorial."""

from typing import Any

from django.db import transaction

from allthrive.accounts.models import User
from allthrive.tutorials.models import Completion, Step, StepDone
from thrive_points import ActivityType, AwardResult, PointsService


def facts(completion: Completion) -> dict[str, Any]:
    """Return what the award for a completed tutorial carries."""
    return {
        "event_key": f"tutorial_completion:{completion.pk}",
        "tutorial_id": completion.tutorial_id,
    }


@transaction.atomic
def do_step(*, user: User, step: Step) -> AwardResult | None:
    """Note a step as done; when it was the last one missing, complete and award the tutorial.

    Returns:
        The award, or None while steps are missing.
    """
    StepDone.objects.get_or_create(member=user, step=step)
    tutorial = step.tutorial
    if tutorial.steps.exclude(done_by__member=user).exists():
        return None
    completion, _ = Completion.objects.get_or_create(member=user, tutorial=tutorial)
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.TUTORIAL_COMPLETED,
        metadata=facts(completion),
        occurred_at=completion.completed_at,
    )
