"""Circles and who is in them. The XP they are formed by belongs to thrive_points."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext

from thrive_circles.levels import CIRCLE_LEVELS
from thrive_points.models import UserThriveProfile, XPEvent

__all__ = ["Circle", "Membership", "UserThriveProfile", "XPEvent"]


class Circle(models.Model):
    """A weekly group of members with similar XP."""

    week = models.DateField(help_text="Monday of the week the circle lives in.")
    level = models.CharField(
        max_length=20, choices=[(level.name, level.name) for level in CIRCLE_LEVELS]
    )
    number = models.PositiveIntegerField(help_text="Distinguishes the circles of one level.")
    overflow = models.BooleanField(
        db_default=False,
        help_text="Opened for newcomers where no other had room; the week may be unformed yet.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["week", "level", "number"], name="thrive_circles_circle_unique"
            )
        ]

    def __str__(self) -> str:
        words = {"level": gettext(self.level), "number": self.number}
        return gettext("%(level)s circle %(number)d") % words


class Membership(models.Model):
    """A member's circle of a week, which is the site's."""

    pk = models.CompositePrimaryKey("user_id", "week")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        # Like the ledger's: forming a week's circles locks no row of the host's.
        db_constraint=False,
    )
    week = models.DateField(help_text="Monday of the circle's week.")
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="memberships")
    joined_at = models.DateTimeField(
        null=True, help_text="When a newcomer joined; null for those it was formed of."
    )

    def __str__(self) -> str:
        return f"{self.user}, {self.circle}"
