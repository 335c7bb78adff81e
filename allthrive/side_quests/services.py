"""Doing a quest step by step; the last step completes it, the last quest its chain."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.side_quests.models import Chain, ChainCompletion, Quest, Run, Step, StepDone
from allthrive.writing import services as writing
from thrive_points import ActivityType, AwardResult, PointsService

NOTE_WORDS = 6


@transaction.atomic
def finish_step(*, step: Step, member: User, note: str) -> list[AwardResult]:
    """Record that ``member`` did the next step of a quest, and pay what that completes.

    A step that is done stays as it is, so that a double click changes nothing.

    Args:
        step: the step; the first one starts the quest.
        member: who did it.
        note: the member's own words about it.

    Returns:
        What it earned: nothing, the quest, or the quest and its chain.

    Raises:
        ValidationError: an earlier step is still to be done, the quest is closed, or the note
            says too little.
    """
    quest = step.quest
    run, _ = Run.objects.get_or_create(quest=quest, member=member)
    _lock_runs(quest, member)
    open_steps = list(quest.steps.exclude(done__run=run).order_by("position"))
    if step not in open_steps:
        return []
    if not quest.is_open:
        raise ValidationError("This quest is closed.")
    if step != open_steps[0]:
        raise ValidationError(f"Step {open_steps[0].position} comes first.")
    writing.keep(member=member, text=note, about=f"quest_step:{step.pk}", least=NOTE_WORDS)
    StepDone.objects.create(run=run, step=step, note=note)
    if len(open_steps) > 1:
        return []
    return _complete(run, member)


def quest_facts(quest: Quest) -> dict[str, Any]:
    """Return what the award for a completed quest carries; its difficulty decides the points."""
    return {
        "quest_id": quest.pk,
        "difficulty": quest.difficulty,
        "event_key": f"side_quest:{quest.pk}:completed",
    }


def chain_facts(chain: Chain) -> dict[str, Any]:
    """Return what the award for a completed chain carries."""
    return {"chain_id": chain.pk, "event_key": f"quest_chain:{chain.pk}:completed"}


def _complete(run: Run, member: User) -> list[AwardResult]:
    quest = run.quest
    Run.objects.filter(pk=run.pk).update(completed_at=timezone.now())
    results = [
        PointsService.award_points(
            user=member,
            activity_type=ActivityType.SIDE_QUEST_COMPLETED,
            metadata=quest_facts(quest),
        )
    ]
    chain = quest.chain
    if chain is not None and _is_finished(chain, member):
        ChainCompletion.objects.get_or_create(chain=chain, member=member)
        results.append(
            PointsService.award_points(
                user=member,
                activity_type=ActivityType.QUEST_CHAIN_COMPLETED,
                metadata=chain_facts(chain),
            )
        )
    return results


def _is_finished(chain: Chain, member: User) -> bool:
    done = Run.objects.filter(member=member, completed_at__isnull=False).values("quest")
    return not chain.quests.exclude(pk__in=done).exists()


def _lock_runs(quest: Quest, member: User) -> None:
    # All of the chain's runs, in one order: two last quests finished at the same moment would
    # otherwise each find the other one open, and the chain would never complete.
    wanted = Q(quest=quest)
    if quest.chain_id is not None:
        wanted |= Q(quest__chain=quest.chain_id)
    runs = Run.objects.filter(wanted, member=member).order_by("pk")
    list(runs.select_for_update(of=("self",)).values_list("pk"))
