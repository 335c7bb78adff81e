"""A comparison as JSON-ready data."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model

from thrive_points.core.rule import Rule
from thrive_points.rules.current import rulebook
from thrive_points.whatif.comparison import Comparison, Moved, Pair


def by_category(comparison: Comparison, draft: Mapping[str, Rule]) -> dict[str, Pair]:
    """Return the comparison by category: then by today's categories, now by the draft's.

    Points outside every category, which adjustments are, stand under "none".
    """
    book = rulebook()
    found: dict[str, Pair] = {}
    for name, pair in comparison.activities.items():
        before = str(book.category_of(name) or "none")
        after = str(draft[name].category) if name in draft else before
        found[before] = found.get(before, Pair()).plus(Pair(then=pair.then))
        found[after] = found.get(after, Pair()).plus(Pair(now=pair.now))
    return found


def usernames(comparison: Comparison) -> dict[Any, str]:
    """Return the names of the members a comparison names, by primary key."""
    named = [moved.user_id for moved in (*comparison.most(), *comparison.least())]
    users = get_user_model()._default_manager.filter(pk__in=named)
    return {user.pk: user.get_username() for user in users}


def as_dict(comparison: Comparison, draft: Mapping[str, Rule]) -> dict[str, Any]:
    """Return a comparison as JSON-ready data."""
    names = usernames(comparison)
    moves = Counter[str]()
    for (before, after), count in comparison.levels.items():
        moves["up" if after > before else "down"] += count

    def moved(member: Moved) -> dict[str, Any]:
        return {
            "user": str(member.user_id),
            "username": names.get(member.user_id, ""),
            "then": member.then,
            "now": member.now,
            "change": member.change,
        }

    return {
        "since": comparison.since.isoformat(),
        "until": comparison.until.isoformat(),
        "draft": sorted(draft),
        "reproduces_the_ledger": comparison.reproduces,
        "events_as_recorded": comparison.as_recorded,
        "events_the_draft_cannot_use": comparison.unusable,
        "total": _pair(comparison.total),
        "activities": {name: _pair(comparison.activities[name]) for name in
                       sorted(comparison.activities)},
        "categories": {name: _pair(pair) for name, pair in
                       sorted(by_category(comparison, draft).items())},
        "members": {
            "all": comparison.members,
            "gaining": comparison.gaining,
            "losing": comparison.losing,
            "gaining_most": [moved(member) for member in comparison.most()],
            "losing_most": [moved(member) for member in comparison.least()],
        },
        "levels": {
            "up": moves["up"],
            "down": moves["down"],
            "changes": [
                {"then": before, "now": after, "members": count}
                for (before, after), count in sorted(comparison.levels.items())
            ],
        },
        "weekly_xp": [
            {"week": monday.isoformat(), "then": then, "now": now}
            for monday, then, now in comparison.by_week()
        ],
    }  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    def side(name: str) -> dict[str, Any]:
        one = getattr(pair, name)
        return {
            "entries": one.entries,
            "points": one.points,
            "capped_share": round(one.capped_share, 6),
        }

    return {"then": side("then"), "now": side("now"), "change": pair.change}
