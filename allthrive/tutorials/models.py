"""Tutorials, their steps, and how far members got."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from allthrive.records import Course, MembersRecord, Titled

NOTE_LENGTH = 500


class Tutorial(Course):
    """A short course."""

    def get_absolute_url(self) -> str:
        """Return the tutorial's page."""
        return reverse("tutorials:detail", args=[self.slug])


class Step(Titled):
    """One thing to read and try."""

    tutorial = models.ForeignKey(Tutorial, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    body = models.TextField(max_length=4_000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tutorial", "position"], name="step_position_once")
        ]


class StepDone(MembersRecord):
    """A member did a step."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="done_by")
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "steps done"
        constraints = [models.UniqueConstraint(fields=["member", "step"], name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.member}: {self.step}"


class Completion(MembersRecord):
    """A member did every step of a tutorial."""

    tutorial = models.ForeignKey(Tutorial, on_delete=models.CASCADE, related_name="completions")
    note = models.TextField(max_length=NOTE_LENGTH, blank=True)
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-completed_at"]
        constraints = [
            models.UniqueConstraint(fields=["member", "tutorial"], name="tutorial_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.tutorial}"
