"""Notices that features write, and how far a member has read.

What the ledger tells needs no row here: the entry itself is the notice, so none is ever lost.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone

from allthrive.records import MembersRecord


class Notice(MembersRecord):
    """Something somebody else did that concerns a member, written in the same transaction."""

    text = models.CharField(max_length=300)
    url = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["member", "-created_at"], name="notices_of_member")]

    def __str__(self) -> str:
        return self.text


class Reading(models.Model):
    """How far a member has read."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="reading"
    )
    entry = models.BigIntegerField(
        default=0, help_text="Number of the last entry they were told of."
    )
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.member}, up to {self.entry}"
