"""decide(): one rule, one usage, one event, one decision. Pure and total."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from thrive_points.core.event import Decision, Event, Outcome, Step
from thrive_points.core.rule import Rule, Tier, exact_factor
from thrive_points.core.usage import Usage
from thrive_points.exceptions import InvalidMetadata, InvalidRule


def decide(rule: Rule, usage: Usage, event: Event) -> Decision:
    """Return what an event earns under a rule, given what was earned before.

    The ladder is asked top down: not eligible, disabled, cooling down, capped, reduced, awarded. A
    percentage or fraction is rounded down but pays at least one point.

    Args:
        rule: the rule in force when the event occurred.
        usage: awards and points already had in the event's day and week.
        event: the event; of it only the metadata, the instant and whether its user may earn.

    Raises:
        InvalidMetadata: a modifier of the rule cannot use the event's metadata.
    """
    full, steps = full_points(rule, event.metadata)
    if event.not_eligible:
        return _refuse(Outcome.NOT_ELIGIBLE, steps)
    if not rule.enabled:
        return _refuse(Outcome.DISABLED, steps)
    if rule.cooldown is not None and _cools_down(rule.cooldown, usage, event):
        return _refuse(Outcome.COOLING_DOWN, steps)

    percent = min(
        _percent(rule.max_per_day, usage.day_awards, rule.over_cap),
        _percent(rule.max_per_week, usage.week_awards, rule.over_cap),
    )
    rooms = _rooms(rule, usage)
    full_rooms = [Step(name, 0, cap) for name, room, cap in rooms if room <= 0]
    if percent == 0 or full_rooms:
        return _refuse(Outcome.CAPPED, [*steps, *full_rooms, *_counts(rule, usage, paid=0)])

    points = full
    if percent < 100:
        points = max(1, full * percent // 100)
        steps.append(Step("diminishing", points, percent))
    for name, room, cap in rooms:
        if points > room:
            points = room
            steps.append(Step(name, points, cap))
    steps += [*_counts(rule, usage, paid=1), Step("final", points)]
    outcome = Outcome.AWARDED if points == full else Outcome.REDUCED
    return Decision(outcome=outcome, points=points, arithmetic=tuple(steps))


def full_points(rule: Rule, metadata: Mapping[str, Any]) -> tuple[int, list[Step]]:
    """Return a rule's points before any cap, with the steps that lead there.

    Raises:
        InvalidMetadata: a modifier cannot use the metadata.
        InvalidRule: a modifier answered outside its declared bounds.
    """
    points = rule.base_points
    steps = [Step("base", points)]
    if not rule.modifiers:
        return points, steps
    exact = Fraction(points)
    for modifier in rule.modifiers:
        try:
            given = modifier.factor(metadata)
        except (InvalidMetadata, InvalidRule):
            raise
        except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError) as error:
            raise InvalidMetadata(
                f"modifier {modifier.name!r} cannot use the metadata {dict(metadata)!r}: "
                f"{type(error).__name__}: {error}"
            ) from error
        factor = exact_factor(given, f"what modifier {modifier.name!r} answered")
        if not modifier.lowest <= factor <= modifier.highest:
            raise InvalidRule(
                f"modifier {modifier.name!r} answered {factor}; it declared "
                f"{modifier.lowest} to {modifier.highest}"
            )
        exact *= factor
        points = max(1, int(exact))
        steps.append(Step(modifier.name, points))
    return points, steps


def reachable(rule: Rule) -> tuple[int, int]:
    """Return the least and most points one uncapped event of the rule can earn."""
    lowest = highest = Fraction(rule.base_points)
    for modifier in rule.modifiers:
        lowest *= modifier.lowest
        highest *= modifier.highest
    return max(1, int(lowest)), max(1, int(highest))


def _cools_down(cooldown: timedelta, usage: Usage, event: Event) -> bool:
    # abs(): an event delivered late may lie just before the award it would crowd.
    return any(
        at is not None and abs(event.occurred_at - at) < cooldown
        for at in (usage.last_awarded_at, usage.next_awarded_at)
    )


def _percent(cap: int | None, used: int, tiers: tuple[Tier, ...]) -> int:
    if cap is None or used < cap:
        return 100
    over = used - cap
    for tier in tiers:
        if over < tier.awards:
            return tier.percent
        over -= tier.awards
    return 0


def _rooms(rule: Rule, usage: Usage) -> list[tuple[str, int, int]]:
    """Return the name, what is left and the size of each points cap."""
    today, this_week = rule.max_points_per_day, rule.max_points_per_week
    rooms = []
    if today is not None:
        rooms.append(("points_today", today - usage.day_points, today))
    if this_week is not None:
        rooms.append(("points_this_week", this_week - usage.week_points, this_week))
    return rooms


def _counts(rule: Rule, usage: Usage, *, paid: int) -> list[Step]:
    # A refusal is measured against all that is ever paid, an award against what is paid in full.
    over = 0 if paid else sum(tier.awards for tier in rule.over_cap)
    counts = []
    if rule.max_per_day is not None:
        counts.append(Step("today", usage.day_awards + paid, rule.max_per_day + over))
    if rule.max_per_week is not None:
        counts.append(Step("this_week", usage.week_awards + paid, rule.max_per_week + over))
    return counts


def _refuse(outcome: Outcome, steps: list[Step]) -> Decision:
    return Decision(outcome=outcome, points=0, arithmetic=(*steps, Step("final", 0)))
