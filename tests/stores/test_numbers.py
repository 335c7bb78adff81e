"""An entry is known by its member and its number: 1, 2, 3 ... without gaps, whatever is written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tests.stores.books import assert_books_agree, assert_law_holds
from thrive_points.core.event import Outcome
from thrive_points.exceptions import PointsError
from thrive_points.ledger.columns import Entry
from thrive_points.models import PointsHistory, UserThriveProfile, XPEvent
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def award(user, activity, key, days_ago=0):
    at = NOW - timedelta(days=days_ago)
    return PointsService.award_points(user, activity, {"event_key": key}, occurred_at=at)


def history(user, *fields):
    return list(PointsHistory.objects.filter(user=user).order_by("number").values_list(*fields))


def numbers(user):
    return [number for (number,) in history(user, "number")]


def test_awards_are_numbered_from_one_for_each_member(make_user):
    members = [make_user(), make_user()]
    answered = [award(members[turn % 2], "quiz_completed", f"q:{turn}").number for turn in range(6)]
    assert answered == [1, 1, 2, 2, 3, 3]
    for member in members:
        assert numbers(member) == [1, 2, 3]
        assert UserThriveProfile.objects.get(user=member).last_number == 3
        assert_law_holds(member)


def test_a_refusal_is_an_entry_with_a_number_and_without_xp(user, settings):
    rules = {
        **POINT_RULES,
        "battle_won": replace(POINT_RULES["battle_won"], cooldown=timedelta(minutes=5)),
        "quiz_completed": replace(POINT_RULES["quiz_completed"], enabled=False),
    }
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": rules}
    events = ["daily_login", "daily_login", "battle_won", "battle_won", "quiz_completed"]
    results = [award(user, activity, f"k:{n}") for n, activity in enumerate(events)]
    assert [(result.number, result.outcome) for result in results] == [
        (1, Outcome.AWARDED),
        (2, Outcome.CAPPED),
        (3, Outcome.AWARDED),
        (4, Outcome.COOLING_DOWN),
        (5, Outcome.DISABLED),
    ]
    assert history(user, "number", "points", "awards", "capped") == [
        (1, 5, 1, 0),
        (2, 0, 0, 1),
        (3, 20, 1, 0),
        (4, 0, 0, 0),
        (5, 0, 0, 0),
    ]
    assert_law_holds(user)
    assert_books_agree()


def test_what_writes_nothing_takes_no_number(user):
    award(user, "quiz_completed", "q:1")
    assert award(user, "quiz_completed", "q:1").number == 1
    assert award(user, "battle_won", "q:1").number == 1
    with pytest.raises(PointsError):
        PointsService.adjust(user, -1_000, "too much")
    with transaction.atomic():
        assert award(user, "quiz_completed", "rolled back").number == 2
        transaction.set_rollback(True)
    assert award(user, "quiz_completed", "q:2").number == 2
    assert numbers(user) == [1, 2]
    assert_law_holds(user)


def test_a_reversal_names_its_original_by_number(user):
    for n in range(3):
        award(user, "quiz_completed", f"q:{n}")
    result = PointsService.reverse(user, "q:1", "spam")
    again = PointsService.reverse(user, "q:1", "spam")
    assert (result.number, again.number) == (4, 4)
    assert history(user, "number", "reverses", "points", "awards") == [
        (1, None, 20, 1),
        (2, None, 20, 1),
        (3, None, 20, 1),
        (4, 2, -20, -1),
    ]
    assert_law_holds(user)


def test_several_reversals_are_numbered_in_their_order_or_none_is_made(user):
    for n in range(3):
        award(user, "quiz_completed", f"q:{n}")
    with pytest.raises(PointsError, match="no entry under event_key 'unknown'"):
        PointsService.reverse_many(user, ["q:0", "unknown"], "spam")
    assert (numbers(user), user.total_points) == ([1, 2, 3], 60)
    results = PointsService.reverse_many(user, ["q:2", "q:0", "q:2"], "spam")
    assert [(result.outcome, result.number) for result in results] == [
        (Outcome.REVERSED, 4),
        (Outcome.REVERSED, 5),
        (Outcome.DUPLICATE, 4),
    ]
    assert history(user, "number", "reverses")[3:] == [(4, 3), (5, 1)]
    assert_law_holds(user)


def test_adjustments_are_numbered_like_everything_else(user):
    found = [
        PointsService.adjust(user, 30, "a start").number,
        award(user, "quiz_completed", "q:1").number,
        PointsService.adjust(user, -5, "a mistake", event_key="mistake").number,
        PointsService.adjust(user, -5, "a mistake", event_key="mistake").number,
        PointsService.reverse(user, "mistake", "it was none").number,
    ]
    assert found == [1, 2, 3, 3, 4]
    assert history(user, "number", "reverses", "awards", "capped") == [
        (1, None, 0, 0),
        (2, None, 1, 0),
        (3, None, 0, 0),
        (4, 3, 0, 0),
    ]
    assert_law_holds(user)


def test_a_goal_follows_the_award_that_completed_it_and_names_it(user):
    results = [award(user, "feedback_given", f"f:{n}") for n in range(6)]
    (goal,) = results[4].also_earned
    assert [result.number for result in results] == [1, 2, 3, 4, 5, 7]
    assert goal.number == 6
    assert history(user, "number", "cause") == [
        *[(number, None) for number in range(1, 6)],
        (6, 5),
        (7, None),
    ]
    assert_law_holds(user)


def test_every_mark_of_a_month_names_the_login_that_reached_it(user):
    results = [
        award(user, "daily_login", f"login:{days_ago}", days_ago) for days_ago in range(29, -1, -1)
    ]
    reached = {mark.number: login.number for login in results for mark in login.also_earned}
    assert len(reached) == 6
    marks = PointsHistory.objects.filter(user=user, cause__isnull=False)
    assert dict(marks.values_list("number", "cause")) == reached
    for mark in marks:
        login = PointsHistory.objects.get(user=user, number=mark.cause)
        assert (login.activity_type, login.day) == ("daily_login", mark.day)
        assert mark.metadata["completed_by"] == login.event_key
    assert_law_holds(user)


@pytest.mark.parametrize("known", [False, True], ids=["first award ever", "known member"])
def test_a_batch_numbers_its_entries_in_its_order(make_user, known):
    ada, ben = make_user(), make_user()
    if known:
        award(ada, "battle_won", "before")
        award(ben, "battle_won", "before")
    first = 2 if known else 1
    events = [
        *[(ada, "feedback_given", f"f:{n}") for n in range(5)],
        (ben, "daily_login", "l:1"),
        (ada, "feedback_given", "f:0"),
        (ben, "daily_login", "l:2"),
        (ada, "quiz_completed", "q:1"),
    ]
    results = PointsService.award_many(
        {"user": user, "activity_type": activity, "metadata": {"event_key": key}}
        for user, activity, key in events
    )
    numbered = [result.number - first for result in results]
    assert numbered == [0, 1, 2, 3, 4, 0, 0, 1, 6]
    (goal,) = results[4].also_earned
    assert goal.number - first == 5
    cause = PointsHistory.objects.get(user=ada, number=goal.number).cause
    assert cause == results[4].number
    assert award(ada, "quiz_completed", "q:2").number - first == 7
    for member in (ada, ben):
        assert_law_holds(member)
    assert_books_agree()


def test_an_xp_event_shares_its_entrys_number_and_says_the_same(user):
    award(user, "daily_login", "l:1")
    award(user, "daily_login", "l:2")
    award(user, "side_quest_completed", "s:1", days_ago=3)
    PointsService.reverse(user, "s:1", "copied")
    PointsService.adjust(user, 7, "thanks")
    events = XPEvent.objects.filter(user=user).order_by("number")
    assert list(events.values_list("number", "amount", "source", "description", "created_at")) == [
        (1, 5, "daily_login", "today's first visit", NOW),
        (3, 30, "side_quest_completed", "a completed side quest", NOW - timedelta(days=3)),
        (4, -30, "side_quest_completed", "copied", NOW),
        (5, 7, "adjustment", "thanks", NOW),
    ]


LINKS = {
    "reverses a missing entry": ("reverses", 9),
    "follows from a missing entry": ("cause", 9),
    "reverses another member's entry": ("reverses", 3),
    "follows from another member's entry": ("cause", 3),
    "reverses an entry before the first": ("reverses", 0),
}


def insert_copy(user, **changes):
    """Insert an entry as the member's first is, but for some columns, past every store."""
    copied = [f"%({name})s" if name in changes else name for name in Entry._fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO thrive_points_pointshistory ({', '.join(Entry._fields)}) "
            f"SELECT {', '.join(copied)} FROM thrive_points_pointshistory "
            "WHERE user_id = %(own)s AND number = 1",
            {**changes, "own": user.pk},
        )


@pytest.mark.parametrize(("column", "number"), LINKS.values(), ids=LINKS.keys())
def test_the_database_links_entries_of_one_member_alone(make_user, column, number):
    ada, ben = make_user(), make_user()
    award(ada, "quiz_completed", "q:1")
    for n in range(3):
        award(ben, "quiz_completed", f"q:{n}")
    assert numbers(ben) == [1, 2, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_copy(ada, number=2, event_key="forged", **{column: number})
    assert numbers(ada) == [1]
    insert_copy(ada, number=2, event_key="sound", **{column: 1})
    assert PointsHistory.objects.filter(user=ada, number=2, **{column: 1}).exists()


@pytest.mark.parametrize(
    "changes", [{"event_key": "other"}, {"number": 2}], ids=["a number", "a key"]
)
def test_nothing_is_taken_twice(user, changes):
    award(user, "quiz_completed", "q:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_copy(user, **changes)
    assert numbers(user) == [1]


def test_every_entry_names_only_earlier_ones(user):
    for days_ago in range(14, -1, -1):
        award(user, "daily_login", f"l:{days_ago}", days_ago)
    PointsService.reverse(user, "l:3", "not there")
    linked = PointsHistory.objects.exclude(cause=None, reverses=None)
    assert linked.count() == 3
    assert not linked.filter(cause__gte=F("number")).exists()
    assert not linked.filter(reverses__gte=F("number")).exists()
