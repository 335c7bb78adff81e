"""decide(): a test per outcome in the order they are declared, then a model to differ from."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.activities import Category
from thrive_points.core.decide import decide, reachable
from thrive_points.core.event import Event, Outcome, Step
from thrive_points.core.modifiers import BY_DIFFICULTY
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Modifier, Rule, Tier
from thrive_points.core.usage import Usage
from thrive_points.exceptions import InvalidMetadata, InvalidRule

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
RULE = Rule(
    label="a completed quiz",
    category=Category.LEARNING,
    base_points=20,
    effort=Effort.MEDIUM,
    impact=Impact.MEDIUM,
    frequency=Frequency.OFTEN,
    max_per_day=10,
)


def event(at=NOON, **metadata):
    return Event(
        activity_type="quiz_completed",
        event_key="quiz_attempt:1",
        occurred_at=at,
        day=date(2026, 3, 4),
        week=date(2026, 3, 2),
        metadata=metadata,
    )


def used(awards, points=None):
    points = awards * 20 if points is None else points
    return Usage(day_awards=awards, week_awards=awards, day_points=points, week_points=points)


def test_awarded_in_full_and_told_by_its_arithmetic():
    decision = decide(RULE, used(2), event())
    assert (decision.outcome, decision.points) == (Outcome.AWARDED, 20)
    assert decision.arithmetic == (Step("base", 20), Step("today", 3, 10), Step("final", 20))


def test_reduced_by_diminishing_returns():
    rule = replace(RULE, max_per_day=5, over_cap=(Tier(5, 50), Tier(2, 10)))
    paid = [decide(rule, used(n), event()).points for n in range(14)]
    assert paid == [20] * 5 + [10] * 5 + [2] * 2 + [0] * 2
    sixth = decide(rule, used(5), event())
    assert sixth.outcome is Outcome.REDUCED
    assert Step("diminishing", 10, 50) in sixth.arithmetic


def test_reduced_to_what_a_points_cap_leaves():
    rule = replace(RULE, max_points_per_day=50, max_points_per_week=45)
    decision = decide(rule, used(2, points=40), event())
    assert (decision.outcome, decision.points) == (Outcome.REDUCED, 5)
    assert decision.arithmetic[-3:] == (
        Step("points_this_week", 5, 45),
        Step("today", 3, 10),
        Step("final", 5),
    )


@pytest.mark.parametrize(
    ("changes", "usage"),
    [
        ({}, used(10)),
        ({"max_per_day": None, "max_per_week": 3}, Usage(week_awards=3)),
        ({"max_per_day": 5, "over_cap": (Tier(5, 50),)}, used(10)),
        ({"max_points_per_day": 40}, used(2)),
        ({"max_points_per_week": 40}, used(2)),
    ],
)
def test_capped(changes, usage):
    decision = decide(replace(RULE, **changes), usage, event())
    assert (decision.outcome, decision.points) == (Outcome.CAPPED, 0)
    assert decision.arithmetic[-1] == Step("final", 0)


@pytest.mark.parametrize("gap", [timedelta(minutes=4), timedelta(minutes=-4), timedelta()])
def test_cooling_down_on_either_side_of_the_last_award(gap):
    rule = replace(RULE, cooldown=timedelta(minutes=5))
    usage = replace(used(1), last_awarded_at=NOON)
    assert decide(rule, usage, event(NOON + gap)).outcome is Outcome.COOLING_DOWN
    assert decide(rule, usage, event(NOON + timedelta(minutes=5))).outcome is Outcome.AWARDED


def test_disabled():
    assert decide(replace(RULE, enabled=False), Usage(), event()).outcome is Outcome.DISABLED


def test_the_ladder_names_the_first_reason_that_holds():
    rule = replace(RULE, cooldown=timedelta(hours=1), enabled=False)
    usage = replace(used(10), last_awarded_at=NOON)
    answers = [decide(rule, usage, event()).outcome]
    rule = replace(rule, enabled=True)
    answers.append(decide(rule, usage, event()).outcome)
    answers.append(decide(replace(rule, cooldown=None), usage, event()).outcome)
    assert answers == [Outcome.DISABLED, Outcome.COOLING_DOWN, Outcome.CAPPED]


@pytest.mark.parametrize(("difficulty", "points"), [("easy", 10), ("medium", 20), ("hard", 30)])
def test_difficulty_scales_the_base(difficulty, points):
    rule = replace(RULE, base_points=30, modifiers=(BY_DIFFICULTY,))
    decision = decide(rule, Usage(), event(difficulty=difficulty))
    assert (decision.outcome, decision.points) == (Outcome.AWARDED, points)
    assert Step("difficulty", points) in decision.arithmetic
    assert reachable(rule) == (10, 30)


@pytest.mark.parametrize("difficulty", ["impossible", 3, None, ["easy"]])
def test_bad_metadata_is_misuse_that_says_what_is_allowed(difficulty):
    rule = replace(RULE, modifiers=(BY_DIFFICULTY,))
    with pytest.raises(InvalidMetadata, match="allowed are easy, medium, hard"):
        decide(rule, Usage(), event(difficulty=difficulty))


def test_an_adjustment_that_stumbles_over_metadata_is_misuse_not_a_crash():
    by_score = Modifier(
        name="score",
        factor=lambda metadata: Fraction(metadata["score"], 100),
        lowest=Fraction(0),
        highest=Fraction(1),
    )
    rule = replace(RULE, modifiers=(by_score,))
    with pytest.raises(InvalidMetadata, match=r"'score' cannot use the metadata .*KeyError"):
        decide(rule, Usage(), event())
    with pytest.raises(InvalidRule, match="answered 2; it declared 0 to 1"):
        decide(rule, Usage(), event(score=200))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base_points": 0}, "base_points is 0"),
        ({"max_per_day": 0}, "max_per_day is 0"),
        ({"max_points_per_week": -1}, "max_points_per_week is -1"),
        ({"cooldown": timedelta(days=2)}, "cooldown is 2 days"),
        ({"max_per_day": None, "over_cap": (Tier(1, 50),)}, "over_cap needs"),
        ({"over_cap": (Tier(0, 50),)}, "1\\+ awards"),
        ({"over_cap": (Tier(1, 100),)}, "1 to 99 percent"),
    ],
)
def test_a_rule_that_contradicts_itself_cannot_be_made(change, message):
    with pytest.raises(InvalidRule, match=message):
        replace(RULE, **change)


caps = st.none() | st.integers(1, 6)
point_caps = st.none() | st.integers(1, 200)
tiers = st.lists(st.builds(Tier, st.integers(1, 3), st.integers(1, 99)), max_size=2).map(tuple)


@st.composite
def rules(draw):
    day, week = draw(caps), draw(caps)
    return replace(
        RULE,
        base_points=draw(st.integers(1, 60)),
        max_per_day=day,
        max_per_week=week,
        over_cap=draw(tiers) if day or week else (),
        max_points_per_day=draw(point_caps),
        max_points_per_week=draw(point_caps),
    )


def model(rule, usage):
    """Return the points an event earns, told in another way: spell out every slot."""

    def slots(cap):
        if cap is None:
            return None
        return [100] * cap + [tier.percent for tier in rule.over_cap for _ in range(tier.awards)]

    def at(cap, n):
        spelled = slots(cap)
        return 100 if spelled is None else (spelled + [0] * (n + 1))[n]

    percent = min(at(rule.max_per_day, usage.day_awards), at(rule.max_per_week, usage.week_awards))
    if percent == 0:
        return 0
    points = max(1, rule.base_points * percent // 100)
    for cap, had in (
        (rule.max_points_per_day, usage.day_points),
        (rule.max_points_per_week, usage.week_points),
    ):
        if cap is not None:
            points = min(points, max(0, cap - had))
    return points


@given(rules(), st.integers(0, 20), st.integers(0, 20), st.integers(0, 400), st.integers(0, 400))
def test_decide_agrees_with_the_model(rule, day, more, day_points, more_points):
    usage = Usage(
        day_awards=day,
        week_awards=day + more,
        day_points=day_points,
        week_points=day_points + more_points,
    )
    decision = decide(rule, usage, event())
    assert decision.points == model(rule, usage)
    assert decision.outcome.pays == (decision.points > 0)
    assert (decision.outcome is Outcome.AWARDED) == (decision.points == rule.base_points)
    assert decision.arithmetic[0] == Step("base", rule.base_points)
    assert decision.arithmetic[-1] == Step("final", decision.points)


@given(rules(), st.integers(1, 40))
def test_a_day_of_events_never_breaches_a_cap(rule, events):
    awards = points = 0
    for _ in range(events):
        usage = Usage(day_awards=awards, week_awards=awards, day_points=points, week_points=points)
        decision = decide(rule, usage, event())
        awards += decision.outcome.pays
        points += decision.points
    over = sum(tier.awards for tier in rule.over_cap)
    for cap in (rule.max_per_day, rule.max_per_week):
        assert cap is None or awards <= cap + over
    for cap in (rule.max_points_per_day, rule.max_points_per_week):
        assert cap is None or points <= cap


def test_the_edge_of_a_points_cap():
    """Room for exactly the points is no reduction, and room for one point pays it."""
    rule = replace(RULE, max_per_day=None, max_points_per_day=100, max_points_per_week=300)
    whole = decide(rule, used(4, 80), event())
    assert whole.outcome is Outcome.AWARDED
    assert whole.arithmetic == (Step("base", 20), Step("final", 20))
    last = decide(rule, used(5, 99), event())
    assert (last.outcome, last.points) == (Outcome.REDUCED, 1)
    assert last.arithmetic == (Step("base", 20), Step("points_today", 1, 100), Step("final", 1))
    none = decide(rule, used(5, 100), event())
    assert none.outcome is Outcome.CAPPED
    assert none.arithmetic == (Step("base", 20), Step("points_today", 0, 100), Step("final", 0))


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (60, None, Outcome.AWARDED),
        (59, None, Outcome.COOLING_DOWN),
        (None, 60, Outcome.AWARDED),
        (None, 59, Outcome.COOLING_DOWN),
        (90, 30, Outcome.COOLING_DOWN),
    ],
)
def test_a_cooldown_looks_to_both_sides(before, after, outcome):
    rule = replace(RULE, cooldown=timedelta(hours=1))
    minutes = timedelta(minutes=1)
    usage = Usage(
        last_awarded_at=None if before is None else NOON - before * minutes,
        next_awarded_at=None if after is None else NOON + after * minutes,
    )
    assert decide(rule, usage, event()).outcome is outcome
