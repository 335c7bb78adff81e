"""Who invited whom, and whether the invited member has become active."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

CODE_LENGTH = 8
# No letters or digits that people confuse when they read a code aloud.
CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    """Return a random invitation code."""
    return get_random_string(CODE_LENGTH, CODE_ALPHABET)


class Invitation(models.Model):
    """A member's personal code; anybody who joins through it was invited by them."""

    inviter = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation"
    )
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.inviter}: {self.code}"

    def get_absolute_url(self) -> str:
        return reverse("referrals:accept", args=[self.code])


class Referral(models.Model):
    """One member who joined through another's invitation."""

    inviter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="referrals_made"
    )
    invited = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="referral"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    converted_at = models.DateTimeField(null=True, blank=True)
    converted_by = models.CharField(
        max_length=100, blank=True, help_text="The activity type that made it convert."
    )

    class Meta:
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(inviter=models.F("invited")),
                name="nobody_invites_themselves",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inviter} invited {self.invited}"
