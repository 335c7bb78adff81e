"""Pages of the events."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.earning import tell
from allthrive.events import services
from allthrive.events.forms import CheckInForm
from allthrive.events.models import Attendance, Event
from allthrive.refusals import refusals_told

SHOWN = 12


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what runs now, what comes, and what was."""
    now = timezone.now()
    coming = Count("attendances", filter=Q(attendances__rsvp_at__isnull=False))
    events = Event.objects.annotate(coming=coming).order_by("starts_at")
    sections = [
        ("On now", events.filter(starts_at__lte=now, ends_at__gt=now)),
        ("Coming up", events.filter(starts_at__gt=now)),
        ("Past events", events.filter(ends_at__lte=now).order_by("-starts_at")),
    ]
    mine = {a.event_id: a for a in Attendance.objects.filter(member=member(request))}
    shown = [
        (title, [(event, mine.get(event.pk)) for event in found[:SHOWN]])
        for title, found in sections
    ]
    context = {"sections": shown, "nothing_yet": not any(found for _, found in shown)}
    return render(request, "events/index.html", context)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an event and one's own part in it."""
    return _page(request, get_object_or_404(Event, pk=pk), CheckInForm())


@login_required
@require_POST
def rsvp(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one comes, or that one doesn't after all."""
    event = get_object_or_404(Event, pk=pk)
    is_coming = request.POST.get("coming") == "yes"
    with refusals_told(request):
        services.set_rsvp(event=event, member=member(request), is_coming=is_coming)
        said = "See you there." if is_coming else "Noted: you can't come."
        messages.success(request, said)
    return redirect(event)


@login_required
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Check in with the host's code."""
    event = get_object_or_404(Event, pk=pk)
    form = CheckInForm(request.POST)
    if form.is_valid():
        try:
            check = services.check_in(
                event=event, member=member(request), code=form.cleaned_data["code"]
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if check.is_right:
                messages.success(request, "You are checked in. Enjoy it.")
                tell(request, *check.earned)
                return redirect(event)
            form.add_error("code", "This is not the code. Ask the host.")
    return _page(request, event, form)


def _page(request: HttpRequest, event: Event, form: CheckInForm) -> HttpResponse:
    now = timezone.now()
    context = {
        "event": event,
        "form": form,
        "mine": Attendance.objects.filter(event=event, member=member(request)).first(),
        "coming": event.attendances.filter(rsvp_at__isnull=False).count(),
        "is_on": event.runs_at(now),
        "is_over": now >= event.ends_at,
    }
    return render(request, "events/detail.html", context)
