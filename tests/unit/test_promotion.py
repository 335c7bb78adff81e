"""Promotion: what is paid with the room that a reversal leaves, by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from thrive_points.core.activities import Category
from thrive_points.core.event import Event, Outcome, Step
from thrive_points.core.modifiers import BY_DIFFICULTY
from thrive_points.core.promotion import Short, promotion_of, promotions
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Rule, Tier
from thrive_points.core.usage import DayTotal, Nearest, Usage

MONDAY = date(2026, 3, 2)
NOBODY = Nearest()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RULE = Rule(
    label="a quiz",
    category=Category.LEARNING,
    base_points=20,
    effort=Effort.MEDIUM,
    impact=Impact.MEDIUM,
    frequency=Frequency.OFTEN,
    max_per_day=3,
)
TIERS = replace(RULE, over_cap=(Tier(2, 50),))


def short(number, points=0, day=0, **metadata):
    event = Event(
        activity_type="quiz",
        event_key=f"q:{number}",
        occurred_at=NOON + timedelta(days=day, minutes=number),
        day=MONDAY + timedelta(days=day),
        week=MONDAY,
        metadata=metadata,
    )
    return Short(number, event, points, points > 0)


def usage(awards, points, week=(0, 0), **instants):
    return Usage(
        day_awards=awards,
        day_points=points,
        week_awards=awards + week[0],
        week_points=points + week[1],
        **instants,
    )


def paid(rule, shorts, days, near=NOBODY):
    """Return what is paid: (number, points)."""
    found = promotions(shorts, days, lambda _: rule, lambda *_: near)
    return [(one.short.number, one.decision.points) for one in found]


def test_a_refused_event_is_paid_in_full_and_says_how():
    decision = promotion_of(RULE, usage(2, 40), short(4), [])
    assert decision is not None
    assert (decision.outcome, decision.points) == (Outcome.PROMOTED, 20)
    assert decision.arithmetic == (Step("base", 20), Step("today", 3, 3), Step("final", 20))


def test_a_reduced_event_is_paid_the_difference_and_says_how():
    decision = promotion_of(TIERS, usage(3, 50), short(4, 10), [])
    assert decision is not None
    assert decision.points == 10
    assert decision.arithmetic[-2:] == (Step("before", 10), Step("final", 10))


@pytest.mark.parametrize(
    ("rule", "given", "one", "later"),
    [
        (RULE, usage(3, 60), short(4), []),
        (TIERS, usage(4, 70), short(4, 10), []),  # Three others are paid in full.
        (TIERS, usage(5, 80), short(6), [short(7, 10)]),  # It comes first, but no place is free.
        (replace(RULE, enabled=False), usage(0, 0), short(4), []),
        (replace(RULE, max_points_per_day=50), usage(2, 50), short(4), []),
        (replace(RULE, max_points_per_week=50), usage(2, 40, (1, 10)), short(4), []),
        (replace(RULE, max_per_week=4), usage(2, 40, (2, 40)), short(4), []),
        (replace(RULE, modifiers=(BY_DIFFICULTY,)), usage(0, 0), short(4, difficulty="no"), []),
    ],
)
def test_where_there_is_no_room_nothing_is_paid(rule, given, one, later):
    assert promotion_of(rule, given, one, later) is None


def test_the_first_to_come_is_the_first_to_be_paid_in_full():
    later = [short(5, 10), short(6, 10, day=1)]
    decision = promotion_of(TIERS, usage(4, 60, (1, 10)), short(4, 10), later)
    assert decision is not None
    assert decision.points == 10
    # Of another day, and so under another cap of a day.
    assert promotion_of(TIERS, usage(4, 60, (1, 10)), short(4, 10), later[1:]) is None
    weekly = replace(TIERS, max_per_day=None, max_per_week=3)
    assert promotion_of(weekly, usage(3, 50, (1, 10)), short(4, 10), later[1:]) is not None
    assert promotion_of(weekly, usage(3, 50, (1, 10)), short(4, 10), []) is None


def test_a_reduced_event_gets_no_more_than_a_points_cap_has_left():
    rule = replace(RULE, max_per_day=None, max_points_per_day=50)
    decision = promotion_of(rule, usage(2, 35), short(4, 5), [])
    assert decision is not None
    assert decision.points == 15
    weekly = replace(RULE, max_per_day=None, max_points_per_week=50)
    decision = promotion_of(weekly, usage(1, 5, (2, 40)), short(4, 5), [])
    assert decision is not None
    assert decision.points == 5


def test_a_cooldown_holds_for_a_place_and_not_for_a_difference():
    rule = replace(TIERS, cooldown=timedelta(minutes=5))
    near = {"last_awarded_at": NOON, "next_awarded_at": NOON}
    assert promotion_of(rule, usage(0, 0, **near), short(4), []) is None
    assert promotion_of(rule, usage(1, 10, **near), short(4, 10), []) is not None
    days = {MONDAY: DayTotal(1, 20, 0, NOON)}
    assert paid(rule, [short(4)], days) == [(4, 20)]
    assert paid(rule, [short(4)], days, Nearest(NOON)) == []
    assert paid(rule, [short(4)], days, Nearest(None, NOON + timedelta(minutes=8))) == []
    assert paid(rule, [short(4)], days, Nearest(NOON - timedelta(minutes=1))) == [(4, 20)]


def test_a_week_is_paid_in_order_until_it_is_full():
    days = {MONDAY: DayTotal(1, 20, 2, NOON)}
    assert paid(RULE, [short(4), short(5), short(6)], days) == [(4, 20), (5, 20)]
    tiers = {MONDAY: DayTotal(4, 60, 1, NOON)}  # Two in full, two half.
    assert paid(TIERS, [short(4, 10), short(5, 10), short(6)], tiers) == [(4, 10), (6, 10)]
    points = replace(RULE, max_per_day=None, max_points_per_day=50)
    assert paid(points, [short(3, 10), short(4)], {MONDAY: DayTotal(2, 30)}) == [(3, 10), (4, 10)]


def test_events_without_a_rule_are_left_alone():
    assert list(promotions([short(1)], {}, lambda _: None, lambda *_: Nearest())) == []


def test_at_most_twenty_are_paid():
    rule = replace(RULE, max_per_day=40)
    shorts = [short(number) for number in range(25)]
    assert len(paid(rule, shorts, {})) == 20
