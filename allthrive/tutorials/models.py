"""Tutorials, their steps, and how far members got."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Tutorial(models.Model):
    """A short course."""

    title = models.CharField(max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    summary = models.CharField(max_length=300)
    is_open = models.BooleanField(default=True, help_text="Members see open tutorials only.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the tutorial's page."""
        return reverse("tutorials:detail", args=[self.slug])


class Step(models.Model):
    """One thing to read and try."""

    tutorial = models.ForeignKey(Tutorial, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField(max_length=4_000)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tutorial", "position"], name="step_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class StepDone(models.Model):
    """A member did a step."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="steps_done"
    )
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="done_by")
    done_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "steps done"
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="step_done_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.step}"


class Completion(models.Model):
    """A member did every step of a tutorial."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tutorial_completions"
    )
    tutorial = models.ForeignKey(Tutorial, on_delete=models.CASCADE, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-completed_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "tutorial"], name="tutorial_completed_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.tutorial}"
