"""The figures of a review, against economies small enough to add up by hand."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.review_community import award, days, event, last_weeks, noon, user
from thrive_points.admin.charts import bars, compact
from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.review.caps import cap_use, refusals
from thrive_points.review.concentration import concentration, spread
from thrive_points.review.economy import economy
from thrive_points.review.report import review
from thrive_points.review.rule_health import rule_concerns
from thrive_points.review.span import InvalidSpan, Span, span_of
from thrive_points.review.velocity import velocity
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

SPAN = last_weeks(2)
DAYS = days(SPAN)


def test_a_span_is_compared_with_the_days_right_before_it() -> None:
    span = Span(since=dt.date(2026, 3, 1), until=dt.date(2026, 3, 14))
    assert span.days == 14
    assert span.before == Span(since=dt.date(2026, 2, 15), until=dt.date(2026, 2, 28))


def test_the_usual_span_is_four_whole_weeks() -> None:
    assert span_of().days == 28
    assert span_of(until=dt.date(2026, 3, 14)).since == dt.date(2026, 2, 15)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (dt.date(2026, 3, 2), dt.date(2026, 3, 1), "swap them"),
        (dt.date(1990, 1, 1), dt.date(2026, 1, 1), "allowed are up to 3660"),
        (dt.date(1, 1, 1), dt.date(1, 1, 5), "no event is older than 1970-01-01"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused(since: dt.date, until: dt.date, words: str) -> None:
    with pytest.raises(InvalidSpan, match=words):
        span_of(since, until)


@pytest.mark.django_db
def test_issued_points_are_net_and_beside_the_span_before() -> None:
    ann, ben = user("ann"), user("ben")
    earlier = SPAN.since - dt.timedelta(days=3)
    award(
        [
            event(ann, "quiz_completed", noon(earlier)),
            event(ann, "quiz_completed", noon(DAYS[0])),
            event(ann, "quiz_completed", noon(DAYS[1]), event_key="wrong"),
            event(ben, "tutorial_completed", noon(DAYS[1])),
        ]
    )
    PointsService.reverse(ann, "wrong", "counted twice")
    issued = economy(SPAN)
    assert (issued.now.points, issued.now.members, issued.now.awards) == (30, 2, 2)
    assert (issued.before.points, issued.before.members) == (20, 1)
    assert issued.inflation == pytest.approx(-0.25)
    assert [day.flow.points for day in issued.days[:3]] == [20, 10, 0]
    assert sum(week.flow.points for week in issued.weeks) == 30
    assert sum(week.days for week in issued.weeks) == SPAN.days
    first, second = issued.activities
    assert (first.activity_type, first.now.points, first.change) == ("quiz_completed", 20, 0)
    assert second.activity_type == "tutorial_completed"
    assert second.share == pytest.approx(1 / 3)
    assert [driver.activity_type for driver in issued.drivers] == ["tutorial_completed"]
    learning = next(c for c in issued.categories if c.category is Category.LEARNING)
    assert (learning.points, learning.points_before) == (30, 20)


@pytest.mark.django_db
def test_an_adjustment_counts_in_no_category() -> None:
    PointsService.adjust(user("ann"), 70, "a prize")
    today = span_of(dt.date.today() - dt.timedelta(days=1), dt.date.today() + dt.timedelta(days=1))
    issued = economy(today)
    assert issued.now.points == 70
    assert issued.now.members == 0
    assert [c.points for c in issued.categories if c.category is None] == [70]


@pytest.mark.django_db
def test_an_empty_economy_has_figures_too() -> None:
    empty = review(SPAN)
    assert empty.economy.now.points == 0
    assert empty.economy.inflation is None
    assert empty.concentration.members == 0
    assert not any(use.active for use in empty.caps)
    assert empty.velocity == ()
    assert empty.refusals == ()


def test_concentration_of_known_fortunes() -> None:
    even = spread(Counter({50: 10}))
    assert even.gini == pytest.approx(0)
    assert even.top_10_percent == pytest.approx(0.1)
    assert even.lorenz[5] == pytest.approx(0.5)
    one_has_all_but_little = spread(Counter({1: 99, 9_901: 1}))
    assert one_has_all_but_little.top_1_percent == pytest.approx(0.9901)
    assert one_has_all_but_little.gini == pytest.approx(0.9801)


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=40))
def test_gini_is_half_the_mean_difference_over_the_mean(fortunes: list[int]) -> None:
    differences = sum(abs(a - b) for a in fortunes for b in fortunes)
    expected = Fraction(differences, 2 * len(fortunes) * sum(fortunes))
    answer = spread(Counter(fortunes))
    assert answer.gini == pytest.approx(float(expected))
    assert answer.lorenz[0] == 0
    assert answer.lorenz[-1] == 1
    assert list(answer.lorenz) == sorted(answer.lorenz)


@pytest.mark.django_db
def test_concentration_of_a_ledger() -> None:
    ann, ben = user("ann"), user("ben")
    award(
        [event(ann, "quiz_completed", noon(DAYS[n])) for n in range(3)]
        + [event(ben, "quiz_completed", noon(DAYS[0]))]
    )
    answer = concentration(SPAN)
    assert (answer.members, answer.points) == (2, 80)
    assert answer.gini == pytest.approx(0.25)


@pytest.mark.django_db
def test_caps_by_day_and_by_week() -> None:
    ann, ben = user("ann"), user("ben")
    monday = next(day for day in DAYS if day.weekday() == 0)
    award(
        [event(ann, "project_shared", noon(DAYS[0], hours=n)) for n in range(4)]
        + [event(ben, "project_shared", noon(DAYS[0]))]
        + [event(ann, "mentor_session_held", noon(monday, hours=24 * n)) for n in range(2)]
        + [event(ben, "mentor_session_held", noon(monday))]
    )
    uses = {use.activity_type: use for use in cap_use(SPAN)}
    shared, held = uses["project_shared"], uses["mentor_session_held"]
    assert (shared.per, shared.cap, shared.reached, shared.active) == ("day", 3, 1, 2)
    assert (held.per, held.cap, held.reached, held.active) == ("week", 2, 1, 2)
    [refused] = refusals(SPAN)
    assert refused.activity_type == "project_shared"
    assert refused.by_outcome == {Outcome.CAPPED: 1}


@pytest.mark.django_db
@pytest.mark.parametrize("offset", range(7))
@pytest.mark.parametrize("length", [10, 28])
def test_weekly_caps_are_judged_by_whole_weeks_wherever_the_span_cuts(
    offset: int, length: int
) -> None:
    monday = dt.date(2026, 3, 2)
    people = [user("ann"), user("ben")]
    award(
        [
            event(who, "scavenger_hunt_completed", noon(monday, hours=24 * (7 * week + day)))
            for who in people
            for week in range(7)
            for day in (0, 3, 6)
        ]
    )
    since = monday + dt.timedelta(days=7 + offset)
    span = Span(since=since, until=since + dt.timedelta(days=length - 1))
    [use] = [use for use in cap_use(span) if use.activity_type == "scavenger_hunt_completed"]
    ended = sum((since + dt.timedelta(n)).weekday() == 6 for n in range(length))
    assert (use.reached, use.active) == (2 * ended, 2 * ended)


@pytest.mark.django_db
def test_a_span_without_a_sunday_judges_no_week() -> None:
    tuesday = dt.date(2026, 3, 3)
    award([event(user("ann"), "scavenger_hunt_completed", noon(tuesday))])
    span = Span(since=tuesday, until=tuesday + dt.timedelta(days=3))
    assert all(use.active == 0 for use in cap_use(span) if use.per == "week")


@pytest.mark.django_db
@pytest.mark.parametrize("since", [dt.date(2017, 1, 1), dt.date(2020, 1, 1), dt.date(1969, 1, 1)])
def test_any_span_has_an_economy(since: dt.date) -> None:
    assert economy(Span(since=since, until=since + dt.timedelta(days=3_600))).now.points == 0


@pytest.mark.django_db
def test_level_velocity_starts_from_the_level_before_the_span() -> None:
    ann, ben = user("ann"), user("ben")
    before = SPAN.since - dt.timedelta(days=2)
    after = SPAN.until + dt.timedelta(days=1)
    award(
        [event(ann, "quiz_completed", noon(before, hours=-n)) for n in range(6)]
        + [event(ann, "quiz_completed", noon(DAYS[1], minutes=n)) for n in range(7)]
        + [event(ben, "quiz_completed", noon(DAYS[1]))]
        + [event(ben, "quiz_completed", noon(after, minutes=n)) for n in range(8)]
    )
    first, second = velocity(SPAN)
    assert (first.level, first.members, first.climbed, first.median_points) == (1, 1, 0, 20)
    assert (second.level, second.members, second.climbed, second.highest_gain) == (2, 1, 1, 1)
    assert second.median_points == 140


def _kinds(activity_type: str) -> set[str]:
    concerns = rule_concerns(SPAN, cap_use(SPAN), refusals(SPAN))
    return {concern.kind for concern in concerns if concern.activity_type == activity_type}


@pytest.mark.django_db
def test_a_rule_that_pays_nobody_is_dead() -> None:
    assert _kinds("quiz_completed") == {"dead"}
    award([event(user("ann"), "quiz_completed", noon(DAYS[0]))])
    assert _kinds("quiz_completed") == set()


@pytest.mark.django_db
def test_a_cap_that_everybody_reaches_is_crowded() -> None:
    ann = user("ann")
    award([event(ann, "project_shared", noon(DAYS[0], hours=n)) for n in range(3)])
    assert _kinds("project_shared") == {"crowded"}


@pytest.mark.django_db
def test_a_disabled_rule_that_is_asked_all_the_same(settings: Any) -> None:
    ann = user("ann")
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {
            **POINT_RULES,
            "quiz_completed": replace(POINT_RULES["quiz_completed"], enabled=False),
        },
    }
    award([event(ann, "quiz_completed", noon(DAYS[0]))])
    assert "disabled" in _kinds("quiz_completed")


@pytest.mark.django_db
def test_an_activity_that_lost_its_rule_is_an_orphan(settings: Any) -> None:
    award([event(user("ann"), "quiz_completed", noon(DAYS[0]))])
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {name: rule for name, rule in POINT_RULES.items() if name != "quiz_completed"},
    }
    assert _kinds("quiz_completed") == {"orphan"}
    assert PointsHistory.objects.count() == 1


def test_bars_carry_their_values_and_stay_inside() -> None:
    chart = bars(title="Points", values=[("1 May", 10), ("2 May", 12_345)], before=[5, 20])
    assert [bar.value for bar in chart.bars] == ["10", "12.3k"]
    assert all(0 <= float(bar.y) <= chart.base for bar in chart.bars)
    assert chart.description == "Lowest 10 (1 May), highest 12,345 (2 May)."


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (9_999, "9999"), (10_000, "10k"), (2_500_000, "2.5M")]
)
def test_compact_numbers(value: int, text: str) -> None:
    assert compact(value) == text
