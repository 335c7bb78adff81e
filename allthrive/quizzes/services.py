"""Handing in a quiz."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from allthrive.accounts.models import User
from allthrive.quizzes.models import Attempt, Choice, Quiz
from thrive_points import ActivityType, AwardResult, PointsService


def score_of(quiz: Quiz, answers: Mapping[int, int]) -> int:
    """Return the percentage of the quiz's questions that were answered right, 0 to 100.

    Args:
        quiz: the quiz.
        answers: the chosen choice by question, as primary keys.
    """
    right = set(
        Choice.objects.filter(question__quiz=quiz, is_right=True).values_list("question_id", "pk")
    )
    return round(100 * len(right & set(answers.items())) / len(right)) if right else 0


def facts(attempt: Attempt) -> dict[str, Any]:
    """Return what the award for an attempt carries."""
    return {
        "event_key": f"quiz_attempt:{attempt.pk}",
        "quiz_id": attempt.quiz_id,
        "score": attempt.score,
    }


@transaction.atomic
def hand_in(
    *, user: User, quiz: Quiz, token: uuid.UUID, answers: Mapping[int, int]
) -> tuple[Attempt, AwardResult]:
    """Score a sheet, keep the attempt and award it.

    A sheet handed in again, by a second click or a repeated request, answers with the first
    attempt and earns nothing more.

    Args:
        user: who answered.
        quiz: the quiz.
        token: the sheet's own name.
        answers: the chosen choice by question, as primary keys.
    """
    attempt, _ = Attempt.objects.get_or_create(
        member=user,
        token=token,
        defaults={
            "quiz": quiz,
            "answers": {str(question): choice for question, choice in answers.items()},
            "score": score_of(quiz, answers),
        },
    )
    result = PointsService.award_points(
        user=user,
        activity_type=ActivityType.QUIZ_COMPLETED,
        metadata=facts(attempt),
        occurred_at=attempt.completed_at,
    )
    return attempt, result
