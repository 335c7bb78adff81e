"""The quizzes of a fresh site, and everybody's attempts."""

import random
import uuid
from collections.abc import Iterator

from allthrive.demo.plan import Community, Event
from allthrive.quizzes import content
from allthrive.quizzes.models import Attempt, Quiz
from allthrive.quizzes.services import facts
from thrive_points.core.activities import ActivityType

A_DAY = 0.8


def seed(community: Community) -> Iterator[Event]:
    """Load the quizzes and have members take them."""
    rng = community.rng("quizzes")
    quizzes = content.load(rng)
    sheets = {quiz.pk: _sheet(quiz) for quiz in quizzes}
    attempts = []
    for member in community.members:
        skill = rng.uniform(0.45, 0.95)
        for day in member.days:
            for _ in range(community.times(member, A_DAY, rng, "learning")):
                quiz = rng.choice(quizzes)
                answers, score = _answered(sheets[quiz.pk], skill, rng)
                attempts.append(
                    Attempt(
                        user=member.user,
                        quiz=quiz,
                        token=uuid.UUID(int=rng.getrandbits(128), version=4),
                        answers=answers,
                        score=score,
                        completed_at=community.moment(member, day, rng),
                    )
                )
    Attempt.objects.bulk_create(attempts, batch_size=2_000)
    for attempt in attempts:
        yield Event(
            user=attempt.user,
            activity_type=ActivityType.QUIZ_COMPLETED,
            metadata=facts(attempt),
            occurred_at=attempt.completed_at,
        )


def _sheet(quiz: Quiz) -> list[tuple[int, int, list[int]]]:
    """Return a quiz's questions: primary key, the right choice and the wrong ones."""
    sheet = []
    for question in quiz.questions.prefetch_related("choices"):
        choices = list(question.choices.all())
        right = next(choice.pk for choice in choices if choice.is_right)
        sheet.append((question.pk, right, [c.pk for c in choices if not c.is_right]))
    return sheet


def _answered(
    sheet: list[tuple[int, int, list[int]]], skill: float, rng: random.Random
) -> tuple[dict[str, int], int]:
    answers = {
        str(question): right if rng.random() < skill else rng.choice(wrong)
        for question, right, wrong in sheet
    }
    hits = sum(answers[str(question)] == right for question, right, _ in sheet)
    return answers, round(100 * hits / len(sheet))
