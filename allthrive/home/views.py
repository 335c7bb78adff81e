"""The pages about the member."""

import datetime as dt
import json

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from allthrive.accounts.access import member
from allthrive.accounts.models import User
from allthrive.doorways import DOORWAYS, by_group
from allthrive.home.history import HistoryFilter, lines, write_csv
from allthrive.home.suggestions import suggestions_for
from thrive_points import selectors
from thrive_points.calendar.zones import today_of
from thrive_points.models import PointsHistory

HISTORY_PAGE = 30
WINDOWS = ((7, "Last 7 days"), (30, "Last 30 days"), (90, "Last 90 days"))
RING = 100
"""The ring's circumference is declared as 100, so its dash is a percentage."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Welcome a visitor, or show a member where they stand and what to do next."""
    if not isinstance(request.user, User):
        return render(request, "home/welcome.html", {"groups": by_group()})
    user = request.user
    progress = selectors.progress(user)
    span = progress.next_level_at - progress.level_starts_at
    context = {
        "progress": progress,
        "ring": RING * (progress.total_points - progress.level_starts_at) // span,
        "suggestions": suggestions_for(user)[:6],
        "lines": lines(selectors.history(user, limit=12), today_of(user))[:6],
    }
    return render(request, "home/index.html", context)


@login_required
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Show everything there is to do, with what is left of it."""
    user = member(request)
    statuses = {status.activity_type: status for status in selectors.activities(user)}
    suggested = {one.activity.activity_type: one for one in suggestions_for(user)}
    groups = [
        (
            group,
            [
                (d, [(statuses[n], suggested.get(n)) for n in d.earns if n in statuses])
                for d in doors
            ],
        )
        for group, doors in by_group()
    ]
    granted = {name for door in DOORWAYS for name in door.granted}
    done = {name for door in DOORWAYS for name in door.earns}
    context = {
        "groups": groups,
        "granted": [status for name, status in statuses.items() if name in granted],
        "by_itself": [
            status for name, status in statuses.items() if name not in granted and name not in done
        ],
    }
    return render(request, "home/explore.html", context)


@login_required
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """Show where the member's points come from."""
    user = member(request)
    given = request.GET.get("days", "30")
    days = int(given) if given in {str(days) for days, _ in WINDOWS} else 30
    today = today_of(user)
    since = today - dt.timedelta(days=days - 1)
    report = selectors.by_category(user, since, today, selectors.Bucket.NONE)
    context = {
        "progress": selectors.progress(user),
        "rows": [
            *((category, category.label, had) for category, had in report.by_category.items()),
            *((name, label, report.totals[name]) for name, label in report.former.items()),
        ],
        "total": sum(report.totals.values()) + report.adjustments,
        "largest": max(*report.totals.values(), 1),
        "adjustments": report.adjustments,
        "days": days,
        "links": json.dumps({name: door.url for door in DOORWAYS for name in door.earns}),
        "windows": WINDOWS,
        "lines": lines(selectors.history(user, limit=20), today)[:10],
        "suggestions": suggestions_for(user)[:3],
    }
    return render(request, "home/activity.html", context)


@login_required
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Show every change of the member's points, with its reason. `?before=` goes further back."""
    before = request.GET.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 19):
        return redirect("home:history")
    user = member(request)
    chosen = HistoryFilter(request.GET)
    entries = chosen.entries_of(user)
    if before:
        entries = entries.filter(number__lt=int(before))
    found = list(entries[: HISTORY_PAGE + 1])
    is_filtered = chosen.is_valid() and any(chosen.cleaned_data.values())
    total = None if is_filtered or not found else _total_after(found[0])
    context = {
        "entries": found[:HISTORY_PAGE],
        "lines": lines(found[:HISTORY_PAGE], today_of(user), total),
        "older": found[HISTORY_PAGE - 1].number if len(found) > HISTORY_PAGE else None,
        "before": before,
        "form": chosen,
        "is_filtered": is_filtered,
    }
    return render(request, "home/history.html", context)


@login_required
@require_safe
def history_file(request: HttpRequest) -> StreamingHttpResponse:
    """Send the member's entries, filtered as the page is, as a CSV file."""

    class Echo:
        def write(self, line: str) -> str:
            return line

    entries = HistoryFilter(request.GET).entries_of(member(request))
    answer = StreamingHttpResponse(
        write_csv(Echo(), entries.iterator(chunk_size=500)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="points.csv"'
    return answer


def _total_after(entry: PointsHistory) -> int:
    upto = PointsHistory.objects.filter(user_id=entry.user_id, number__lte=entry.number)
    return int(upto.aggregate(sum=Sum("points"))["sum"])
