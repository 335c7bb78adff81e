"""Pages of the weekly challenges."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.challenges import services
from allthrive.challenges.forms import SubmissionForm
from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.earning import sentence, tell
from allthrive.refusals import refusals_told
from thrive_points.calendar.zones import today_of

SHOWN = 12


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show this week's challenge and the ones before it."""
    me = member(request)
    today = today_of(me)
    found = list(WeeklyChallenge.objects.filter(monday__lte=today)[: SHOWN + 1])
    parts = {p.challenge_id: p for p in Participation.objects.filter(member=me)}
    current = next((c for c in found if c.is_open_on(today)), None)
    context = {
        "current": current,
        "part": parts.get(current.pk) if current else None,
        "earlier": [(c, parts.get(c.pk)) for c in found if c != current],
        "to_review": _to_review().count() if me.is_staff else 0,
    }
    return render(request, "challenges/index.html", context)


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a challenge and one's own part in it."""
    return _page(request, get_object_or_404(WeeklyChallenge, pk=pk), SubmissionForm())


@login_required
@require_POST
def opt_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the challenge on."""
    challenge = get_object_or_404(WeeklyChallenge, pk=pk)
    with refusals_told(request):
        tell(request, *services.opt_in(challenge=challenge, member=member(request)))
    return redirect(challenge)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one's work."""
    challenge = get_object_or_404(WeeklyChallenge, pk=pk)
    form = SubmissionForm(request.POST)
    if form.is_valid():
        try:
            results = services.submit(
                challenge=challenge, member=member(request), text=form.cleaned_data["text"]
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            tell(request, *results)
            return redirect(challenge)
    return _page(request, challenge, form)


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Show staff the submissions that wait for them, the oldest first."""
    if not member(request).is_staff:
        raise PermissionDenied("Staff decide which submissions are complete.")
    waiting = _to_review().select_related("member", "challenge")
    context = {"parts": waiting[:SHOWN], "count": waiting.count()}
    return render(request, "challenges/review.html", context)


@login_required
@require_POST
def complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Find a submission complete, and tell the member of staff what it earned its author."""
    part = get_object_or_404(Participation.objects.select_related("member"), pk=pk)
    with refusals_told(request):
        result = services.complete(participation=part, actor=member(request))
        messages.success(request, f"{part.member.display_name}: {sentence(result)}")
    return redirect("challenges:review")


def _to_review() -> QuerySet[Participation]:
    return Participation.objects.filter(submitted_at__isnull=False, completed_at__isnull=True)


def _page(request: HttpRequest, challenge: WeeklyChallenge, form: SubmissionForm) -> HttpResponse:
    me = member(request)
    context = {
        "challenge": challenge,
        "form": form,
        "part": Participation.objects.filter(challenge=challenge, member=me).first(),
        "is_open": challenge.is_open_on(today_of(me)),
        "taking_part": challenge.participations.count(),
    }
    return render(request, "challenges/detail.html", context)
