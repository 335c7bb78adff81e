"""The quizzes a fresh site starts with."""

import random
import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from allthrive.quizzes.models import Choice, Question, Quiz

SOURCE = Path(__file__).with_name("quizzes.toml")


@transaction.atomic
def load(rng: random.Random) -> list[Quiz]:
    """Create the quizzes of `quizzes.toml`, the choices of each question in random order.

    Args:
        rng: decides the order of the choices.

    Returns:
        The quizzes, with their questions and choices saved.
    """
    quizzes = []
    for entry in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["quiz"]:
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
