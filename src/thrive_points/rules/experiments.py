"""A/B tests of an activity's values: the sole writer of `RuleExperiment`.

Each arm has a share of the members and a rule. Which arm a member is in is a hash of the
experiment's name and the member's key, so a member never changes arm; an entry an arm
decided keeps its name, such as "x7:b", as its rule revision.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.models import RuleExperiment
from thrive_points.rules.current import rulebook, written
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.publishing import earliest_effect, one_change
from thrive_points.rules.revisions import (
    check_reason,
    check_span,
    introduced,
    refuse_incoherent,
)

NAME_LENGTH = 100
_ARM_NAME = re.compile(r"[a-z][a-z0-9_]{0,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to pay an activity during an experiment.

    Args:
        name: a short word of small letters, kept on entries.
        share: percent of the members.
        rule: what they earn.
    """

    name: str
    share: int
    rule: Rule


def start(
    activity_type: str,
    arms: Sequence[Arm],
    *,
    name: str,
    reason: str,
    ends_at: datetime,
    starts_at: datetime | None = None,
    author: Any = None,
) -> RuleExperiment:
    """Start or schedule an experiment on one activity.

    Args:
        activity_type: has a rule in the registry.
        arms: two or more; the first is what the others are compared with. Members beyond
            their shares take no part and earn by the rule in force.
        name: what it is called, up to 100 characters.
        reason: the question it answers.
        ends_at: aware instant it ends.
        starts_at: aware instant it starts, as soon as possible by default.
        author: the user who decided it.

    Raises:
        UnknownActivityType: the activity has no rule.
        InvalidRule: an arm, the dates or the reason are not allowed, or another experiment
            runs on the activity at that time; nothing was written.
    """
    activity_type = rulebook().name_of(activity_type)
    reason = check_reason(reason)
    starts = check_span(starts_at, ends_at)
    if not name.strip() or len(name) > NAME_LENGTH:
        raise InvalidRule(
            f"name is {name!r}; 1 to {NAME_LENGTH} characters are needed",
            field="name",
            given=name,
            allowed=f"1 to {NAME_LENGTH} characters",
        )
    _check_arms(activity_type, arms, starts)
    row = RuleExperiment(
        name=name.strip(),
        activity_type=activity_type,
        arms=[
            {"name": arm.name, "share": arm.share, "definition": to_definition(arm.rule)}
            for arm in arms
        ],
        starts_at=starts,
        ends_at=ends_at,
        author=author,
        reason=reason,
    )
    with one_change() as change:
        if other := _overlapping(activity_type, starts, ends_at):
            raise InvalidRule(
                f"x{other.pk} {other.name!r} tests {activity_type} until "
                f"{other.over_at.isoformat(timespec='minutes')}; stop it, or start after it. "
                "Two experiments on one activity at once could not be distinguished",
                field="starts_at",
                given=starts,
                allowed=f"{other.over_at.isoformat()} or later",
            )
        change.insert(row, starts)
    return row


def stop(experiment: RuleExperiment, *, reason: str, author: Any = None) -> RuleExperiment:
    """Stop an experiment: from now on everybody earns by the rule in force.

    Returns:
        The experiment as it is now.

    Raises:
        InvalidRule: it is over already.
    """
    reason = check_reason(reason)
    with one_change() as change:
        now = earliest_effect()
        change.takes_effect(now)
        rows = written(RuleExperiment).filter(pk=experiment.pk)
        stopped = rows.filter(stopped_at=None, ends_at__gt=now).update(
            stopped_at=now, stopped_by=author, stop_reason=reason
        )
        if not stopped:
            raise InvalidRule(f"x{experiment.pk} {experiment.name!r} is over already")
        row: RuleExperiment = rows.get()
        change.wrote(row)
    return row


def state_of(experiment: RuleExperiment) -> str:
    """Return in a word where an experiment stands: scheduled, running, stopped or over."""
    now = timezone.now()
    if experiment.stopped_at is not None and experiment.stopped_at <= now:
        return "stopped"
    if now < experiment.starts_at:
        return "scheduled"
    return "running" if now < experiment.ends_at else "over"


def _check_arms(activity_type: str, arms: Sequence[Arm], starts: datetime) -> None:
    names = [arm.name for arm in arms]
    if len(arms) < 2 or len(set(names)) < len(names):
        raise InvalidRule(
            f"arms are {names}; two or more of different names are needed",
            field="arms",
            given=names,
            allowed="two or more of different names",
        )
    for arm in arms:
        if not _ARM_NAME.fullmatch(arm.name):
            raise InvalidRule(
                f"arm {arm.name!r} is not a name; 1 to 16 small letters, digits and "
                "underscores are allowed",
                field="arms",
                given=arm.name,
                allowed=_ARM_NAME.pattern,
            )
        if (
            not isinstance(arm.share, int)
            or isinstance(arm.share, bool)
            or not 1 <= arm.share <= 99
        ):
            raise InvalidRule(
                f"arm {arm.name} has share {arm.share!r}; allowed are 1 to 99",
                field="arm_share",
                given=arm.share,
                allowed="1 to 99",
            )
        refuse_incoherent(introduced(activity_type, arm.rule, starts), f"arm {arm.name}: ")
    if (total := sum(arm.share for arm in arms)) > 100:
        raise InvalidRule(
            f"the arms' shares add up to {total} percent; 100 are there",
            field="arm_share",
            given=total,
            allowed="100 and less together",
        )


def _overlapping(activity_type: str, starts: datetime, ends: datetime) -> RuleExperiment | None:
    return (
        written(RuleExperiment)
        .filter(
            Q(stopped_at=None) | Q(stopped_at__gt=starts),
            activity_type=activity_type,
            starts_at__lt=ends,
            ends_at__gt=starts,
        )
        .order_by("pk")
        .first()
    )
