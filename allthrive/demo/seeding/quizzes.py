"""The quizzes of a fresh site, and everybody's attempts."""

import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Iterator

from django.utils.text import slugify

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, event_of
from allthrive.quizzes.models import Attempt, Choice, Question, Quiz
from allthrive.quizzes.services import PASS, SHORT_A_DAY, TRIES, facts
from thrive_points import ActivityType
from thrive_points.calendar.zones import period_for

A_DAY = 0.8


def seed(community: Community) -> Iterator[Event]:
    """Load the quizzes and have members take them."""
    rng = community.rng("quizzes")
    quizzes = create_quizzes(rng)
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
                        member=member.user,
                        quiz=quiz,
                        token=uuid.UUID(int=rng.getrandbits(128), version=4),
                        answers=answers,
                        score=score,
                        completed_at=community.moment(member, day, rng),
                    )
                )
    attempts.sort(key=lambda attempt: attempt.completed_at)
    Attempt.objects.bulk_create(attempts, batch_size=2_000)
    for each in _that_count(attempts):
        yield event_of(each.member, ActivityType.QUIZ_COMPLETED, facts(each), each.completed_at)


def _that_count(attempts: list[Attempt]) -> Iterator[Attempt]:
    """Yield the attempts that the site would have awarded, given all of them by time."""
    tries: Counter[tuple[int, int, dt.date]] = Counter()
    short: Counter[tuple[int, dt.date]] = Counter()
    counted: set[tuple[int, int, dt.date]] = set()
    for each in attempts:
        period = period_for(each.member, each.completed_at)
        this_week = (each.member.pk, each.quiz_id, period.week)
        today = (each.member.pk, period.day)
        tries[this_week] += 1
        if each.score < PASS:
            short[today] += 1
        elif tries[this_week] <= TRIES and short[today] < SHORT_A_DAY and this_week not in counted:
            counted.add(this_week)
            yield each


def create_quizzes(rng: random.Random) -> list[Quiz]:
    """Create the quizzes, the choices of each question in random order."""
    quizzes = []
    for entry in content.read("quizzes")["quiz"]:
        quiz = Quiz.objects.create(
            title=entry["title"],
            slug=slugify(entry["title"]),
            topic=entry["topic"],
            summary=entry["summary"],
        )
        quizzes.append(quiz)
        for position, asked in enumerate(entry["questions"], start=1):
            question = Question.objects.create(
                quiz=quiz, position=position, text=asked["text"], reason=asked["reason"]
            )
            choices = [
                Choice(question=question, text=text, is_right=number == 0)
                for number, text in enumerate(asked["choices"])
            ]
            rng.shuffle(choices)
            Choice.objects.bulk_create(choices)
    return quizzes


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
