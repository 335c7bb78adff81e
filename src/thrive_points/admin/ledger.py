"""The points history: find a member, read their ledger, take a selection of its entries back."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern
from django.utils.translation import gettext, ngettext

from thrive_points import selectors
from thrive_points.admin.base import CORRECT, PagesAdmin, require
from thrive_points.admin.forms import FOR_THE_MEMBER, EntriesForm, SearchForm, TakeBackForm
from thrive_points.core.event import Outcome
from thrive_points.exceptions import PointsError
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService
from thrive_points.validation import own_key

READ = ("thrive_points.view_pointshistory", "thrive_points.view_pointseconomy")
"""The permissions that open the points history; either will do."""
ENTRIES = 100
"""Entries on one page of a ledger."""
_LONGEST_NUMBER = 18
"""Digits of the largest number that every database can compare with an entry's."""

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class Row(NamedTuple):
    """An entry, and the number of the one that took it back, if one did."""

    entry: PointsHistory
    reversed_by: int | None

    @property
    def can_be_reversed(self) -> bool:
        """Return whether it moved the total and still does; a reversal is there to stay."""
        is_reversal = self.entry.outcome == Outcome.REVERSED.value
        return bool(self.entry.points) and self.reversed_by is None and not is_reversal


class LedgerPages(PagesAdmin):
    """Serves the points history: one member's entries at a time, so that it holds at any size.

    Reading needs `thrive_points.view_pointshistory` or `thrive_points.view_pointseconomy`, taking
    entries back `thrive_points.correct_points`.
    """

    folder = "review"

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages."""
        return [
            self.route("members/", self.search_view, "search"),
            self.route("members/<path:member_id>/", self.ledger_view, "ledger"),
        ]

    def search_view(self, request: HttpRequest) -> HttpResponse:
        """Lead to the ledger of the member who is asked for, at the entries that are."""
        require(request, *READ)
        form = SearchForm(request.GET or None)
        found = form.cleaned_data["member"] if form.is_valid() else []
        addresses = [self.address("ledger", user.pk) + _query(request.GET) for user in found]
        if len(addresses) == 1:
            return HttpResponseRedirect(addresses[0])
        found = list(zip(found, addresses, strict=True))
        return self.page(request, "search", gettext("Points history"), form=form, found=found)

    def ledger_view(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """Show a member's entries, the newest first, and take back a selection in two steps."""
        require(request, *READ)
        member = _member(member_id)
        if request.method == "POST":
            require(request, CORRECT)
            return self._take_back(request, member)
        form = EntriesForm(request.GET)
        entries = PointsHistory.objects.filter(user_id=member.pk, **form.lookups())
        before = _number(request.GET.get("before", ""))
        if before is not None:
            entries = entries.filter(number__lt=before)
        # One more than is shown: if it is there, older ones are too.
        found = list(entries.select_related("actor").order_by("-number")[: ENTRIES + 1])
        shown = found[:ENTRIES]
        older = shown[-1].number if len(found) > ENTRIES else None
        rows = _rows(member, shown)
        return self.page(
            request,
            "ledger",
            gettext("Ledger of %(member)s") % {"member": member},
            member=member,
            progress=selectors.progress(member),
            form=form,
            rows=rows,
            may_choose=request.user.has_perm(CORRECT) and any(r.can_be_reversed for r in rows),
            selected=request.GET.get("selected") == "all",
            select_all=_query(request.GET, selected="all"),
            older=_query(request.GET, before=older) if older else "",
            newest=(_query(request.GET, before=None) or "?") if before is not None else "",
        )

    def _take_back(self, request: HttpRequest, member: Any) -> HttpResponse:
        numbers = [_number(given) for given in request.POST.getlist("entry")]
        chosen = [number for number in numbers if number is not None]
        entries = PointsHistory.objects.filter(user_id=member.pk, number__in=chosen)
        rows = [row for row in _rows(member, entries.order_by("number")) if row.can_be_reversed]
        back = request.path + _query(request.GET)
        if not rows:
            messages.warning(
                request, gettext("Choose at least one entry that gave points and still does.")
            )
            return HttpResponseRedirect(back)
        confirmed = "confirmed" in request.POST
        form = TakeBackForm(request.POST if confirmed else None, help_text=FOR_THE_MEMBER)
        if confirmed and form.is_valid() and _reverse(request, member, rows, form):
            return HttpResponseRedirect(back)
        return self.page(
            request,
            "confirm",
            gettext("Take back entries of %(member)s") % {"member": member},
            member=member,
            form=form,
            rows=rows,
            points=sum(row.entry.points for row in rows),
            back=back,
        )


def _reverse(request: HttpRequest, member: Any, rows: list[Row], form: TakeBackForm) -> bool:
    keys = [row.entry.event_key for row in rows]
    try:
        results = PointsService.reverse_many(
            member,
            keys,
            form.cleaned_data["reason"],
            actor=cast("AbstractBaseUser", request.user),
            free_room=not form.cleaned_data["leave_empty"],
            with_marks=form.cleaned_data["with_marks"],
        )
    except PointsError as error:
        form.add_error("reason", str(error))
        return False
    taken = [result for result in results if result.outcome is Outcome.REVERSED]
    taken += [also for result in results for also in result.also_reversed]
    points = -sum(result.points_awarded for result in taken)
    message = ngettext(
        "Took back %(count)d entry and %(points)s points.",
        "Took back %(count)d entries and %(points)s points.",
        len(taken),
    ) % {"count": len(taken), "points": f"{points:,}"}
    if paid := sum(one.points_awarded for result in results for one in result.also_earned):
        message += " " + gettext(
            "Events that a cap had refused were paid %(points)s points with their room."
        ) % {"points": f"{paid:,}"}
    if before := sum(result.outcome is not Outcome.REVERSED for result in results):
        message += " " + gettext(
            "Somebody else had taken back %(count)d of the selection before."
        ) % {"count": before}
    now = results[-1]
    stands = gettext("%(member)s now has %(points)s points, level %(level)d.") % {
        "member": member,
        "points": f"{now.total_points:,}",
        "level": now.level,
    }
    messages.success(request, f"{message} {stands}")
    return True


def _rows(member: Any, entries: Iterable[PointsHistory]) -> list[Row]:
    entries = list(entries)
    # Found by their keys, which are unique; there is no index on what an entry reverses.
    keys = [own_key("reversal", entry.number) for entry in entries]
    reversals = PointsHistory.objects.filter(user_id=member.pk, event_key__in=keys)
    reversed_by = dict(reversals.values_list("reverses", "number"))
    return [Row(entry, reversed_by.get(entry.number)) for entry in entries]


def _query(given: QueryDict, **changes: Any) -> str:
    """Return the entries that were asked for as the query of an address, with some changes."""
    asked = {name: given.getlist(name) for name in ("before", *EntriesForm.base_fields)}
    asked |= {name: [] if value is None else [value] for name, value in changes.items()}
    query = urlencode([(name, value) for name in asked for value in asked[name] if value])
    return f"?{query}" if query else ""


def _number(given: str) -> int | None:
    """Return the number of an entry as it was given; None for what cannot be one."""
    return int(given) if given.isdecimal() and len(given) <= _LONGEST_NUMBER else None


def _member(member_id: str) -> Any:
    model = get_user_model()
    try:
        return model._default_manager.get(pk=member_id)
    except (model.DoesNotExist, ValidationError, ValueError, TypeError, OverflowError) as error:
        raise Http404(gettext("No such member")) from error
