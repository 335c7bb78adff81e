"""Community events and who comes to them."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models

from allthrive.records import MembersRecord, Thing

CODE_LENGTH = 20


class Event(Thing):
    """Something that happens at a time and a place."""

    description = models.TextField(max_length=2_000)
    place = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    check_in_code = models.CharField(
        max_length=CODE_LENGTH, help_text="The host shows it while the event runs."
    )

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_start"
            )
        ]

    def clean(self) -> None:
        """Refuse an event that ends before it begins."""
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": "An event ends after it starts."})

    def runs_at(self, instant: datetime) -> bool:
        """Return whether the event is going on at ``instant``."""
        return self.starts_at <= instant < self.ends_at

    def accepts(self, code: str) -> bool:
        """Return whether ``code`` is the check-in code; case and spaces around it don't matter."""
        return code.strip().casefold() == self.check_in_code.strip().casefold()


class Attendance(MembersRecord):
    """One member and one event: said they would come, and came."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="attendances")
    rsvp_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    wrong_codes = models.PositiveSmallIntegerField(default=0)
    last_wrong_code_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "event"], name="one_attendance_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member} at {self.event}"
