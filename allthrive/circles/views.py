"""The circle's page."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.accounts.models import User
from allthrive.circles import services
from allthrive.circles.forms import ReactionForm
from allthrive.circles.models import Reaction, Visit
from allthrive.circles.selectors import feed_of
from allthrive.earning import tell
from allthrive.home.suggestions import suggestions_for
from thrive_circles import selectors
from thrive_circles.forming import open_circle_for
from thrive_circles.levels import CIRCLE_LEVELS
from thrive_circles.models import XPEvent
from thrive_points.calendar.zones import today_of

NEARLY_OVER = timedelta(days=1)
"""Nobody is asked to join for the rest of a week of which so little is left."""


def _has_joined(user: User) -> bool:
    circle = selectors.circle_of(user)
    return circle is not None and user.circle_joinings.filter(week=circle.week).exists()


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the circle: who is in it, what they did, one's own way, and what to do next."""
    user = member(request)
    now = timezone.now()
    circle = selectors.circle_of(user)
    progress = selectors.circle_progress(user.total_points)
    following = progress.next_level
    span_ends = following.starts_at if following else progress.total_xp
    context = {
        "circle": circle,
        "joined": _has_joined(user),
        "open_circle": None if circle else open_circle_for(user),
        "week_ends": selectors.week_ends(now),
        "nearly_over": selectors.week_ends(now) - now <= NEARLY_OVER,
        "members": [profile.user for profile in selectors.members_of(circle)] if circle else [],
        "feed": feed_of(circle, user) if circle else [],
        "kinds": Reaction.Kind.choices,
        "visited": Visit.objects.filter(user=user, day=today_of(user)).exists(),
        "levels": CIRCLE_LEVELS,
        "progress": progress,
        "done": progress.total_xp - progress.level.starts_at,
        "span": span_ends - progress.level.starts_at,
        "suggestions": suggestions_for(user)[:3],
    }
    return render(request, "circles/index.html", context)


@login_required
@require_safe
def past(request: HttpRequest) -> HttpResponse:
    """Show the circles the member was in before."""
    return render(
        request, "circles/past.html", {"circles": selectors.past_circles(member(request))}
    )


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join the circle of the week."""
    _, result = services.join(user=member(request))
    tell(request, result)
    return redirect("circles:index")


@login_required
@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """Check in with the circle."""
    user = member(request)
    if _has_joined(user):
        tell(request, services.check_in(user=user))
    else:
        messages.error(request, "Join your circle first.")
    return redirect("circles:index")


@login_required
@require_POST
def react(request: HttpRequest, mate: int, number: int) -> HttpResponse:
    """React to a circle mate's event."""
    user = member(request)
    if not _has_joined(user):
        messages.error(request, "Join your circle first.")
        return redirect("circles:index")
    circle = selectors.circle_of(user)
    assert circle is not None
    # At most 30 keys, compared here: an address may hold numbers that no database takes.
    if mate == user.pk or mate not in circle.memberships.values_list("user_id", flat=True):
        raise Http404("They are not in your circle.")
    event = get_object_or_404(XPEvent, user_id=mate, number=number, amount__gt=0)
    form = ReactionForm(request.POST)
    if form.is_valid():
        tell(request, services.react(user=user, event=event, kind=form.cleaned_data["kind"]))
    else:
        messages.error(request, "Choose one of the reactions.")
    return redirect("circles:index")
