"""Reversals and adjustments: new entries, and every book follows down as well as up."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.stores.books import assert_books_agree, entries
from thrive_points.core.event import Outcome
from thrive_points.exceptions import InvalidCorrection, InvalidUser
from thrive_points.models import PointsDailyTotal, PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def award(user, activity, key, **kwargs):
    return PointsService.award_points(user, activity, {"event_key": key}, **kwargs)


def test_a_reversal_gives_back_points_quota_and_level(user, make_user):
    staff = make_user()
    for n in range(10):
        award(user, "quiz_completed", f"q:{n}")
    assert award(user, "quiz_completed", "q:10").capped
    result = PointsService.reverse(
        user=user, event_key="q:3", reason="copied", actor=staff, free_room=False
    )
    assert (result.outcome, result.points_awarded) == (Outcome.REVERSED, -20)
    assert result.explanation == "20 taken back for a completed quiz: copied"
    assert (user.total_points, user.level) == (180, 2)
    assert award(user, "quiz_completed", "q:11").outcome is Outcome.AWARDED

    for n in range(6):
        if n != 3:
            PointsService.reverse(user, f"q:{n}", "copied too", staff, free_room=False)
    assert (user.total_points, user.level) == (100, 2)
    PointsService.reverse(user, "q:6", "and this", staff, free_room=False)
    assert (user.total_points, user.level) == (80, 1)
    entry = PointsHistory.objects.filter(outcome="reversed").earliest("number")
    original = PointsHistory.objects.get(user=user, number=entry.reverses)
    assert (original.event_key, entry.actor, entry.description) == ("q:3", staff, "copied")
    assert_books_agree()


def test_reversing_twice_changes_nothing(user):
    award(user, "quiz_completed", "q:1")
    first = PointsService.reverse(user, "q:1", "mistake")
    again = PointsService.reverse(user, "q:1", "mistake, again")
    assert (again.outcome, again.points_awarded) == (Outcome.DUPLICATE, 0)
    assert again.number == first.number
    assert len(entries(user)) == 2
    assert award(user, "quiz_completed", "q:1").outcome is Outcome.DUPLICATE


def test_a_reversal_concerns_the_day_and_week_of_the_original(user):
    last_week = WEDNESDAY - timedelta(days=7)
    award(user, "quiz_completed", "old", occurred_at=last_week)
    award(user, "quiz_completed", "new")
    PointsService.reverse(user, "old", "spam")
    assert (user.total_points, user.thrive_profile.weekly_xp) == (20, 20)
    old = PointsDailyTotal.objects.get(day=last_week.date())
    assert (old.awards, old.points) == (0, 0)
    PointsService.reverse(user, "new", "spam")
    assert (user.total_points, user.thrive_profile.weekly_xp) == (0, 0)
    assert_books_agree()


def test_reversing_a_refusal_moves_no_points(user):
    award(user, "daily_login", "a")
    award(user, "daily_login", "b")
    result = PointsService.reverse(user, "b", "tidying up")
    assert (result.outcome, result.points_awarded) == (Outcome.REVERSED, 0)
    assert award(user, "daily_login", "c").capped
    assert_books_agree()


def test_an_adjustment_goes_up_and_down_but_not_below_zero(user, make_user):
    staff = make_user()
    up = PointsService.adjust(user=user, points=120, reason="lost in a crash", actor=staff)
    assert (up.outcome, up.total_points, up.level, up.leveled_up) == (
        Outcome.ADJUSTED,
        120,
        2,
        True,
    )
    down = PointsService.adjust(user=user, points=-15, reason="counted twice", actor=staff)
    assert (down.points_awarded, user.total_points) == (-15, 105)
    with pytest.raises(InvalidCorrection, match="points is -106 and the total 105"):
        PointsService.adjust(user=user, points=-106, reason="too much", actor=staff)
    assert PointsService.adjust(user=user, points=-105, reason="all of it").total_points == 0
    assert_books_agree()


def test_an_adjustment_with_a_key_happens_once(user):
    first = PointsService.adjust(user, 10, "thanks", event_key="gift:1")
    again = PointsService.adjust(user, 10, "thanks", event_key="gift:1")
    assert (first.outcome, again.outcome) == (Outcome.ADJUSTED, Outcome.DUPLICATE)
    award(user, "quiz_completed", "q:1")
    assert PointsService.adjust(user, 10, "thanks", event_key="q:1").outcome is Outcome.CONFLICT
    assert user.total_points == 30


def test_an_adjustment_can_be_reversed(user):
    PointsService.adjust(user, 10, "thanks", event_key="gift:1")
    result = PointsService.reverse(user, "gift:1", "the wrong member")
    assert (result.points_awarded, user.total_points) == (-10, 0)
    assert_books_agree()


def test_a_reversed_award_after_a_downward_adjustment_shows_what_is_owed(user):
    award(user, "quiz_completed", "q:1")
    PointsService.adjust(user, -20, "a penalty")
    assert PointsService.reverse(user, "q:1", "spam").total_points == -20
    assert user.level == 1
    assert_books_agree()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"event_key": "nothing"}, "no entry under event_key 'nothing'"),
        ({"event_key": None}, "no entry under event_key None"),
        ({"reason": ""}, "reason is ''"),
        ({"reason": "x" * 301}, "reason has 301 characters"),
        ({"reason": None}, "reason is None"),
    ],
)
def test_a_reversal_that_cannot_be_is_a_clear_error(user, change, message):
    award(user, "quiz_completed", "q:1")
    with pytest.raises(InvalidCorrection, match=message):
        PointsService.reverse(**{"user": user, "event_key": "q:1", "reason": "spam", **change})
    assert len(entries(user)) == 1


def test_a_reversal_cannot_itself_be_reversed(user):
    award(user, "quiz_completed", "q:1")
    key = PointsService.reverse(user, "q:1", "spam").event_key
    with pytest.raises(InvalidCorrection, match="is itself a reversal"):
        PointsService.reverse(user, key, "not spam")


@pytest.mark.parametrize("points", [0, 1.5, "10", True, None])
def test_an_adjustment_is_a_whole_number_other_than_zero(user, points):
    with pytest.raises(InvalidCorrection, match="a whole number other than 0"):
        PointsService.adjust(user, points, "why")


def test_an_adjustment_has_a_bound(user):
    with pytest.raises(InvalidCorrection, match="at most 1,000,000,000 at once"):
        PointsService.adjust(user, 10**20, "why")


@pytest.mark.parametrize("key", ["a\0", "\ud800"])
def test_a_key_no_entry_can_have_is_answered_so(user, key):
    with pytest.raises(InvalidCorrection, match="no entry under event_key"):
        PointsService.reverse(user, key, "why")


def test_a_reason_is_printable(user):
    with pytest.raises(InvalidCorrection, match="can be printed"):
        PointsService.adjust(user, 5, "\ud800")


def test_an_actor_must_be_a_saved_user(user):
    with pytest.raises(InvalidUser, match="actor is 'root'"):
        PointsService.adjust(user, 10, "why", actor="root")
