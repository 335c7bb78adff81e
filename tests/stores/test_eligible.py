"""Who may earn: the host says so at delivery, and the answer is recorded."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from tests.stores.books import assert_books_agree, entries
from thrive_points import Outcome, PointsService
from thrive_points.models import PointsHistory

pytestmark = pytest.mark.django_db
asked = []


def only_a(user):
    asked.append(user.pk)
    return True if user.username.startswith("a") else "suspended until Friday"


def answers(user):
    return ANSWER[0]


ANSWER = [None]


@pytest.fixture(autouse=True)
def _nobody_was_asked():
    asked.clear()


def test_an_inactive_account_earns_nothing_and_it_is_recorded(user):
    user.is_active = False
    result = PointsService.award_points(user, "daily_login", event_key="k")
    assert (result.outcome, result.points_awarded) == (Outcome.NOT_ELIGIBLE, 0)
    assert result.explanation == (
        "Nothing for today's first visit: this account earns no points at the moment."
    )
    assert result.reason == "may not earn points"
    assert entries(user) == [("daily_login", "not_eligible", 0)]
    entry = PointsHistory.objects.get()
    assert (entry.description, entry.awards, entry.capped) == ("may not earn points", 0, 0)
    assert entry.explanation == result.explanation
    # What was decided stays decided, as with any other refusal.
    user.is_active = True
    again = PointsService.award_points(user, "daily_login", event_key="k")
    assert (again.outcome, again.first.outcome) == (Outcome.DUPLICATE, Outcome.NOT_ELIGIBLE)
    assert again.first.reason == "may not earn points"
    assert PointsService.award_points(user, "daily_login", event_key="k2").points_awarded == 5
    assert_books_agree()


def test_the_hosts_hook_gives_the_reason_and_is_asked_once_a_batch(make_user, settings):
    settings.THRIVE_POINTS = {"ELIGIBLE": "tests.stores.test_eligible.only_a"}
    good, bad = make_user(), make_user()
    good.username = "a"
    events = [
        {"user": one, "activity_type": "quiz_completed", "event_key": f"k{n}"}
        for n in range(20)
        for one in (good, bad)
    ]
    results = PointsService.award_many(events)
    assert asked == [good.pk, bad.pk]
    assert [one.outcome for one in results[:20:2]] == [Outcome.AWARDED] * 10
    assert {one.outcome for one in results[1::2]} == {Outcome.NOT_ELIGIBLE}
    assert {one.reason for one in results[1::2]} == {"suspended until Friday"}
    assert bad.total_points == 0
    # Staff give and take whoever it is.
    assert PointsService.adjust(bad, 5, "thanks").points_awarded == 5
    assert_books_agree()


def test_a_replay_goes_by_the_recorded_answer(user, settings, capsys):
    settings.THRIVE_POINTS = {"ELIGIBLE": "tests.stores.test_eligible.answers"}
    for n, answer in enumerate((True, "suspended", True)):
        ANSWER[0] = answer
        PointsService.award_points(user, "quiz_completed", event_key=f"k{n}")
    ANSWER[0] = False
    call_command("points_simulate")
    assert "as recorded" in capsys.readouterr().out or user.total_points == 40
    assert entries(user)[1] == ("quiz_completed", "not_eligible", 0)


def test_not_eligible_is_named_before_every_other_refusal(user, settings):
    settings.THRIVE_POINTS = {"ELIGIBLE": "tests.stores.test_eligible.answers"}
    ANSWER[0] = True
    for n in range(11):
        result = PointsService.award_points(user, "quiz_completed", event_key=f"k{n}")
    assert result.outcome is Outcome.CAPPED
    ANSWER[0] = False
    result = PointsService.award_points(user, "quiz_completed", event_key="k11")
    assert result.outcome is Outcome.NOT_ELIGIBLE
    other = PointsService.award_points(user, "tutorial_completed", event_key="k11")
    assert other.outcome is Outcome.CONFLICT


@pytest.mark.parametrize("answer", [None, 1, "a\0b", ["x"]])
def test_a_hook_that_answers_something_else_is_said(user, settings, answer):
    settings.THRIVE_POINTS = {"ELIGIBLE": "tests.stores.test_eligible.answers"}
    ANSWER[0] = answer
    with pytest.raises(ImproperlyConfigured, match="ELIGIBLE"):
        PointsService.award_points(user, "quiz_completed")
    assert not PointsHistory.objects.exists()
