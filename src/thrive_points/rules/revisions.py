"""Publishing rule revisions: the sole writer of `PointRule`.

A revision is never changed. To schedule, to roll out to a share, to go back: each is one
more revision, so the list of revisions is the history of the economy.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule
from thrive_points.rules.current import forget, known_modifiers, rulebook
from thrive_points.rules.definitions import from_definition, to_definition
from thrive_points.rules.lint import Incoherence, incoherences
from thrive_points.sql.values import writing_connection

REASON_LENGTH = 300
_LOCK = 0x7472_7275  # any constant of the platform's own


def publish(
    activity_type: str,
    rule: Rule | None,
    *,
    reason: str,
    author: Any = None,
    effective_from: datetime | None = None,
    effective_until: datetime | None = None,
    share: int = 100,
    alongside: Mapping[str, Rule] | None = None,
) -> PointRule:
    """Publish a new revision of an activity's rule.

    Args:
        activity_type: has a rule in the registry.
        rule: what it earns from then on; None returns to the rule in code.
        reason: why, up to 300 characters, for the change log.
        author: the user who decided it, None for the system.
        effective_from: aware instant it takes effect, at the earliest once every process
            has heard of it, which is the default.
        effective_until: aware instant it ends, None for until further notice.
        share: percent of the members it is for. Members of a small share are in every
            larger one, so a rollout grows by publishing the same rule with more.
        alongside: rules that are published together with it, by activity type; it has to
            agree with them instead of with those in force.

    Returns:
        The revision as written.

    Raises:
        UnknownActivityType: the activity has no rule.
        InvalidRule: the reason, the dates, the share or the rule are not allowed, or the
            rule would contradict the rubric or similar rules; nothing was written.
    """
    name = rulebook().name_of(activity_type)
    reason = check_reason(reason)
    starts = check_span(effective_from, effective_until)
    if not isinstance(share, int) or not 1 <= share <= 100:
        raise InvalidRule(f"share is {share!r}; allowed are 1 to 100 percent")
    if rule is not None and (found := introduced(name, rule, starts, alongside)):
        raise InvalidRule(" ".join(str(incoherence) for incoherence in found))
    with serialised():
        latest = PointRule.objects.filter(activity_type=name).aggregate(
            last=models.Max("revision")
        )["last"]
        row = PointRule(
            activity_type=name,
            revision=(latest or 0) + 1,
            definition=to_definition(rule) if rule is not None else {},
            effective_from=starts,
            effective_until=effective_until,
            share=share,
            author=author,
            reason=reason,
        )
        insert(row)
    return row


def revert(activity_type: str, to: int | None, *, reason: str, author: Any = None) -> PointRule:
    """Bring an earlier revision back, as a new one.

    Args:
        activity_type: whose rule it is.
        to: number of the revision, None for the rule in code.
        reason: why, for the change log.
        author: the user who decided it.

    Raises:
        InvalidRule: there is no such revision, or it cannot be published today.
    """
    if to is None:
        return publish(activity_type, None, reason=reason, author=author)
    row = PointRule.objects.filter(activity_type=activity_type, revision=to).first()
    if row is None:
        raise InvalidRule(f"{activity_type} has no revision {to}")
    return publish(activity_type, rule_of(row), reason=reason, author=author)


def rule_of(row: PointRule) -> Rule | None:
    """Return the rule of a revision, None if it returns to the rule in code."""
    if not row.definition:
        return None
    return from_definition(row.definition, revision=f"r{row.revision}", modifiers=known_modifiers())


def introduced(
    name: str, rule: Rule, instant: datetime, alongside: Mapping[str, Rule] | None = None
) -> list[Incoherence]:
    """Return the errors a rule would add to the rules in force at an instant.

    Errors of the rules published alongside are left out: each is found with its own rule.
    """
    others = {other: r for other, r in (alongside or {}).items() if other != name}
    rules = rulebook().rules_at(instant)
    before = set(incoherences(rules))
    return [
        incoherence
        for incoherence in incoherences({**rules, **others, name: rule})
        if incoherence.is_error
        and incoherence not in before
        and incoherence.activity_type not in others
    ]


def earliest_effect() -> datetime:
    """Return when a change published now can take effect: when every process has heard of it.

    Nobody then decides an event by a rule that others already replaced, and the rule in
    force at an instant never changes afterwards.
    """
    return timezone.now() + timedelta(seconds=points_settings().rules_refresh_seconds)


def check_span(starts: datetime | None, ends: datetime | None) -> datetime:
    """Return when a span starts, checked.

    Raises:
        InvalidRule: naive, before the earliest effect, or empty.
    """
    earliest = earliest_effect()
    for what, instant in (("effective_from", starts), ("effective_until", ends)):
        if instant is not None and timezone.is_naive(instant):
            raise InvalidRule(f"{what} is {instant}, which has no time zone; give one")
    if starts is None:
        starts = earliest
    elif starts < earliest:
        raise InvalidRule(
            f"effective_from is {starts.isoformat(timespec='seconds')}, which is over; what was "
            f"decided stays decided. Allowed is {earliest.isoformat(timespec='seconds')} or later, "
            "or leave it out for as soon as possible"
        )
    if ends is not None and ends <= starts:
        raise InvalidRule(
            f"effective_until is {ends.isoformat(timespec='seconds')}, not after effective_from, "
            f"{starts.isoformat(timespec='seconds')}"
        )
    return starts


def check_reason(reason: Any) -> str:
    """Return why a change is made.

    Raises:
        InvalidRule: it is empty or over 300 characters.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidRule("reason is missing: the change log keeps it for those who come after")
    if len(reason) > REASON_LENGTH or "\0" in reason:
        raise InvalidRule(
            f"reason has {len(reason)} characters; {REASON_LENGTH} of plain text are allowed"
        )
    return reason.strip()


@contextmanager
def serialised() -> Iterator[None]:
    """Write rules in a transaction of which there is one at a time.

    Primary keys are then committed in order, which is how other processes notice a change,
    and this process forgets the rules it knew.
    """
    connection = writing_connection(PointRule)
    with transaction.atomic(using=connection.alias):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield
        transaction.on_commit(forget, using=connection.alias)


def insert(row: models.Model) -> None:
    """Insert a row of a model that refuses to be saved; for the writers in this package."""
    models.Model.save(row, force_insert=True, using=writing_connection(PointRule).alias)
