"""The pages about the member."""

import datetime as dt
import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from allthrive.accounts.access import member
from allthrive.accounts.models import User
from allthrive.doorways import DOORWAYS, by_group
from allthrive.home.suggestions import suggestions_for
from thrive_points import selectors
from thrive_points.calendar.zones import today_of

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
        "recent": selectors.history(user, limit=6),
    }
    return render(request, "home/index.html", context)


@login_required
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Show everything there is to do, with what is left of it."""
    statuses = {status.activity_type: status for status in selectors.activities(member(request))}
    groups = [
        (group, [(d, [statuses[n] for n in d.earns if n in statuses]) for d in doors])
        for group, doors in by_group()
    ]
    reachable = {name for door in DOORWAYS for name in door.earns}
    by_itself = [status for name, status in statuses.items() if name not in reachable]
    return render(request, "home/explore.html", {"groups": groups, "by_itself": by_itself})


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
        "recent": selectors.history(user, limit=10),
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
    entries = selectors.history(
        member(request), before=int(before) if before else None, limit=HISTORY_PAGE + 1
    )
    context = {
        "entries": entries[:HISTORY_PAGE],
        "older": entries[HISTORY_PAGE - 1].number if len(entries) > HISTORY_PAGE else None,
        "before": before,
    }
    return render(request, "home/history.html", context)
