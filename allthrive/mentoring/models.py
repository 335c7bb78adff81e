"""Members who offer to mentor, and the sessions others ask them for."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

ABOUT_LENGTH = 500
TOPIC_LENGTH = 120
MESSAGE_LENGTH = 1_000
TAKEAWAY_LENGTH = 300


class Mentor(models.Model):
    """A member who offers sessions."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentor"
    )
    about = models.TextField(max_length=ABOUT_LENGTH)
    is_available = models.BooleanField(default=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-since", "-pk"]

    def __str__(self) -> str:
        return str(self.member)


class Session(models.Model):
    """One conversation between a mentor and a mentee, from the request to its confirmation."""

    class Status(models.TextChoices):
        REQUESTED = "requested", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        HELD = "held", "Held"

    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions_given"
    )
    mentee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sessions_taken"
    )
    topic = models.CharField(max_length=TOPIC_LENGTH)
    message = models.TextField(max_length=MESSAGE_LENGTH)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    requested_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    meets_at = models.DateTimeField(null=True, blank=True, help_text="When the two meet.")
    held_at = models.DateTimeField(null=True, blank=True)
    takeaway = models.CharField(
        max_length=TAKEAWAY_LENGTH, blank=True, help_text="What the mentee took from it."
    )

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(mentor=models.F("mentee")), name="session_has_two_people"
            ),
            models.UniqueConstraint(
                fields=["mentor", "mentee"],
                condition=models.Q(status__in=["requested", "accepted"]),
                name="one_open_session_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.mentor} with {self.mentee}"

    def get_absolute_url(self) -> str:
        return reverse("mentoring:detail", args=[self.pk])


class Message(models.Model):
    """What one of the two writes to the other."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(max_length=MESSAGE_LENGTH)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}: {self.session}"
