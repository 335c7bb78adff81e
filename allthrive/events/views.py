"""Pages of the events."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from allthrive.earning import tell
from allthrive.events import services
from allthrive.events.forms import CheckInForm
from allthrive.events.models import Attendance, Event
from allthrive.pages import Action, FormOnPage, ListsPage, ThingPageWithForm


class Index(ListsPage):
    """List what runs now, what comes, and what was."""

    template_name = "events/index.html"

    def lists(self) -> Sequence[tuple[str, QuerySet[Event]]]:
        now = timezone.now()
        coming = Count("attendances", filter=Q(attendances__rsvp_at__isnull=False))
        mine = Attendance.objects.filter(member=self.member)
        events = (
            Event.objects.annotate(coming=coming)
            .prefetch_related(Prefetch("attendances", queryset=mine, to_attr="mine"))
            .order_by("starts_at")
        )
        return (
            ("On now", events.filter(starts_at__lte=now, ends_at__gt=now)),
            ("Coming up", events.filter(starts_at__gt=now)),
            ("Past events", events.filter(ends_at__lte=now).order_by("-starts_at")),
        )


class EventPage(ThingPageWithForm):
    """Show an event and one's own part in it."""

    model = Event
    template_name = "events/detail.html"
    form_class = CheckInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        attendances = self.object.attendances
        return super().get_context_data(
            mine=attendances.filter(member=self.member).first(),
            coming=attendances.filter(rsvp_at__isnull=False).count(),
            is_on=self.object.runs_at(now),
            is_over=now >= self.object.ends_at,
            **kwargs,
        )


class Rsvp(Action):
    """Say that one comes, or that one doesn't after all."""

    model = Event

    def act(self, event: Event) -> None:
        is_coming = self.request.POST.get("coming") == "yes"
        services.set_rsvp(event=event, member=self.member, is_coming=is_coming)
        said = "See you there." if is_coming else "Noted: you can't come."
        messages.success(self.request, said)


class CheckIn(FormOnPage, EventPage):
    """Check in with the host's code."""

    def serve(self, form: CheckInForm) -> Event:
        event: Event = self.object
        check = services.check_in(event=event, member=self.member, code=form.cleaned_data["code"])
        if not check.is_right:
            raise ValidationError({"code": "This is not the code. Ask the host."})
        messages.success(self.request, "You are checked in. Enjoy it.")
        tell(self.request, *check.earned)
        return event
