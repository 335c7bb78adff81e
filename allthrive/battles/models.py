"""A battle, what its two players wrote, and what the community thought of it."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from allthrive.records import Thing

PROMPT_LENGTH = 1_000
ENTRY_LENGTH = 2_000


class Battle(Thing):
    """Two members answer the same prompt; the community votes for the better answer."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting for an opponent"
        WRITING = "writing", "Both are writing"
        VOTING = "voting", "Open for votes"
        CLOSED = "closed", "Closed"

    prompt = models.TextField(max_length=PROMPT_LENGTH)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    opener = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="battles_opened"
    )
    challenger = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="battles_joined",
        null=True,
        blank=True,
    )
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="battles_won",
        null=True,
        blank=True,
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["status", "-opened_at"], name="battle_status_opened")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(opener=models.F("challenger")),
                name="battle_has_two_players",
                violation_error_message="You can't battle yourself.",
            ),
            models.CheckConstraint(
                condition=models.Q(status="closed", closed_at__isnull=False)
                | (~models.Q(status="closed") & models.Q(closed_at__isnull=True)),
                name="battle_closed_has_a_time",
            ),
        ]

    @property
    def player_ids(self) -> tuple[int, ...]:
        """The one or two members who play."""
        return tuple(pk for pk in (self.opener_id, self.challenger_id) if pk is not None)


class Entry(models.Model):
    """What one player wrote; final, so that nobody can answer the other's text."""

    battle = models.ForeignKey(Battle, on_delete=models.CASCADE, related_name="entries")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="battle_entries"
    )
    text = models.TextField(max_length=ENTRY_LENGTH)
    submitted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["battle", "pk"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(fields=["battle", "author"], name="one_entry_per_player")
        ]

    def __str__(self) -> str:
        return f"{self.author} in {self.battle}"


class Vote(models.Model):
    """One member's voice in one battle."""

    battle = models.ForeignKey(Battle, on_delete=models.CASCADE, related_name="votes")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="votes")
    voter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="battle_votes"
    )
    cast_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["battle", "voter"], name="one_vote_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.voter} for {self.entry}"
