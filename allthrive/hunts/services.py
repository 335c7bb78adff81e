"""Following a hunt: guess the answer to the next clue until there is none left."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.hunts.models import Clue, Guess, Hunt, Trail
from thrive_points import ActivityType, AwardResult, PointsService

WRONG_GUESSES = 5
PER = timedelta(minutes=1)
"""So many wrong guesses in so much time, so that an answer is found and not tried out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What became of a guess.

    Attributes:
        is_right: whether it solved the clue.
        is_last: whether it was the last clue of the hunt.
        earned: what the completed hunt paid.
    """

    is_right: bool
    is_last: bool = False
    earned: tuple[AwardResult, ...] = ()


@transaction.atomic
def guess(*, hunt: Hunt, member: User, text: str) -> Answer:
    """Try ``text`` as the answer to the member's next clue.

    Raises:
        ValidationError: the hunt is closed or finished, or the member guesses too fast.
    """
    trail, _ = Trail.objects.get_or_create(hunt=hunt, member=member)
    trail = Trail.objects.select_for_update().get(pk=trail.pk)
    clues = open_clues(hunt, trail)
    if trail.completed_at is not None or not clues:
        raise ValidationError("You have finished this hunt.")
    if not hunt.is_open:
        raise ValidationError("This hunt is closed.")
    _check_pace(trail)
    clue = clues[0]
    is_right = clue.is_answered_by(text)
    trail.guesses.create(clue=clue, text=text, is_right=is_right)
    if not is_right or len(clues) > 1:
        return Answer(is_right=is_right)
    trail.completed_at = timezone.now()
    trail.save(update_fields=["completed_at"])
    result = PointsService.award_points(
        user=member,
        activity_type=ActivityType.SCAVENGER_HUNT_COMPLETED,
        metadata=facts(hunt),
    )
    return Answer(is_right=True, is_last=True, earned=(result,))


def facts(hunt: Hunt) -> dict[str, Any]:
    """Return what the award for a completed hunt carries."""
    return {"hunt_id": hunt.pk, "event_key": f"scavenger_hunt:{hunt.pk}:completed"}


def open_clues(hunt: Hunt, trail: Trail | None) -> list[Clue]:
    """Return the clues still to be solved, the next one first."""
    solved = Guess.objects.filter(trail=trail, is_right=True).values("clue")
    return list(hunt.clues.exclude(pk__in=solved).order_by("position"))


def _check_pace(trail: Trail) -> None:
    now = timezone.now()
    recent = list(
        trail.guesses.filter(is_right=False, guessed_at__gt=now - PER)
        .order_by("-guessed_at")
        .values_list("guessed_at", flat=True)[:WRONG_GUESSES]
    )
    if len(recent) == WRONG_GUESSES:
        seconds = ceil((recent[-1] + PER - now).total_seconds())
        raise ValidationError(f"That was quick. Think a little; guess again in {seconds} seconds.")
