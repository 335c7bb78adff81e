"""The tables: who listens, what waits for them, what they were sent, and the keys of services."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from thrive_connect.kinds import Kind

KINDS = [kind.value for kind in Kind]
LISTS = "A JSON list."


def check_kinds(kinds: Any) -> None:
    """Refuse anything but a list of known kinds.

    Raises:
        ValidationError: says what was given and what is allowed.
    """
    if not isinstance(kinds, list) or not kinds or not set(map(str, kinds)) <= set(KINDS):
        raise ValidationError(f"kinds is {kinds!r}; a list of some of {', '.join(KINDS)} is needed")


class Listener(models.Model):
    """Somebody who hears of what happens: a webhook's address, or a function of the site."""

    name = models.CharField(max_length=100, unique=True)
    url = models.URLField(
        blank=True, max_length=500, help_text="Where webhooks are posted to; https alone."
    )
    handler = models.CharField(
        blank=True,
        max_length=200,
        help_text="Dotted path of a function that takes a Message, in place of an address.",
    )
    kinds = models.JSONField(default=list, validators=[check_kinds])
    secret = models.CharField(max_length=120, blank=True, editable=False)
    previous_secret = models.CharField(max_length=120, blank=True, editable=False)
    enabled = models.BooleanField(
        default=True, help_text="While it is off, nothing is queued for it."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "listener"

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Check that there is one place to deliver to.

        Raises:
            ValidationError: an address and a function, or neither, or no such function.
        """
        if bool(self.url) == bool(self.handler):
            raise ValidationError("Give an address or a function, one of the two.")
        if self.handler:
            try:
                import_string(self.handler)
            except ImportError as error:
                raise ValidationError({"handler": f"It cannot be imported: {error}"}) from error


class Queued(models.Model):
    """A piece of news for one listener: due, waiting for its next attempt, or dead."""

    kind = models.CharField(max_length=30)
    queued_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(db_default=Now(), help_text="When it is to be tried next.")
    attempts = models.PositiveSmallIntegerField(db_default=0)
    dead_at = models.DateTimeField(null=True, help_text="Since when it is not tried any more.")
    error = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        abstract = True


class Outgoing(Queued):
    """News of an entry. Triggers write it in the award's own transaction (sql/)."""

    pk = models.CompositePrimaryKey("user_id", "number", "listener_id", "kind")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    number = models.BigIntegerField(help_text="Number of the entry in the member's history.")
    listener = models.ForeignKey(
        Listener,
        on_delete=models.CASCADE,
        related_name="+",
        # A constraint would have every award lock the listener's row, and look it up.
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        verbose_name = "news of an entry"
        verbose_name_plural = "news of entries"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(dead_at=None),
                name="thrive_connect_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}-{self.number}"


class SiteNews(Queued):
    """News that is not about one member's entry: a rule was published, a circle was formed."""

    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=100, help_text="What it is about, such as a rule.")
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "news of the site"
        verbose_name_plural = "news of the site"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Delivery(models.Model):
    """One attempt to deliver, kept for staff to look at."""

    listener = models.ForeignKey(Listener, on_delete=models.CASCADE, related_name="deliveries")
    message = models.CharField(max_length=200, help_text="The message's id, the same at each try.")
    kind = models.CharField(max_length=30)
    user_id = models.CharField(max_length=64, blank=True)
    number = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    delivered = models.BooleanField()
    answer = models.CharField(max_length=300, blank=True, help_text="Status or error.")

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [models.Index(fields=["listener", "-at"], name="thrive_connect_delivered")]

    def __str__(self) -> str:
        return f"{self.message} {self.answer}"


class ServiceKey(models.Model):
    """A key by which a service, never a member, reports events."""

    name = models.CharField(max_length=100, help_text="Which service it belongs to.")
    prefix = models.CharField(max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    activity_types = models.JSONField(
        default=list, help_text='Activity types it may report, as a JSON list; ["*"] for all.'
    )
    per_minute = models.PositiveIntegerField(default=600, help_text="Events a minute, at most.")
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="To the minute."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "key of a service"
        verbose_name_plural = "keys of services"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def may_report(self, activity_type: str) -> bool:
        """Return whether the key's scope holds an activity type."""
        return "*" in self.activity_types or activity_type in self.activity_types
