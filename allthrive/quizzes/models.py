"""Quizzes, their questions, and members' attempts."""

import uuid
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from allthrive.records import Course


class QuizQuerySet(models.QuerySet["Quiz"]):
    """Quizzes."""

    def to_take(self) -> Self:
        """Return the open quizzes that have questions."""
        return self.filter(
            models.Exists(Question.objects.filter(quiz=models.OuterRef("pk"))), is_open=True
        )


class Quiz(Course):
    """A few questions on one topic."""

    topic = models.CharField(max_length=60)

    objects = QuizQuerySet.as_manager()

    class Meta:
        ordering = ["topic", "title"]
        verbose_name_plural = "quizzes"

    def get_absolute_url(self) -> str:
        """Return the page where the quiz is taken."""
        return reverse("quizzes:take", args=[self.slug])


class Question(models.Model):
    """One question with exactly one right choice."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    reason = models.CharField(
        max_length=400, blank=True, help_text="Why the right answer is right; shown afterwards."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "position"], name="question_position_once")
        ]

    def __str__(self) -> str:
        return self.text


class Choice(models.Model):
    """A possible answer."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    text = models.CharField(max_length=200)
    is_right = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question"],
                condition=models.Q(is_right=True),
                name="one_right_choice",
                violation_error_message="A question has one right choice.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class Attempt(models.Model):
    """One time a member took a quiz to its end."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiz_attempts"
    )
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="attempts")
    token = models.UUIDField(
        default=uuid.uuid4,
        help_text="Names the sheet that was handed in: sent twice, it counts once.",
    )
    answers = models.JSONField(default=dict, help_text="The chosen choice by question.")
    score = models.PositiveSmallIntegerField(
        validators=[MaxValueValidator(100)], help_text="Percent of the questions answered right."
    )
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-completed_at"]
        constraints = [
            models.UniqueConstraint(fields=["member", "token"], name="quiz_sheet_counts_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.quiz}, {self.score} %"

    def get_absolute_url(self) -> str:
        """Return the page that shows the answers."""
        return reverse("quizzes:result", args=[self.pk])
