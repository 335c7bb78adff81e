"""Handing in a quiz."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.accounts.services import in_turn
from allthrive.earning import Unpaid
from allthrive.ledger import counted
from allthrive.quizzes.models import Attempt, Choice, Quiz
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import calendar_of, period_for

PASS = 50
"""So many percent of the answers have to be right."""
TRIES = 3
"""So many tries of one quiz count in a week."""
SHORT_A_DAY = 3
"""After so many sheets that fell short, whoever guesses on earns nothing more that day."""


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


def week_of(attempt: Attempt) -> date:
    """Return the Monday of the member's week in which an attempt was handed in."""
    return period_for(attempt.member, attempt.completed_at).week


def facts(attempt: Attempt) -> dict[str, Any]:
    """Return what the award for a passed quiz carries; its key names the quiz and the week."""
    return {
        "event_key": f"quiz:{attempt.quiz_id}:{week_of(attempt)}",
        "quiz_id": attempt.quiz_id,
        "score": attempt.score,
    }


@transaction.atomic
def hand_in(
    *, user: User, quiz: Quiz, token: uuid.UUID, answers: Mapping[int, int]
) -> tuple[Attempt, AwardResult | Unpaid]:
    """Score a sheet, keep the attempt, and award the first passed one of the week.

    A sheet handed in again, by a second click or a repeated request, answers with the first
    attempt and earns nothing more.

    Args:
        user: who answered.
        quiz: the quiz.
        token: the sheet's own name.
        answers: the chosen choice by question, as primary keys.
    """
    in_turn(user)
    attempt, _ = Attempt.objects.get_or_create(
        member=user,
        token=token,
        defaults={
            "quiz": quiz,
            "answers": {str(question): choice for question, choice in answers.items()},
            "score": score_of(quiz, answers),
        },
    )
    if reason := _why_unpaid(attempt):
        return attempt, Unpaid(reason)
    result = PointsService.award_points(
        user=user,
        activity_type=ActivityType.QUIZ_COMPLETED,
        metadata=facts(attempt),
        occurred_at=attempt.completed_at,
    )
    return attempt, result


def counts_for(member: User, quiz: Quiz) -> bool:
    """Return whether a member's next attempt at a quiz could count."""
    attempt = Attempt(member=member, quiz=quiz, score=100, completed_at=timezone.now())
    already = counted(member, [facts(attempt)["event_key"]])
    return not already and not _why_unpaid(attempt)


def tries_of(attempt: Attempt) -> QuerySet[Attempt]:
    """Return the member's attempts at the quiz in that week, up to this one."""
    calendar = calendar_of(attempt.member, attempt.completed_at)
    return Attempt.objects.filter(
        member=attempt.member,
        quiz=attempt.quiz_id,
        completed_at__gte=calendar.starts(week_of(attempt)),
        completed_at__lte=attempt.completed_at,
    )


def shows_answers(attempt: Attempt) -> bool:
    """Return whether the right answers are shown: once nothing is left to earn by knowing them."""
    return attempt.score >= PASS or tries_of(attempt).count() >= TRIES


def _why_unpaid(attempt: Attempt) -> str:
    """Return why an attempt earns nothing, "" for one that is to be awarded."""
    key = facts(attempt)["event_key"]
    tries = tries_of(attempt).exclude(pk=attempt.pk)
    if attempt.score < PASS:
        left = TRIES - 1 - tries.count()
        again = f"{left} more {'try counts' if left == 1 else 'tries count'} this week."
        return f"Half of the answers right are needed. {again if left > 0 else 'Practise on.'}"
    if counted(attempt.member, [key]):
        # Sent again, the sheet that was paid answers as it did.
        is_that_one = not tries.filter(score__gte=PASS).exists()
        return "" if is_that_one else "This quiz has counted this week; it does again from Monday."
    if tries.count() >= TRIES:
        return f"Well done. The first {TRIES} tries of a week count; this one came after them."
    calendar = calendar_of(attempt.member, attempt.completed_at)
    today = calendar.period_of(attempt.completed_at).day
    short = Attempt.objects.filter(
        member=attempt.member,
        score__lt=PASS,
        completed_at__gte=calendar.starts(today),
        completed_at__lt=attempt.completed_at,
    )
    if short.count() >= SHORT_A_DAY:
        return (
            f"Well done. After {SHORT_A_DAY} quizzes that went wrong, the day's others are for "
            "practice; they count again tomorrow."
        )
    return ""
