"""Streaks and goals: awarded by the same service, in the same transaction, once each."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.books import assert_books_agree, entries
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.selectors import progress
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 31, 12, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def login(user, day):
    at = MONDAY + timedelta(days=day)
    return PointsService.award_points(
        user, "daily_login", {"event_key": f"daily_login:{at.date()}"}, occurred_at=at
    )


def earned(results):
    return [also.activity_type for result in results for also in result.also_earned]


def test_every_seventh_and_thirtieth_day_of_a_streak_is_paid(user):
    results = [login(user, day) for day in range(30)]
    assert [n + 1 for n, r in enumerate(results) if r.also_earned] == [7, 14, 21, 28, 29, 30]
    assert earned(results) == [
        *["week_streak"] * 4,
        "five_active_weeks",
        "month_streak",
    ]
    last = results[-1].also_earned[0]
    assert (last.outcome, last.points_awarded) == (Outcome.AWARDED, 100)
    assert results[-1].total_points == 30 * 5 + 4 * 25 + 50 + 100 == user.total_points
    assert_books_agree()


def test_a_day_that_reaches_two_marks_pays_both(user):
    """The 210th day is a multiple of both 7 and 30."""
    with time_machine.travel(MONDAY + timedelta(days=210), tick=False):
        PointsService.award_many(
            {
                "user": user,
                "activity_type": "daily_login",
                "metadata": {"event_key": f"login:{day}"},
                "occurred_at": MONDAY + timedelta(days=day),
            }
            for day in range(209)
        )
        last = login(user, 209)
    assert [also.activity_type for also in last.also_earned] == ["week_streak", "month_streak"]
    assert PointsHistory.objects.filter(activity_type="month_streak", points=100).count() == 7
    assert_books_agree()


def test_a_missed_day_is_forgiven_but_not_counted_and_two_break(user):
    first = [login(user, day) for day in (0, 1, 2, 4, 5, 6, 7)]
    assert earned(first) == ["week_streak"]
    assert earned([login(user, day) for day in range(10, 16)]) == []
    assert earned([login(user, 16)]) == ["week_streak"]


def test_the_streak_a_member_sees_ends_after_two_missed_days(user):
    for day in range(80, 88):
        login(user, day)
    shown = []
    for hours in (0, 24, 48, 72):
        with time_machine.travel(MONDAY + timedelta(days=87, hours=hours), tick=False):
            shown.append(progress(user).streak_days)
    assert shown == [8, 8, 8, 0]


def test_a_late_login_joins_two_runs_and_pays_each_mark_once(user):
    for day in (*range(7), *range(8, 15)):
        login(user, day)
    before = PointsHistory.objects.filter(activity_type="week_streak").count()
    late = login(user, 7)
    assert before == 2
    assert earned([late]) == []
    run = user.thrive_profile.streaks["login"]
    assert run[2] == 15
    assert_books_agree()


def test_a_reversed_login_shortens_the_streak_and_a_mark_is_not_paid_twice(user):
    for day in range(7):
        login(user, day)
    PointsService.reverse(user, f"daily_login:{MONDAY.date() + timedelta(days=6)}", "not a visit")
    assert user.thrive_profile.streaks["login"][2] == 6
    again = PointsService.award_points(
        user, "daily_login", {"event_key": "again"}, occurred_at=MONDAY + timedelta(days=6)
    )
    assert again.outcome is Outcome.AWARDED
    assert again.also_earned == ()
    assert user.total_points == 7 * 5 + 25
    assert_books_agree()


def test_four_weeks_with_the_circle_and_five_active_weeks(user):
    results = [
        PointsService.award_points(
            user,
            "circle_visited",
            {"event_key": f"visit:{week}"},
            occurred_at=MONDAY + timedelta(weeks=week),
        )
        for week in range(5)
    ]
    assert [[a.activity_type for a in r.also_earned] for r in results] == [
        [],
        [],
        [],
        ["circle_month_goal"],
        ["five_active_weeks"],
    ]
    assert_books_agree()


def test_a_week_without_a_visit_breaks_the_run_of_weeks(user):
    for week in (0, 1, 3, 4, 5):
        result = PointsService.award_points(
            user,
            "circle_visited",
            {"event_key": f"visit:{week}"},
            occurred_at=MONDAY + timedelta(weeks=week),
        )
        assert result.also_earned == ()


def test_the_feedback_goal_is_paid_once_a_week_even_across_reversals(user):
    def give(n, week=0):
        return PointsService.award_points(
            user,
            "feedback_given",
            {"event_key": f"f:{week}:{n}"},
            occurred_at=MONDAY + timedelta(weeks=week, days=n),
        )

    assert earned([give(n) for n in range(5)]) == ["feedback_week_goal"]
    PointsService.reverse(user, "f:0:4", "not feedback")
    again = give(5)
    assert again.also_earned == ()
    assert earned([give(n, week=1) for n in range(5)]) == ["feedback_week_goal"]
    assert [e for e in entries(user) if e[0] == "feedback_week_goal"] == [
        ("feedback_week_goal", "awarded", 25)
    ] * 2
    assert_books_agree()


@given(days=st.lists(st.integers(0, 40), max_size=40))
def test_logins_in_any_order_leave_books_that_agree(make_user, days):
    user = make_user()
    for day in days:
        login(user, day)
    assert_books_agree()
