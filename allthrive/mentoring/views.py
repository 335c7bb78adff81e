"""Pages for mentors and those who ask them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.mentoring import services
from allthrive.mentoring.forms import AskForm, OfferForm
from allthrive.mentoring.models import Mentor, Session
from allthrive.refusals import refusals_told

SHOWN = 24


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List one's own sessions and the mentors one can ask."""
    me = member(request)
    sessions = Session.objects.select_related("mentor", "mentee").filter(
        Q(mentor=me) | Q(mentee=me)
    )
    mentors = Mentor.objects.select_related("member").filter(is_available=True).exclude(member=me)
    context = {
        "sessions": sessions[:SHOWN],
        "mentors": mentors[:SHOWN],
        "offer": Mentor.objects.filter(member=me).first(),
    }
    return render(request, "mentoring/index.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest) -> HttpResponse:
    """Offer to mentor, or change the offer."""
    me = member(request)
    mine = Mentor.objects.filter(member=me).first()
    initial = {"about": mine.about, "is_available": mine.is_available} if mine else None
    form = OfferForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.offer(member=me, **form.cleaned_data)
        messages.success(request, "Your offer is saved.")
        return redirect("mentoring:index")
    return render(request, "mentoring/offer.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a mentor for a session."""
    mentor = get_object_or_404(Mentor.objects.select_related("member"), pk=pk)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            session = services.ask(mentor=mentor, mentee=member(request), **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{mentor.member.display_name} can answer you now.")
            return redirect(session)
    return render(request, "mentoring/ask.html", {"form": form, "mentor": mentor})


@login_required
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a session to the two people it belongs to."""
    session = _session(pk)
    me = member(request)
    if me.pk not in (session.mentor_id, session.mentee_id):
        raise PermissionDenied("A session is seen by its mentor and its mentee only.")
    is_mentor = me.pk == session.mentor_id
    context = {
        "session": session,
        "other": session.mentee if is_mentor else session.mentor,
        "is_mentor": is_mentor,
        "may_answer": is_mentor and session.status == Session.Status.REQUESTED,
        "may_confirm": not is_mentor and session.status == Session.Status.ACCEPTED,
    }
    return render(request, "mentoring/detail.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline a request."""
    session = _session(pk)
    accept = request.POST.get("accept") == "yes"
    with refusals_told(request):
        services.answer(session=session, mentor=member(request), accept=accept)
        messages.success(request, "Accepted. Find a time together." if accept else "Declined.")
    return redirect(session)


@login_required
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a session took place, which pays the mentor."""
    session = _session(pk)
    with refusals_told(request):
        result = services.confirm(session=session, mentee=member(request))
        name = session.mentor.display_name
        messages.success(
            request,
            f"Thank you. {name} earned {result.points_awarded} points for this session."
            if result.points_awarded
            else f"Thank you. {name} has had all the points for sessions there are this week.",
        )
    return redirect(session)


def _session(pk: int) -> Session:
    return get_object_or_404(Session.objects.select_related("mentor", "mentee"), pk=pk)
