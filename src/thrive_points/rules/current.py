"""The rules as this process knows them. No query on the award path but the refresh's."""

import time
from dataclasses import replace
from typing import Any

from django.core.signals import setting_changed
from django.db.models import Count, Max

from thrive_points.conf import points_settings
from thrive_points.core.modifiers import MODIFIERS
from thrive_points.core.rule import Modifier, Rule
from thrive_points.rules.definitions import fingerprint, from_definition
from thrive_points.rules.rulebook import Revision, RuleBook, Trial, arm_ends

ADJUSTMENT = "adjustment"
"""Activity type of a correction that belongs to no activity; it has no rule."""

_book: RuleBook | None = None
_signature: tuple[Any, ...] = ()
_expires = 0.0


def rulebook() -> RuleBook:
    """Return the rules as this process knows them.

    After the refresh interval the database is asked whether anything was published, and
    only then read again.
    """
    global _book, _signature, _expires
    now = time.monotonic()
    book = _book  # Another thread may forget the global at any moment.
    if book is None or now >= _expires:
        signature = _published()
        if book is None or signature != _signature:
            book = _load()
        _book, _signature = book, signature
        _expires = now + points_settings().rules_refresh_seconds
    return book


def forget() -> None:
    """Make the next `rulebook()` read the rules anew."""
    global _book
    _book = None


def known_modifiers() -> dict[str, Modifier]:
    """Return the modifiers a rule may name: those that ship and those of the site's rules."""
    own = {a.name: a for rule in points_settings().rules.values() for a in rule.modifiers}
    return {**MODIFIERS, **own}


def _published() -> tuple[Any, ...]:
    # Revisions are never changed and an experiment only stopped, so these three tell all.
    from thrive_points.models import PointRule, RuleExperiment

    rules = PointRule.objects.aggregate(last=Max("pk"))
    experiments = RuleExperiment.objects.aggregate(last=Max("pk"), stopped=Count("stopped_at"))
    return rules["last"], experiments["last"], experiments["stopped"]


def _load() -> RuleBook:
    from thrive_points.models import PointRule, RuleExperiment

    known = known_modifiers()
    revisions: dict[str, list[Revision]] = {}
    for row in PointRule.objects.order_by("activity_type", "-revision").iterator():
        name = f"r{row.revision}"
        revision = Revision(
            name=name,
            rule=from_definition(row.definition, revision=name, modifiers=known)
            if row.definition
            else None,
            effective_from=row.effective_from,
            effective_until=row.effective_until,
            share=row.share,
        )
        revisions.setdefault(row.activity_type, []).append(revision)
    trials: dict[str, list[Trial]] = {}
    for experiment in RuleExperiment.objects.order_by("pk").iterator():
        salt = f"x{experiment.pk}"
        ends = arm_ends(arm["share"] for arm in experiment.arms)
        trial = Trial(
            salt=salt,
            starts_at=experiment.starts_at,
            ends_at=experiment.over_at,
            arms=tuple(
                (
                    end,
                    from_definition(
                        arm["definition"], revision=f"{salt}:{arm['name']}", modifiers=known
                    ),
                )
                for end, arm in zip(ends, experiment.arms, strict=True)
            ),
        )
        trials.setdefault(experiment.activity_type, []).append(trial)
    return RuleBook(
        rules={name: _in_code(rule) for name, rule in points_settings().rules.items()},
        revisions={name: tuple(rows) for name, rows in revisions.items()},
        trials={name: tuple(rows) for name, rows in trials.items()},
    )


def _in_code(rule: Rule) -> Rule:
    return rule if rule.revision else replace(rule, revision=fingerprint(rule))


def _forget_on_change(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        forget()


setting_changed.connect(_forget_on_change, dispatch_uid="thrive_points.rules")
