"""The member, and the days a member was here."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from allthrive.accounts.zones import validate_zone
from thrive_points.calendar.fields import ZonesField


class User(AbstractUser):
    """A member of All Thrive."""

    # Attached by thrive_points to any user model; declared here for the type checker.
    total_points: int
    level: int

    timezone = models.CharField(
        "time zone",
        max_length=64,
        default="UTC",
        validators=[validate_zone],
        help_text="Your days, weeks and streaks follow this clock.",
    )
    zones = ZonesField(of="timezone")

    @property
    def display_name(self) -> str:
        """Return the name other members see."""
        return self.get_full_name() or self.username

    @property
    def tint(self) -> int:
        """Return which of the six avatar tints is theirs."""
        return (self.pk or 0) % 6


class DailyVisit(models.Model):
    """The first visit of a member's calendar day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="daily_visits")
    day = models.DateField(help_text="The day in the member's own zone.")
    visited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_daily_visit")]
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.user} on {self.day}"
