"""Template tags that say what an activity earns, read from the rules in force."""

import datetime as dt
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allthrive.accounts.models import User
from allthrive.accounts.zones import clock_of
from allthrive.home.suggestions import left_of
from allthrive.writing.services import WRITTEN, pieces_left
from thrive_points import selectors
from thrive_points.core.decide import reachable
from thrive_points.rules.current import rulebook

register = template.Library()


@register.simple_tag(takes_context=True)
def earns(context: Context, activity_type: str, **facts: Any) -> SafeString:
    """Show what an activity earns whoever is signed in now: `{% earns "quiz_completed" %}`.

    It is the platform's own decision, on the member's usage and what is known of the thing:
    `{% earns "side_quest_completed" difficulty=quest.difficulty %}`. Whether the thing itself is
    done or closed is for the template to know.
    """
    user = context.get("user")
    if not isinstance(user, User):
        rule = rulebook().resolve(activity_type, timezone.now(), None)
        return _pill(f"+{reachable(rule)[1]}", "")
    request = context["request"]
    if not hasattr(request, "activity_statuses"):
        # A page has several pills, and lists of things one for each.
        request.activity_statuses = {
            status.activity_type: status for status in selectors.activities(user)
        }
        request.pieces_left = pieces_left(user)
    status = request.activity_statuses[activity_type]
    if activity_type in WRITTEN and not request.pieces_left:
        return format_html('<span class="tag">{}</span>', "Enough written for today")
    if not status.available:
        return format_html('<span class="tag">{}</span>', _until(status))
    points = status.next_points
    if facts:
        points = selectors.would_earn(user, activity_type, facts).points
    most = request.pieces_left if activity_type in WRITTEN else None
    return _pill(f"+{points}", left_of(status, most))


def _pill(points: str, left: str) -> SafeString:
    return format_html(
        '<span class="tag earns"><span class="visually-hidden">Earns </span>{}{}</span>',
        points,
        f", {left}" if left else "",
    )


def _until(status: selectors.ActivityStatus) -> str:
    if status.resets_at is None:
        return "Earns nothing at the moment"
    return "All earned this week" if status.left_this_week == 0 else "All earned today"


@register.filter
def category_of(activity_type: str) -> str:
    """Return the category an activity counts in, "" for an adjustment."""
    return rulebook().category_of(activity_type) or ""


@register.filter
def signed(points: int) -> str:
    """Return points with their sign: "+20", "\N{MINUS SIGN}15", "0"."""
    if points == 0:
        return "0"
    return f"{points:+,}".replace("-", "\N{MINUS SIGN}")


@register.filter
def member_time(instant: dt.datetime, user: User) -> str:
    """Return an instant by the member's own clock: "Mon 3 March, 14:05"."""
    local = instant.astimezone(clock_of(user))
    return f"{local:%a} {local.day} {local:%B}, {local:%H:%M}"
