"""Many processes and one user: no cap is breached, no award doubled, none lost.

Each guard is then taken away, and the same race must go wrong, every time: a race that cannot
fail would prove nothing.
"""

import re
from collections import Counter

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from tests.races import mutants
from tests.races.processes import race
from tests.stores.books import assert_books_agree
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 4
SAME_NUMBER = {
    "postgresql": r'unique constraint "thrive_points_(pointshistory|xpevent)_pkey"',
    "sqlite": "thrive_points_pointshistory is append-only: it has such an entry",
}[connection.vendor]
"""What the database says of an entry whose number is taken."""


def member(name="racer", *, opened=True):
    """Return a user's primary key; `opened` users have an account already."""
    user = get_user_model().objects.create(username=name)
    if opened:
        PointsService.award_points(user, "circle_joined", {"event_key": "first"})
    return user.pk


def quizzes(user, first, count):
    return [
        {
            "user": user,
            "activity_type": "quiz_completed",
            "metadata": {"event_key": f"quiz:{first + n}"},
        }
        for n in range(count)
    ]


def different_events(user):
    """Return jobs of 20 quizzes in all, of which a day pays ten."""
    return [quizzes(user, first=process * 5, count=5) for process in range(PROCESSES)]


def check_different_events(report, user):
    assert report.errors == []
    assert Counter(report.outcomes) == {"awarded": 10, "capped": 10}
    points = PointsHistory.objects.filter(user_id=user, activity_type="quiz_completed")
    assert sum(points.values_list("points", flat=True)) == 200
    assert_books_agree()


def check_same_event(report, user):
    assert report.errors == []
    assert Counter(report.outcomes) == {"awarded": 1, "duplicate": PROCESSES - 1}
    assert PointsHistory.objects.filter(user_id=user, event_key="quiz:1").count() == 1
    assert_books_agree()


@pytest.mark.parametrize("opened", [True, False], ids=["known member", "first award ever"])
def test_different_events_never_breach_a_cap(opened):
    user = member(opened=opened)
    check_different_events(race(different_events(user)), user)


@pytest.mark.parametrize("opened", [True, False], ids=["known member", "first award ever"])
def test_the_same_event_is_awarded_once(opened):
    user = member(opened=opened)
    check_same_event(race([quizzes(user, 1, 1)] * PROCESSES), user)


def one_place_left(user):
    """Award nine quizzes of a day that pays ten, and return a job of one more for each process."""
    racer = get_user_model().objects.get(pk=user)
    PointsService.award_many({**event, "user": racer} for event in quizzes(user, first=0, count=9))
    return [quizzes(user, first=9 + process, count=1) for process in range(PROCESSES)]


def test_the_last_place_under_a_cap_is_given_once():
    report = race(one_place_left(member()))
    assert report.errors == []
    assert Counter(report.outcomes) == {"awarded": 1, "capped": PROCESSES - 1}
    assert_books_agree()


def test_without_the_row_lock_all_take_the_same_number():
    jobs = one_place_left(member())
    with mutants.unlocked_accounts():
        report = race(jobs, mutate=mutants.without_row_lock)
    assert report.outcomes == ["awarded"]
    assert len(report.errors) == PROCESSES - 1
    assert all(re.search(SAME_NUMBER, error) for error in report.errors), report.errors


def test_without_it_and_the_numbers_the_last_place_is_given_to_all():
    user = member()
    with mutants.unlocked_accounts():
        race(one_place_left(user), mutate=mutants.without_row_lock_or_number)
    paid = PointsHistory.objects.filter(user_id=user, activity_type="quiz_completed", awards=1)
    assert paid.count() == 9 + PROCESSES


def test_with_the_usage_read_before_the_lock_it_is_too():
    report = race(one_place_left(member()), mutate=mutants.with_usage_read_too_early)
    assert report.errors == []
    assert Counter(report.outcomes) == {"awarded": PROCESSES}


def test_the_unique_key_holds_where_lock_and_number_fail():
    user = member()
    with mutants.unlocked_accounts():
        race([quizzes(user, 1, 1)] * PROCESSES, mutate=mutants.without_row_lock_or_number)
        assert PointsHistory.objects.filter(event_key="quiz:1").count() == 1
        with mutants.without_unique_key():
            race([quizzes(user, 2, 1)] * PROCESSES, mutate=mutants.without_row_lock_or_number)
            assert PointsHistory.objects.filter(event_key="quiz:2").count() == PROCESSES


def batches_in_opposite_order():
    users = [member(f"racer{n}") for n in range(8)]
    return [
        [event for user in order for event in quizzes(user, 1, 1)] for order in (users, users[::-1])
    ]


def test_two_batches_in_opposite_order_both_finish():
    report = race(batches_in_opposite_order(), batch=True)
    assert report.errors == []
    assert Counter(report.outcomes) == {"awarded": 8, "duplicate": 8}
    assert_books_agree()


def test_single_awards_and_batches_race_for_one_cap():
    user = member()
    report = race(different_events(user), batch=True)
    check_different_events(report, user)


@pytest.mark.postgresql  # SQLite has one writer at a time: there is no order to get wrong.
def test_without_one_order_of_locking_two_batches_deadlock():
    report = race(
        batches_in_opposite_order(),
        batch=True,
        mutate=mutants.with_users_locked_as_they_come,
    )
    assert any("deadlock" in error for error in report.errors), report
