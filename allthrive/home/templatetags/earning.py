"""Template tags that say what an activity earns, read from the rules in force."""

import datetime as dt

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from allthrive.accounts.models import User
from allthrive.accounts.zones import clock_of
from thrive_points import Rule
from thrive_points.rules.current import rulebook

register = template.Library()


def allowance(rule: Rule) -> str:
    """Return how often the rule pays in full: "10 a day", "once a week", "" when unlimited."""
    for cap, span in ((rule.max_per_day, "a day"), (rule.max_per_week, "a week")):
        if cap is not None:
            return f"once {span}" if cap == 1 else f"{cap} {span}"
    return ""


@register.simple_tag(takes_context=True)
def earns(context: Context, activity_type: str) -> SafeString:
    """Show what an activity earns the signed-in member: `{% earns "quiz_completed" %}`."""
    # A rollout or an experiment may have another rule for this very member.
    user = context.get("user")
    rule = rulebook().resolve(activity_type, timezone.now(), user.pk if user else None)
    if not rule.enabled:
        return format_html('<span class="tag">{}</span>', "Earns nothing at the moment")
    often = allowance(rule)
    return format_html(
        '<span class="tag earns"><span class="visually-hidden">Earns </span>+{}{}</span>',
        rule.base_points,
        f", {often}" if often else "",
    )


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
