"""RuleBook: which rule decides an event of an activity type, at an instant, for a member."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from django.utils import timezone

from thrive_points.core.activities import Category
from thrive_points.core.rule import Rule
from thrive_points.core.shares import PARTS, in_share, part_of
from thrive_points.exceptions import UnknownActivityType


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A rule from the database, and for when and whom it is in force.

    Args:
        name: as entries keep it, such as "r3".
        rule: None returns to the rule in code.
        effective_from, effective_until: its span; None for no end.
        share: percent of the members.
    """

    name: str
    rule: Rule | None
    effective_from: datetime
    effective_until: datetime | None = None
    share: int = 100

    def covers(self, instant: datetime) -> bool:
        """Return whether the revision is in force at an instant."""
        return self.effective_from <= instant and (
            self.effective_until is None or instant < self.effective_until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment as the award path needs it.

    Args:
        salt: what its split is salted with, its own name "x7".
        starts_at, ends_at: its span, a stop included.
        arms: for each arm the part of the members it ends before, and its rule.
    """

    salt: str
    starts_at: datetime
    ends_at: datetime
    arms: tuple[tuple[int, Rule], ...]

    def rule_for(self, user_id: Any) -> Rule | None:
        """Return the rule of the user's arm, None for one who takes no part."""
        part = part_of(self.salt, user_id)
        return next((rule for end, rule in self.arms if part < end), None)


class RuleBook:
    """Every rule of the site: the registry's, overridden by revisions and experiments."""

    def __init__(
        self,
        rules: Mapping[str, Rule],
        revisions: Mapping[str, tuple[Revision, ...]],
        experiments: Mapping[str, tuple[Experiment, ...]] | None = None,
    ) -> None:
        """Take rules that carry their revision, revisions newest first, and experiments."""
        self._rules = rules
        self._revisions = revisions
        self._experiments = experiments or {}

    def resolve(self, activity_type: str, instant: datetime, user_id: Any = None) -> Rule:
        """Return the rule in force for an activity type at an instant.

        An experiment's arm comes first, then the newest revision that covers the instant
        and the member, then the rule in code. Without a member only what is in force for
        everybody counts.

        Args:
            activity_type: its plain name.
            instant: when the event occurred.
            user_id: primary key of the member it is for.

        Raises:
            UnknownActivityType: no rule names it.
        """
        if user_id is not None:
            for experiment in self._experiments.get(activity_type, ()):
                if experiment.starts_at <= instant < experiment.ends_at:
                    rule = experiment.rule_for(user_id)
                    if rule is not None:
                        return rule
        for revision in self._revisions.get(activity_type, ()):
            if not revision.covers(instant):
                continue
            if revision.share < 100 and (
                user_id is None or not in_share(activity_type, user_id, revision.share)
            ):
                continue
            if revision.rule is None:
                break
            return revision.rule
        return self.in_code(activity_type)

    def layers_at(self, activity_type: str, instant: datetime) -> list[tuple[int, Rule]]:
        """Return who gets which rule at an instant, experiments aside.

        Returns:
            Share in percent and rule, the widest first: the rule for everybody, then those
            that a share of the members has instead.
        """
        layers: list[tuple[int, Rule]] = []
        reached = 0
        for revision in self._revisions.get(activity_type, ()):
            if not revision.covers(instant) or revision.share <= reached:
                continue
            rule = revision.rule or self.in_code(activity_type)
            layers.append((revision.share, rule))
            reached = revision.share
            if reached == 100:
                break
        if reached < 100:
            layers.append((100, self.in_code(activity_type)))
        return layers[::-1]

    def in_code(self, activity_type: str) -> Rule:
        """Return the registry's rule.

        Raises:
            UnknownActivityType: no rule names the activity.
        """
        try:
            return self._rules[activity_type]
        except KeyError:
            raise UnknownActivityType(activity_type, sorted(self._rules)) from None

    def named(self, activity_type: str, revision: str) -> Rule | None:
        """Return the rule that decided under a revision's name, None if it is not known here.

        A rule in code is known only as it is now: once it changed, so did its name.
        """
        for known in self._revisions.get(activity_type, ()):
            if known.name == revision:
                return known.rule
        for experiment in self._experiments.get(activity_type, ()):
            for _, rule in experiment.arms:
                if rule.revision == revision:
                    return rule
        in_code = self._rules.get(activity_type)
        return in_code if in_code is not None and in_code.revision == revision else None

    def revisions_of(self, activity_type: str) -> tuple[Revision, ...]:
        """Return an activity's revisions, newest first."""
        return self._revisions.get(activity_type, ())

    def experiments_of(self, activity_type: str) -> tuple[Experiment, ...]:
        """Return an activity's experiments."""
        return self._experiments.get(activity_type, ())

    def name_of(self, activity_type: object) -> str:
        """Return the plain name of an activity type given as an enum member or a string.

        Raises:
            UnknownActivityType: it is no string, or no rule names it.
        """
        name = activity_type.value if isinstance(activity_type, Enum) else activity_type
        if not isinstance(name, str) or name not in self._rules:
            raise UnknownActivityType(activity_type, sorted(self._rules))
        return str(name)

    def rules_at(self, instant: datetime, user_id: Any = None) -> dict[str, Rule]:
        """Return the rule in force for every activity type at an instant, for a member."""
        return {name: self.resolve(name, instant, user_id) for name in self._rules}

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

    def activity_types(self) -> Iterable[str]:
        """Return every activity type that has a rule, in the registry's order."""
        return self._rules.keys()

    def _now(self, activity_type: str) -> Rule | None:
        if activity_type not in self._rules:
            return None
        return self.resolve(activity_type, timezone.now())


def arm_ends(shares: Iterable[int]) -> list[int]:
    """Return the part of the members that each arm of an experiment ends before.

    Args:
        shares: percent of the members in each arm, in order.
    """
    ends: list[int] = []
    for share in shares:
        ends.append((ends[-1] if ends else 0) + share * (PARTS // 100))
    return ends
