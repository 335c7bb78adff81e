"""Promotion: what an event that a cap refused or reduced is paid once a reversal leaves room."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from thrive_points.core.decide import decide
from thrive_points.core.event import Decision, Event, Outcome, Step
from thrive_points.core.rule import Rule
from thrive_points.core.usage import NOTHING, DayTotal, Nearest, Usage, usage_of
from thrive_points.exceptions import InvalidMetadata, InvalidRule

MOST_PROMOTED = 20
"""Events that one reversal may promote."""

_NOBODY_NEAR = Nearest()


class Short(NamedTuple):
    """An event that a cap refused or reduced.

    Args:
        number: of its entry.
        event: as it was decided.
        points: what it was paid, promotions included.
        holds: whether it holds a place under the caps.
    """

    number: int
    event: Event
    points: int
    holds: bool


class Promotion(NamedTuple):
    """What a short event is paid besides, under which rule, and the usage that it met."""

    short: Short
    rule: Rule
    usage: Usage
    decision: Decision


def promotions(
    shorts: Sequence[Short],
    days: Mapping[date, DayTotal],
    rule_of: Callable[[Event], Rule | None],
    nearest_of: Callable[[Event, timedelta], Nearest],
) -> Iterator[Promotion]:
    """Yield what the short events of a week are paid, in order, until there is no more room.

    An event that is promoted only takes room, so nobody before it can gain by it: one pass is
    enough.

    Args:
        shorts: the events in the order of their days and instants.
        days: the daily totals of their week.
        rule_of: answers the rule of an event's instant, None where there is none any more.
        nearest_of: answers the paid instants around an event, within a cooldown.
    """
    days = dict(days)
    tried = 0
    for place, short in enumerate(shorts):
        event, later = short.event, shorts[place + 1 :]
        rule = rule_of(event)
        if rule is None:
            continue
        usage = usage_of(days, event.day, event.week, _NOBODY_NEAR)
        decision = promotion_of(rule, usage, short, later)
        if decision is None:
            continue
        tried += 1
        if rule.cooldown is not None and not short.holds:
            nearest = nearest_of(event, rule.cooldown)
            usage = usage_of(days, event.day, event.week, nearest)
            decision = promotion_of(rule, usage, short, later)
        if decision is not None:
            yield Promotion(short, rule, usage, decision)
            days[event.day] = days.get(event.day, NOTHING).plus(
                int(not short.holds), decision.points, 0, event.occurred_at
            )
        if tried == MOST_PROMOTED:
            return


def promotion_of(rule: Rule, usage: Usage, short: Short, later: Sequence[Short]) -> Decision | None:
    """Return what an event is paid on top of what it had, None for nothing.

    Args:
        rule: in force when the event occurred.
        usage: all that was had in its day and week, the event's own part included.
        short: the event.
        later: the events of its week that come after it in order. Those that hold a place are
            not before it: the first to come is the first to be paid in full.
    """
    event, own = short.event, int(short.holds)
    others = replace(
        usage,
        day_awards=usage.day_awards - own,
        week_awards=usage.week_awards - own,
        day_points=usage.day_points - short.points,
        week_points=usage.week_points - short.points,
    )
    if short.holds:
        # It kept its distance when it was paid; it must not be too close to itself.
        others = replace(others, last_awarded_at=None, next_awarded_at=None)
    behind = [one for one in later if one.holds]
    before = replace(
        others,
        day_awards=others.day_awards - sum(one.event.day == event.day for one in behind),
        week_awards=others.week_awards - len(behind),
    )
    try:
        # Without a place of its own, there must be one that nobody holds.
        if not short.holds and not decide(rule, others, event).outcome.pays:
            return None
        decision = decide(rule, before, event)
    except (InvalidMetadata, InvalidRule):
        return None  # The rule of that instant reads metadata in another way by now.
    gain = decision.points - short.points
    if gain <= 0:
        return None
    *steps, _ = decision.arithmetic
    if short.points:
        steps.append(Step("before", short.points))
    return Decision(outcome=Outcome.PROMOTED, points=gain, arithmetic=(*steps, Step("final", gain)))
