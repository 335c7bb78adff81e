"""Working through a tutorial."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from allthrive.accounts.models import User
from allthrive.tutorials.models import Completion, Step, StepDone, Tutorial
from allthrive.writing import services as writing
from thrive_points import ActivityType, AwardResult, PointsService

NOTE_WORDS = 6


def facts(completion: Completion) -> dict[str, Any]:
    """Return what the award for a completed tutorial carries."""
    return {
        "event_key": f"tutorial:{completion.tutorial_id}:completed",
        "tutorial_id": completion.tutorial_id,
    }


def do_step(*, user: User, step: Step) -> None:
    """Note a step as done."""
    StepDone.objects.get_or_create(member=user, step=step)


@transaction.atomic
def finish(*, user: User, tutorial: Tutorial, note: str) -> AwardResult:
    """Complete a tutorial by saying what came of it, and award it.

    A tutorial that was finished before stays as it is and earns nothing more.

    Args:
        user: who worked through it.
        tutorial: the tutorial, all of its steps done.
        note: what the member made or found out.

    Raises:
        ValidationError: steps are missing, or the note says too little.
    """
    if tutorial.steps.exclude(done_by__member=user).exists():
        raise ValidationError("Some steps are still to be done.")
    completion, is_new = Completion.objects.get_or_create(
        member=user, tutorial=tutorial, defaults={"note": note}
    )
    if is_new:
        about = f"tutorial:{tutorial.pk}"
        writing.keep(member=user, text=note, about=about, least=NOTE_WORDS)
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.TUTORIAL_COMPLETED,
        metadata=facts(completion),
        occurred_at=completion.completed_at,
    )
