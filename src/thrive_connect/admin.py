"""Listeners, what they were sent, and the keys of services."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thrive_connect import keys, webhooks
from thrive_connect.kinds import Kind
from thrive_connect.messages import Message
from thrive_connect.models import Delivery, Listener, Outgoing, ServiceKey, SiteNews
from thrive_connect.relay import send_again
from thrive_points.admin.base import ModelAdmin, ReadOnlyAdmin
from thrive_points.conf import points_settings
from thrive_points.rules.current import rulebook

QUEUES = (Outgoing, SiteNews)


class ListenerForm(forms.ModelForm):  # type: ignore[type-arg]
    """Chooses kinds by boxes."""

    url = forms.URLField(required=False, assume_scheme="https", label="Address")
    kinds = forms.MultipleChoiceField(
        choices=[(kind.value, f"{kind.value}: {kind.what}") for kind in Kind],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Listener
        fields = ("name", "url", "handler", "kinds", "enabled")


@admin.register(Listener)
class ListenerAdmin(ModelAdmin):
    """Who hears of what; test, rotation of secrets, and what could not be delivered."""

    form = ListenerForm
    list_display = ("name", "place", "enabled", "waiting", "given_up")
    readonly_fields = ("signing_secret",)
    actions = ("send_test", "rotate_secret", "drop_previous_secret", "send_given_up_again")

    def save_model(self, request: HttpRequest, obj: Listener, form: Any, change: bool) -> None:
        """Give an address its secret, and show it."""
        if obj.url and not obj.secret:
            obj.secret = webhooks.new_secret()
        super().save_model(request, obj, form, change)

    @admin.display(description="address or function")
    def place(self, listener: Listener) -> str:
        """Return where it is delivered to."""
        return listener.url or listener.handler

    @admin.display
    def waiting(self, listener: Listener) -> int:
        """Return how much is queued for it."""
        return sum(
            model.objects.filter(listener=listener, dead_at=None).count() for model in QUEUES
        )

    @admin.display
    def given_up(self, listener: Listener) -> int:
        """Return how much could not be delivered in three days."""
        return sum(
            model.objects.filter(listener=listener, dead_at__isnull=False).count()
            for model in QUEUES
        )

    @admin.display(description="secret")
    def signing_secret(self, listener: Listener) -> str:
        """Return the secret, for those who may change listeners."""
        return listener.secret or "made when you save an address"

    @admin.action(description="Send a test message", permissions=["change"])
    def send_test(self, request: HttpRequest, listeners: QuerySet[Listener]) -> None:
        """Send a message of no meaning to the selected addresses, and say what they answered."""
        now = timezone.now()
        message = Message(
            id=f"test-{now.timestamp():.0f}",
            kind=Kind.ENTRY_RECORDED,
            at=now,
            data={"test": True},
        )
        for listener in listeners.exclude(url=""):
            try:
                status = webhooks.send(listener, message, now, points_settings().webhook_networks)
            except webhooks.Undelivered as error:
                self.message_user(request, f"{listener}: {error}", messages.ERROR)
            else:
                self.message_user(request, f"{listener} answered {status}", messages.SUCCESS)

    @admin.action(
        description="Make a new secret; the one before goes on beside it", permissions=["change"]
    )
    def rotate_secret(self, request: HttpRequest, listeners: QuerySet[Listener]) -> None:
        """Begin the change of a secret."""
        for listener in listeners.exclude(url=""):
            webhooks.rotate(listener)
            self.message_user(request, f"{listener} has a new secret; its page shows it.")

    @admin.action(description="End the secret before the present one", permissions=["change"])
    def drop_previous_secret(self, request: HttpRequest, listeners: QuerySet[Listener]) -> None:
        """End the change of a secret."""
        listeners.update(previous_secret="")

    @admin.action(description="Send what was given up again", permissions=["change"])
    def send_given_up_again(self, request: HttpRequest, listeners: QuerySet[Listener]) -> None:
        """Queue dead news anew."""
        count = 0
        for model in QUEUES:
            for news in model.objects.filter(listener__in=listeners, dead_at__isnull=False):
                send_again(news)
                count += 1
        self.message_user(request, f"{count:,} queued again.")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """Every attempt of the last thirty days."""

    list_display = ("at", "listener", "kind", "message", "delivered", "answer", "milliseconds")
    list_filter = ("delivered", "kind", "listener")
    list_select_related = ("listener",)
    search_fields = ("message", "user_id")
    ordering = ("-at",)
    actions = ("deliver_again",)

    @admin.action(description="Deliver again", permissions=["change_listener"])
    def deliver_again(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        """Queue the entries of the selected deliveries anew, under the same message ids."""
        count = 0
        member = get_user_model()._meta.pk
        for one in deliveries:
            if one.number is None:
                continue
            _, made = Outgoing.objects.get_or_create(
                user_id=member.to_python(one.user_id),
                number=one.number,
                listener_id=one.listener_id,
                kind=one.kind,
            )
            count += made
        self.message_user(request, f"{count:,} queued again.")

    def has_change_listener_permission(self, request: HttpRequest) -> bool:
        """Return whether somebody may have things sent."""
        return request.user.has_perm("thrive_connect.change_listener")


class ServiceKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Chooses the scope by boxes."""

    activity_types = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ServiceKey
        fields = ("name", "activity_types", "per_minute", "expires_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = rulebook()
        scope: Any = self.fields["activity_types"]
        scope.choices = [
            ("*", "Every activity"),
            *((name, book.label_of(name)) for name in sorted(book.activity_types())),
        ]


@admin.register(ServiceKey)
class ServiceKeyAdmin(ModelAdmin):
    """Keys are made here, shown once, and revoked; nothing else of them changes."""

    form = ServiceKeyForm
    list_display = ("name", "prefix", "expires_at", "revoked_at", "last_used_at")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ServiceKey, form: Any, change: bool) -> None:
        """Make the key; its text is shown by the message that follows, once."""
        made, text = keys.new_key(
            obj.name,
            obj.activity_types,
            expires_at=obj.expires_at,
            per_minute=obj.per_minute,
            created_by=request.user,
        )
        obj.pk, obj.prefix = made.pk, made.prefix
        self.message_user(
            request, f"Copy the key now, it is not shown again: {text}", messages.WARNING
        )

    def response_add(
        self, request: HttpRequest, obj: ServiceKey, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go back to the list: a key has no page of its own."""
        response = self.response_post_save_add(request, obj)
        response["Cache-Control"] = "no-store"
        return response

    @admin.action(description="Revoke the selected keys", permissions=["add"])
    def revoke(self, request: HttpRequest, chosen: QuerySet[ServiceKey]) -> None:
        """End keys at once."""
        ended = chosen.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{ended} revoked.")
