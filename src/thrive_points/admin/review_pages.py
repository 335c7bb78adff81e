"""The staff pages: the economy, its suspicions, and a member's ledger with its corrections."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from thrive_points.admin import presentation
from thrive_points.admin.reversal import reverse_entries, reversible, with_reversals
from thrive_points.admin.review_forms import LedgerForm, ReasonForm, span_form
from thrive_points.exceptions import PointsError
from thrive_points.models import PointsHistory
from thrive_points.review.detectors import DETECTORS, findings
from thrive_points.review.report import review
from thrive_points.review.suspicion import Suspicion
from thrive_points.rules.current import rulebook

ENTRIES = 100
"""Entries on one page of a ledger."""
SHOWN_SUSPICIONS = 100
CORRECT = "thrive_points.correct_points"


def _for_viewers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse those who may not view the economy, before anything is read for them."""

    @wraps(view)
    def checked(
        request: HttpRequest, admin: "ModelAdmin[Any]", *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if not admin.has_view_permission(request):
            raise PermissionDenied
        # A site may run several admins; links stay within the one that is looked at.
        request.current_app = admin.admin_site.name
        return view(request, admin, *args, **kwargs)

    return checked


@_for_viewers
def economy_page(request: HttpRequest, admin: "ModelAdmin[Any]") -> HttpResponse:
    """Show points issued, concentration, caps and rules for a span of days."""
    form = span_form(request.GET)
    figures = review(form.span)
    return _page(
        request,
        admin,
        "economy.html",
        title="Points economy",
        form=form,
        span=figures.span,
        figures=presentation.figures(figures),
        chart=presentation.issued_chart(figures.economy),
        days=presentation.day_table(figures.economy),
        issued=presentation.issued_tables(figures.economy),
        curve=presentation.spread_chart(figures),
        spread=figures.concentration,
        rules=presentation.rule_tables(figures),
    )


@_for_viewers
def suspicions_page(request: HttpRequest, admin: "ModelAdmin[Any]") -> HttpResponse:
    """Show what the detectors saw in a span of days, with the way to each member's ledger."""
    form = span_form(request.GET)
    found = findings(form.span)
    shown = found.suspicions[:SHOWN_SUSPICIONS]
    concerned = {member for suspicion in shown for member in suspicion.members}
    users = get_user_model()._default_manager.in_bulk(concerned)
    return _page(
        request,
        admin,
        "suspicions.html",
        title="Suspicions",
        form=form,
        span=form.span,
        found=found,
        not_shown=len(found.suspicions) - len(shown),
        cases=[
            {
                "suspicion": suspicion,
                "looks_for": DETECTORS[suspicion.detector],
                "name": suspicion.detector.replace("_", " "),
                "members": [
                    (users[member], ledger_url(request, member, suspicion))
                    for member in suspicion.members
                ],
            }
            for suspicion in shown
        ],
        detectors=[(name.replace("_", " "), what) for name, what in DETECTORS.items()],
    )


@_for_viewers
def ledger_page(request: HttpRequest, admin: "ModelAdmin[Any]", member_id: str) -> HttpResponse:
    """Show a member's entries, and take back a selection of them in two steps."""
    member = _member(member_id)
    if request.method == "POST":
        return _correct(request, admin, member)
    form = LedgerForm(request.GET)
    entries = with_reversals(PointsHistory.objects.filter(user_id=member.pk))
    entries = entries.filter(**form.lookups()).select_related("actor")
    before = request.GET.get("before", "")
    if before.isdecimal():
        entries = entries.filter(number__lt=int(before))
    shown = list(entries.order_by("-number")[: ENTRIES + 1])
    more = len(shown) > ENTRIES
    shown = shown[:ENTRIES]
    asked = request.GET.copy()
    asked["before"] = str(shown[-1].number) if more else ""
    every = request.GET.copy()
    every["selected"] = "all"
    return _page(
        request,
        admin,
        "ledger.html",
        title=f"Ledger of {member}",
        member=member,
        form=form,
        entries=shown,
        may_correct=request.user.has_perm(CORRECT),
        selected=request.GET.get("selected") == "all",
        older=f"?{asked.urlencode()}" if more else "",
        select_all=f"?{every.urlencode()}",
    )


@_for_viewers
def find_member(request: HttpRequest, admin: "ModelAdmin[Any]") -> HttpResponse:
    """Lead to the ledger of the member with a given username."""
    name = request.GET.get("username", "").strip()
    model = get_user_model()
    try:
        member = model._default_manager.get(**{model.USERNAME_FIELD: name})
    except model.DoesNotExist:
        messages.warning(request, f"No member is called {name!r}; give the username in full.")
        return HttpResponseRedirect(
            reverse(
                "admin:thrive_points_pointseconomy_changelist", current_app=admin.admin_site.name
            )
        )
    return HttpResponseRedirect(ledger_url(request, member.pk))


def ledger_url(request: HttpRequest, member_id: Any, suspicion: Suspicion | None = None) -> str:
    """Return where a member's ledger is, at the entries that a suspicion is about."""
    address = reverse(
        "admin:thrive_points_pointseconomy_ledger",
        args=[member_id],
        current_app=getattr(request, "current_app", None),
    )
    if suspicion is None:
        return address
    asked = [("since", suspicion.since), ("until", suspicion.until)]
    known = set(rulebook().activity_types())
    kinds = [("activity", name) for name in suspicion.activity_types if name in known]
    return f"{address}?{urlencode([*asked, *kinds])}"


def _correct(request: HttpRequest, admin: "ModelAdmin[Any]", member: Any) -> HttpResponse:
    if not request.user.has_perm(CORRECT):
        raise PermissionDenied
    asked = [int(given) for given in request.POST.getlist("entry") if given.isdecimal()]
    entries = reversible(member, asked)
    back = request.get_full_path()
    if not entries:
        messages.warning(request, "Choose at least one entry that gave points.")
        return HttpResponseRedirect(back)
    confirmed = "confirmed" in request.POST
    form = ReasonForm(request.POST if confirmed else None)
    if confirmed and form.is_valid() and _reverse(request, member, entries, form):
        return HttpResponseRedirect(back)
    return _page(
        request,
        admin,
        "confirm.html",
        title=f"Take back entries of {member}",
        member=member,
        form=form,
        entries=entries,
        points=sum(entry.points for entry in entries),
        back=back,
    )


def _reverse(
    request: HttpRequest, member: Any, entries: list[PointsHistory], form: ReasonForm
) -> bool:
    try:
        summary = reverse_entries(
            member,
            [entry.number for entry in entries],
            form.cleaned_data["reason"],
            actor=request.user,
        )
    except PointsError as error:
        form.add_error("reason", str(error))
        return False
    entries_word = "entry" if summary.reversed == 1 else "entries"
    told = f"Took back {summary.reversed} {entries_word} and {summary.points:,} points."
    if summary.before:
        told += f" Somebody else had taken back {summary.before} of the selection before."
    messages.success(
        request, f"{told} {member} now has {summary.total:,} points, level {summary.level}."
    )
    return True


def _member(member_id: str) -> Any:
    model = get_user_model()
    try:
        return model._default_manager.get(pk=member_id)
    except (model.DoesNotExist, ValidationError, ValueError, TypeError) as error:
        raise Http404("No such member") from error


def _page(
    request: HttpRequest, admin: "ModelAdmin[Any]", template: str, **context: Any
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"thrive_points/review/{template}",
        {**admin.admin_site.each_context(request), "opts": admin.opts, **context},
    )
