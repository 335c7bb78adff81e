"""What members do in their circle. The circles themselves belong to thrive_circles."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Joining(models.Model):
    """A member said yes to their circle of a week."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_joinings"
    )
    week = models.DateField(help_text="Monday of the circle's week.")
    joined_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="one_circle_a_week")]

    def __str__(self) -> str:
        return f"{self.user}, week of {self.week}"


class Visit(models.Model):
    """A member checked in with their circle on a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_visits"
    )
    day = models.DateField(help_text="The day in the member's own zone.")
    visited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="one_circle_visit_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.day}"


class Reaction(models.Model):
    """A member reacted to something a circle mate did: an XP event, named by whose and which."""

    class Kind(models.TextChoices):
        CHEER = "cheer", "Cheer"
        BRAVO = "bravo", "Bravo"
        INSPIRED = "inspired", "Inspired"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_reactions"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="circle_reactions_received"
    )
    number = models.BigIntegerField(help_text="Number of the XP event among the mate's.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "to", "number"], name="one_reaction_per_event")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
