"""One challenge a week, and each member's part in it."""

from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from allthrive.records import MembersRecord, Thing

SUBMISSION_LENGTH = 4_000


class WeeklyChallenge(Thing):
    """A task for one calendar week, Monday to Sunday of each member's own clock."""

    brief = models.TextField(max_length=2_000)
    criteria = models.TextField(max_length=1_000, help_text="What a complete submission shows.")
    monday = models.DateField(unique=True, help_text="The Monday its week begins.")

    class Meta:
        ordering = ["-monday"]

    def clean(self) -> None:
        """Refuse a week that doesn't begin on a Monday."""
        if self.monday is not None and self.monday.weekday() != 0:
            raise ValidationError({"monday": "A challenge's week begins on a Monday."})

    @property
    def sunday(self) -> date:
        """The last day on which the challenge takes submissions."""
        return self.monday + timedelta(days=6)

    def is_open_on(self, day: date) -> bool:
        """Return whether the challenge runs on ``day``."""
        return self.monday <= day <= self.sunday


class ParticipationQuerySet(models.QuerySet["Participation"]):
    """Members' parts."""

    def waiting(self) -> Self:
        """Return the submissions that a reviewer has yet to decide on, the oldest first."""
        return self.filter(
            submitted_at__isnull=False, completed_at__isnull=True, answered_at__isnull=True
        ).order_by("submitted_at", "pk")


class Participation(MembersRecord):
    """One member in one challenge: opted in, then submitted, then complete or declined.

    A submission that was answered is sent back while its week lasts, and declined after it.
    """

    challenge = models.ForeignKey(
        WeeklyChallenge, on_delete=models.CASCADE, related_name="participations"
    )
    opted_in_at = models.DateTimeField(default=timezone.now)
    submission = models.TextField(max_length=SUBMISSION_LENGTH, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text="The member of staff who found it complete.",
    )
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When it was sent back or declined."
    )
    answer = models.CharField(
        max_length=300, blank=True, help_text="What the reviewer says about it."
    )

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "challenge"], name="one_participation_per_member"
            ),
            models.CheckConstraint(
                condition=models.Q(completed_at__isnull=True)
                | models.Q(submitted_at__isnull=False),
                name="only_a_submission_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.challenge}"
