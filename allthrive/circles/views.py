"""The circle's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from allthrive.accounts.access import member
from allthrive.circles import selectors, services
from allthrive.circles.forms import ReactionForm
from allthrive.circles.models import Membership, Reaction, Visit
from allthrive.earning import tell
from allthrive.home.suggestions import suggestions_for
from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of, next_circle_level
from thrive_circles.models import XPEvent
from thrive_points.clock import today_of


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the circle: who is in it, what they did, one's own way, and what to do next."""
    user = member(request)
    circle = selectors.circle_of(user)
    total = user.total_points
    level, following = circle_level_of(total), next_circle_level(total)
    context = {
        "circle": circle,
        "joined": circle is not None
        and Membership.objects.filter(user=user, week=circle.week).exists(),
        "open_circle": None if circle else selectors.open_circle_for(user),
        "members": selectors.members_of(circle) if circle else [],
        "feed": selectors.feed_of(circle, user) if circle else [],
        "kinds": Reaction.Kind.choices,
        "visited": Visit.objects.filter(user=user, day=today_of(user)).exists(),
        "levels": CIRCLE_LEVELS,
        "level": level,
        "following": following,
        "done": total - level.starts_at,
        "span": (following.starts_at if following else total) - level.starts_at,
        "missing": following.starts_at - total if following else 0,
        "suggestions": suggestions_for(user)[:3],
    }
    return render(request, "circles/index.html", context)


@login_required
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join the circle of the week."""
    joined = services.join(user=member(request))
    if joined is None:
        messages.info(request, "No circle has room at the moment. New ones form every Monday.")
    else:
        tell(request, joined[1])
    return redirect("circles:index")


def _has_joined(request: HttpRequest) -> bool:
    user = member(request)
    circle = selectors.circle_of(user)
    return circle is not None and user.circle_memberships.filter(week=circle.week).exists()


@login_required
@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """Check in with the circle."""
    if _has_joined(request):
        tell(request, services.check_in(user=member(request)))
    else:
        messages.error(request, "Join your circle first.")
    return redirect("circles:index")


@login_required
@require_POST
def react(request: HttpRequest, pk: int) -> HttpResponse:
    """React to a circle mate's event."""
    user = member(request)
    if not _has_joined(request):
        messages.error(request, "Join your circle first.")
        return redirect("circles:index")
    mates = XPEvent.objects.filter(
        user__thrive_profile__circle=selectors.circle_of(user), amount__gt=0
    ).exclude(user=user)
    event = get_object_or_404(mates, pk=pk)
    form = ReactionForm(request.POST)
    if form.is_valid():
        tell(request, services.react(user=user, event=event, kind=form.cleaned_data["kind"]))
    else:
        messages.error(request, "Choose one of the reactions.")
    return redirect("circles:index")
