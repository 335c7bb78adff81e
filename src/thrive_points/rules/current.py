"""The rules in force, as this process knows them. No query on the award path but the refresh's.

What is known is known for one database and one tenant: nothing read there decides elsewhere.
"""

import logging
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.signals import setting_changed
from django.db import connections, models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Max, QuerySet

from thrive_points.conf import points_settings
from thrive_points.core.modifiers import MODIFIERS
from thrive_points.core.rule import Modifier, Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.rules.definitions import fingerprint, from_definition
from thrive_points.rules.rulebook import Experiment, Revision, RuleBook, arm_ends

ADJUSTMENT = "adjustment"
"""Activity type of a correction that belongs to no activity; it has no rule."""

MOST_SCOPES = 1_000
"""Rule books that a process keeps; beyond it, the one read longest ago is read anew."""

logger = logging.getLogger("thrive_points.rules")


@dataclass(slots=True)
class _Known:
    """A rule book, what was published when it was read, and until when it is trusted."""

    book: RuleBook
    published: tuple[Any, ...]
    expires: float


_known: dict[tuple[str, Hashable], _Known] = {}
_unsettled: set[tuple[Hashable, ...]] = set()
"""Changes written in a transaction of the host that has not ended, or was rolled back."""


def rulebook() -> RuleBook:
    """Return the rules of the database that the ledger is written to.

    Once they have been trusted for long enough the database is asked whether anything was
    published, and only then read again.
    """
    from thrive_points.models import PointRule

    connection = connections[router.db_for_write(PointRule)]
    hook = points_settings().scope
    tenant = getattr(connection, "schema_name", None) if hook is None else hook(connection)
    scope = (connection.alias, tenant)
    now = time.monotonic()
    known = _known.get(scope)
    if known is None or now >= known.expires:
        known = _refreshed(connection, known)
        known.expires = now + trusted_seconds()
        _known.pop(scope, None)
        _known[scope] = known
        if len(_known) > MOST_SCOPES:
            _known.pop(next(iter(_known)), None)
    return known.book


def trusted_seconds() -> float:
    """Return for how long a process decides by what it knows before it asks again.

    That is less than a change takes to come into force, so that a transaction has some time to
    commit one: a second, where the interval is two seconds or more.
    """
    interval = points_settings().rules_refresh_seconds
    return max(interval - 1, interval / 2)


def rulebook_as_written() -> RuleBook:
    """Return the rules as this transaction sees them, its own changes included, for a writer."""
    from thrive_points.models import PointRule

    return _load(router.db_for_write(PointRule), frozenset())


def written(model: type[models.Model]) -> QuerySet[Any]:
    """Return the rows of a model of rules in the database that they are written to."""
    return QuerySet(model, using=router.db_for_write(model))


def forget() -> None:
    """Make the next `rulebook()` read the rules anew."""
    _known.clear()


def hold_back(change: tuple[Hashable, ...]) -> None:
    """Let a change decide nothing in this process until it has been committed.

    Args:
        change: as `_change` gives it. One that is rolled back is held back for good, and never
            comes.
    """
    _unsettled.add(change)


def let_go(change: tuple[Hashable, ...]) -> None:
    """Let a committed change decide."""
    _unsettled.discard(change)
    forget()


def change_of(row: Any) -> tuple[Hashable, ...]:
    """Return what tells a written row from all others, a stop of an experiment included."""
    return type(row).__name__, row.pk, row.created_at, getattr(row, "stopped_at", None)


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
    book = _load(connection.alias, frozenset(_unsettled))
    for activity_type, one in book.unreadable():
        logger.error(
            "%s %s cannot be read by this process and decides nothing here: %s. What lies beneath "
            "it decides instead. Deploy what it names, withdraw it, or bring another back.",
            activity_type,
            one.name,
            one.problem,
        )
    return _Known(book, published, 0.0)


def _published(alias: str) -> tuple[Any, ...]:
    # Revisions and withdrawals never change and an experiment is only ever stopped, so these
    # numbers show every change.
    from thrive_points.models import PointRule, RuleExperiment

    rules = PointRule.objects.using(alias).aggregate(
        last=Max("pk"), withdrawn=Count("withdrawal__pk")
    )
    experiments = RuleExperiment.objects.using(alias).aggregate(
        last=Max("pk"), stopped=Count("stopped_at")
    )
    return *rules.values(), *experiments.values()


def _load(alias: str, held_back: frozenset[tuple[Hashable, ...]]) -> RuleBook:
    from thrive_points.models import PointRule, RuleExperiment

    known = known_modifiers()
    revisions: dict[str, list[Revision]] = {}
    rows = PointRule.objects.using(alias).select_related("withdrawal")
    for row in rows.order_by("activity_type", "-revision"):
        if not held_back or change_of(row) not in held_back:
            revision = _revision(row, known, held_back)
            revisions.setdefault(row.activity_type, []).append(revision)
    experiments: dict[str, list[Experiment]] = {}
    for row in RuleExperiment.objects.using(alias).order_by("pk"):
        if held_back and change_of(row) in held_back:
            if row.stopped_at is None:
                continue
            row.stopped_at = None
        experiments.setdefault(row.activity_type, []).append(_experiment(row, known))
    settings = points_settings()
    return RuleBook(
        rules={name: _in_code(rule) for name, rule in settings.rules.items()},
        revisions={name: tuple(rows) for name, rows in revisions.items()},
        experiments={name: tuple(rows) for name, rows in experiments.items()},
        names=settings.renamed,
    )


def _revision(
    row: Any, known: Mapping[str, Modifier], held_back: frozenset[tuple[Hashable, ...]]
) -> Revision:
    name, problem = f"r{row.revision}", ""
    rule = None
    if row.definition != {}:
        rule, problem = _read(row.definition, name, known)
    withdrawal = getattr(row, "withdrawal", None)
    if withdrawal is not None and held_back and change_of(withdrawal) in held_back:
        withdrawal = None
    return Revision(
        name=name,
        rule=rule,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
        share=row.share,
        rollout=row.rollout,
        withdrawn_at=withdrawal and withdrawal.effective_from,
        problem=problem,
    )


def _experiment(row: Any, known: Mapping[str, Modifier]) -> Experiment:
    name = f"x{row.pk}"
    rules, problems = zip(
        *(_read(arm["definition"], f"{name}:{arm['name']}", known) for arm in row.arms),
        strict=True,
    )
    ends = arm_ends(arm["share"] for arm in row.arms)
    return Experiment(
        name=name,
        starts_at=row.starts_at,
        ends_at=row.over_at,
        arms=tuple(zip(ends, rules, strict=True)),
        problem="; ".join(filter(None, problems)),
    )


def _read(definition: Any, revision: str, known: Mapping[str, Modifier]) -> tuple[Rule | None, str]:
    """Return a stored rule, or None and why this process cannot read it."""
    try:
        return from_definition(definition, revision=revision, modifiers=known), ""
    except InvalidRule as error:
        return None, str(error)


def _in_code(rule: Rule) -> Rule:
    return rule if rule.revision else replace(rule, revision=fingerprint(rule))


def _forget_on_change(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        forget()


setting_changed.connect(_forget_on_change, dispatch_uid="thrive_points.rules")
