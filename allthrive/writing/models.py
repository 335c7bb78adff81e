"""The pieces of writing that counted, so that none counts again."""

from django.db import models

from allthrive.records import MembersRecord


class Piece(MembersRecord):
    """Something a member wrote that counted on a day, under a number of that day."""

    day = models.DateField(help_text="The day in the member's own zone.")
    place = models.PositiveSmallIntegerField(help_text="1 for the day's first piece.")
    about = models.CharField(max_length=60, help_text="What it was written for: feedback:12.")
    digest = models.CharField(max_length=64, help_text="Of its words, to know them again.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "day", "place"], name="piece_place_once"),
            models.UniqueConstraint(fields=["member", "about"], name="piece_about_once"),
            models.UniqueConstraint(fields=["member", "digest"], name="piece_words_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.about}"
