"""What changed between two versions of a rule, field by field, in plain words. Django-free."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from thrive_points.rules.definitions import FIELDS

TITLES = {
    "label": "label",
    "notes": "notes",
    "exception": "exception",
    "category": "category",
    "effort": "effort",
    "impact": "impact",
    "frequency": "frequency",
    "base_points": "base points",
    "max_per_day": "awards a day",
    "max_per_week": "awards a week",
    "max_points_per_day": "points a day",
    "max_points_per_week": "points a week",
    "over_cap": "over the cap",
    "cooldown_seconds": "cooldown",
    "modifiers": "modifiers",
    "enabled": "enabled",
}
"""What each field of a definition is called, in the order people ask for them."""

ORDER = (
    "base_points", "max_per_day", "max_per_week", "max_points_per_day", "max_points_per_week",
    "over_cap", "cooldown_seconds", "modifiers", "enabled", "category", "effort", "impact",
    "frequency", "label", "notes", "exception",
)  # fmt: skip
assert set(ORDER) == set(TITLES) == set(FIELDS)


class Difference(NamedTuple):
    """One field of two versions, as words."""

    field: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Return whether the two differ."""
        return self.before != self.after

    def __str__(self) -> str:
        return f"{self.field}: {self.before} to {self.after}"


def side_by_side(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return every field of two definitions, those that neither has left out."""
    return [
        Difference(TITLES[name], words(name, before.get(name)), words(name, after.get(name)))
        for name in ORDER
        if before.get(name) is not None or after.get(name) is not None
    ]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return the fields in which two definitions differ."""
    return [difference for difference in side_by_side(before, after) if difference.changed]


def words(field: str, value: Any) -> str:
    """Return a field's value as a person would say it."""
    if field == "enabled":
        return "no" if value is False else "yes"
    if value is None or value in ("", []):
        return "none"
    if field == "over_cap" and all(isinstance(tier, list) and len(tier) == 2 for tier in value):
        return ", then ".join(f"{awards} at {percent}%" for awards, percent in value)
    if field == "cooldown_seconds":
        return f"{value} s"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
