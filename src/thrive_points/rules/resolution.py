"""Which rule is in force: for an activity type, at an instant. No query on the award path."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from django.core.signals import setting_changed
from django.utils import timezone

from thrive_points.activities import Category
from thrive_points.conf import points_settings
from thrive_points.core.adjustments import ADJUSTMENTS
from thrive_points.core.types import Rule
from thrive_points.exceptions import UnknownActivityType
from thrive_points.rules.definitions import fingerprint, from_definition

ADJUSTMENT = "adjustment"
"""Activity type of a correction that belongs to no activity; it has no rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A rule from the database and the span it is in force for."""

    rule: Rule
    effective_from: datetime
    effective_until: datetime | None

    def covers(self, instant: datetime) -> bool:
        """Tell whether the revision is in force at an instant."""
        return self.effective_from <= instant and (
            self.effective_until is None or instant < self.effective_until
        )


class RuleBook:
    """Every rule of the site: the registry's, overridden by the database's revisions."""

    def __init__(
        self, rules: Mapping[str, Rule], revisions: Mapping[str, tuple[Revision, ...]]
    ) -> None:
        """Take rules that carry their revision, and revisions newest first."""
        self._rules = rules
        self._revisions = revisions

    def resolve(self, activity_type: str, instant: datetime) -> Rule:
        """Return the rule in force for an activity type at an instant.

        Raises:
            UnknownActivityType: no rule names it.
        """
        for revision in self._revisions.get(activity_type, ()):
            if revision.covers(instant):
                return revision.rule
        try:
            return self._rules[activity_type]
        except KeyError:
            raise UnknownActivityType(activity_type, sorted(self._rules)) from None

    def name_of(self, activity_type: object) -> str:
        """Return the plain name of an activity type given as an enum member or a string.

        Raises:
            UnknownActivityType: it is no string, or no rule names it.
        """
        name = activity_type.value if isinstance(activity_type, Enum) else activity_type
        if not isinstance(name, str) or name not in self._rules:
            raise UnknownActivityType(activity_type, sorted(self._rules))
        return str(name)

    def rules_at(self, instant: datetime) -> dict[str, Rule]:
        """Return the rule in force at an instant for every activity type."""
        return {name: self.resolve(name, instant) for name in self._rules}

    def category_of(self, activity_type: str) -> Category | None:
        """Return the category an activity counts in today, past and all.

        An adjustment, or an activity type that lost its rule, counts in none: None.
        """
        rule = self._now(activity_type)
        return rule.category if rule else None

    def label_of(self, activity_type: str) -> str:
        """Return the words for an activity type, its name in plain writing if it has no rule."""
        rule = self._now(activity_type)
        return rule.label if rule else activity_type.replace("_", " ")

    def _now(self, activity_type: str) -> Rule | None:
        if activity_type not in self._rules:
            return None
        return self.resolve(activity_type, timezone.now())

    def activity_types(self) -> Iterable[str]:
        """Return every activity type that has a rule, in the registry's order."""
        return self._rules.keys()


_book: RuleBook | None = None
_expires = 0.0


def rulebook() -> RuleBook:
    """Return the rules as this process knows them, read again after the refresh interval."""
    global _book, _expires
    now = time.monotonic()
    if _book is None or now >= _expires:
        _book = _load()
        _expires = now + points_settings().rules_refresh_seconds
    return _book


def forget() -> None:
    """Make the next `rulebook()` read the rules anew."""
    global _book
    _book = None


def _load() -> RuleBook:
    from thrive_points.models import PointRule

    settings = points_settings()
    known = {a.name: a for rule in settings.rules.values() for a in rule.adjustments}
    revisions: dict[str, list[Revision]] = {}
    for row in PointRule.objects.order_by("activity_type", "-revision").iterator():
        revision = Revision(
            rule=from_definition(
                row.definition, revision=f"r{row.revision}", adjustments={**ADJUSTMENTS, **known}
            ),
            effective_from=row.effective_from,
            effective_until=row.effective_until,
        )
        revisions.setdefault(row.activity_type, []).append(revision)
    return RuleBook(
        rules={name: _in_code(rule) for name, rule in settings.rules.items()},
        revisions={name: tuple(rows) for name, rows in revisions.items()},
    )


def _in_code(rule: Rule) -> Rule:
    return rule if rule.revision else replace(rule, revision=fingerprint(rule))


def _forget_on_change(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        forget()


setting_changed.connect(_forget_on_change, dispatch_uid="thrive_points.rules")
