"""Hunts, their clues, and what members have guessed."""

import unicodedata

from django.db import models
from django.utils import timezone

from allthrive.records import Progress, Thing

GUESS_LENGTH = 120


def normalised(text: str) -> str:
    """Return ``text`` as answers are compared: no case, no odd forms, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Hunt(Thing):
    """A trail of clues; the answer to one opens the next."""

    intro = models.TextField(max_length=1_000)
    is_open = models.BooleanField(default=True, help_text="Closed hunts take no more answers.")


class Clue(models.Model):
    """One riddle on the trail."""

    hunt = models.ForeignKey(Hunt, on_delete=models.CASCADE, related_name="clues")
    position = models.PositiveSmallIntegerField()
    question = models.TextField(max_length=500)
    hint = models.CharField(max_length=200, blank=True)
    answers = models.TextField(
        max_length=500, help_text="Accepted answers, one on each line; case doesn't matter."
    )

    class Meta:
        ordering = ["hunt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["hunt", "position"], name="one_clue_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.hunt}, clue {self.position}"

    def is_answered_by(self, guess: str) -> bool:
        """Return whether ``guess`` is one of the accepted answers."""
        given = normalised(guess)
        return bool(given) and given in {normalised(line) for line in self.answers.splitlines()}


class Trail(Progress):
    """How far one member has come in one hunt."""

    hunt = models.ForeignKey(Hunt, on_delete=models.CASCADE, related_name="trails")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "hunt"], name="one_trail_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.hunt}"


class Guess(models.Model):
    """One answer a member has tried; wrong ones are kept, because they are counted."""

    trail = models.ForeignKey(Trail, on_delete=models.CASCADE, related_name="guesses")
    clue = models.ForeignKey(Clue, on_delete=models.CASCADE, related_name="guesses")
    text = models.CharField(max_length=GUESS_LENGTH)
    is_right = models.BooleanField()
    guessed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "guesses"
        indexes = [models.Index(fields=["trail", "guessed_at"], name="guess_trail_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["trail", "clue"],
                condition=models.Q(is_right=True),
                name="each_clue_solved_once",
            )
        ]

    def __str__(self) -> str:
        return self.text
