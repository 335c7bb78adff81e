"""The rules in force, as this process knows them. No query on the award path but the refresh's.

What is known is known for one database and one tenant: nothing read there decides elsewhere.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

from django.core.signals import setting_changed
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Max

from thrive_points.conf import points_settings
from thrive_points.core.modifiers import MODIFIERS
from thrive_points.core.rule import Modifier, Rule
from thrive_points.rules.definitions import fingerprint, from_definition
from thrive_points.rules.rulebook import Experiment, Revision, RuleBook, arm_ends

ADJUSTMENT = "adjustment"
"""Activity type of a correction that belongs to no activity; it has no rule."""

MOST_SCOPES = 1_000
"""Rule books that a process keeps; beyond it, the one read longest ago is read anew."""


@dataclass(slots=True)
class _Known:
    """A rule book, what was published when it was read, and until when it is trusted."""

    book: RuleBook
    published: tuple[Any, ...]
    expires: float


_known: dict[tuple[Any, ...], _Known] = {}


def rulebook() -> RuleBook:
    """Return the rules of the database that the ledger is written to.

    After the refresh interval the database is asked whether anything was published, and
    only then read again.
    """
    from thrive_points.models import PointRule

    connection = connections[router.db_for_write(PointRule)]
    scope = (connection.alias, getattr(connection, "schema_name", None))
    now = time.monotonic()
    known = _known.get(scope)
    if known is None or now >= known.expires:
        known = _refreshed(connection, known)
        known.expires = now + points_settings().rules_refresh_seconds
        _known.pop(scope, None)
        _known[scope] = known
        if len(_known) > MOST_SCOPES:
            _known.pop(next(iter(_known)), None)
    return known.book


def forget() -> None:
    """Make the next `rulebook()` read the rules anew."""
    _known.clear()


def known_modifiers() -> dict[str, Modifier]:
    """Return the modifiers a rule may name: those that ship and those of the site's rules."""
    own = {a.name: a for rule in points_settings().rules.values() for a in rule.modifiers}
    return {**MODIFIERS, **own}


def _refreshed(connection: BaseDatabaseWrapper, known: _Known | None) -> _Known:
    if connection.errors_occurred and not connection.in_atomic_block:
        # Where no request ends, nobody else closes a connection that died.
        connection.close_if_unusable_or_obsolete()
    published = _published(connection.alias)
    if known is not None and known.published == published:
        return known
    return _Known(_load(connection.alias), published, 0.0)


def _published(alias: str) -> tuple[Any, ...]:
    # Revisions never change and an experiment is only ever stopped, so these three numbers show
    # every change.
    from thrive_points.models import PointRule, RuleExperiment

    rules = PointRule.objects.using(alias).aggregate(last=Max("pk"))
    experiments = RuleExperiment.objects.using(alias).aggregate(
        last=Max("pk"), stopped=Count("stopped_at")
    )
    return rules["last"], experiments["last"], experiments["stopped"]


def _load(alias: str) -> RuleBook:
    from thrive_points.models import PointRule, RuleExperiment

    known = known_modifiers()
    revisions: dict[str, list[Revision]] = {}
    for row in PointRule.objects.using(alias).order_by("activity_type", "-revision"):
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
    experiments: dict[str, list[Experiment]] = {}
    for row in RuleExperiment.objects.using(alias).order_by("pk"):
        salt = f"x{row.pk}"
        ends = arm_ends(arm["share"] for arm in row.arms)
        experiment = Experiment(
            salt=salt,
            starts_at=row.starts_at,
            ends_at=row.over_at,
            arms=tuple(
                (
                    end,
                    from_definition(
                        arm["definition"], revision=f"{salt}:{arm['name']}", modifiers=known
                    ),
                )
                for end, arm in zip(ends, row.arms, strict=True)
            ),
        )
        experiments.setdefault(row.activity_type, []).append(experiment)
    return RuleBook(
        rules={name: _in_code(rule) for name, rule in points_settings().rules.items()},
        revisions={name: tuple(rows) for name, rows in revisions.items()},
        experiments={name: tuple(rows) for name, rows in experiments.items()},
    )


def _in_code(rule: Rule) -> Rule:
    return rule if rule.revision else replace(rule, revision=fingerprint(rule))


def _forget_on_change(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        forget()


setting_changed.connect(_forget_on_change, dispatch_uid="thrive_points.rules")
