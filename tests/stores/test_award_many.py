"""A batch is the same events awarded one by one: results, books and refusals."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import dateutil.tz
import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.books import assert_books_agree, assert_law_holds
from thrive_points.core.event import Outcome
from thrive_points.exceptions import InvalidCorrection, SingleWriterError
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile, XPEvent
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 12, tzinfo=UTC)
ACTIVITIES = (
    "quiz_completed",
    "feedback_given",
    "daily_login",
    "circle_visited",
    "weekly_challenge_completed",
    "side_quest_completed",
)

events = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(ACTIVITIES),
        st.integers(0, 12),
        st.integers(0, 20 * 24),
        st.sampled_from(["easy", "medium", "hard"]),
    ),
    min_size=1,
    max_size=60,
)


def as_arguments(members, events):
    return [
        {
            "user": members[who],
            "activity_type": activity,
            # Few keys, so that they come again for the same activity and for another.
            "metadata": {"event_key": f"event:{number}", "difficulty": difficulty},
            "occurred_at": NOW - timedelta(hours=ago),
        }
        for who, activity, number, ago, difficulty in events
    ]


def books_of(members):
    """Return all that is kept of members, by their place in the list instead of their key."""
    place = {member.pk: number for number, member in enumerate(members)}
    kept = {}
    for model, fields in {
        PointsHistory: (
            "number activity_type points outcome event_key occurred_at recorded_at day "
            "rule_revision arithmetic metadata reverses cause actor_id description awards capped"
        ),
        PointsDailyTotal: "activity_type day awards points capped last_awarded_at",
        UserThriveProfile: "total_xp week week_xp streaks last_number",
        XPEvent: "number amount source description created_at",
    }.items():
        rows = model.objects.filter(user__in=members).values_list("user_id", *fields.split())
        kept[model.__name__] = sorted(([place[user_id], *rest] for user_id, *rest in rows), key=str)
    return kept


def take_back(members, keys):
    for who, number in keys:
        with suppress(InvalidCorrection):
            PointsService.reverse(members[who], f"event:{number}", "a test")


@given(
    earlier=events,
    taken_back=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12)), max_size=6),
    batch=events,
)
def test_a_batch_is_the_same_as_one_by_one(make_user, earlier, taken_back, batch):
    with time_machine.travel(NOW, tick=False):
        alone = [make_user() for _ in range(3)]
        together = [make_user() for _ in range(3)]
        for members in (alone, together):
            for event in as_arguments(members, earlier):
                PointsService.award_points(**event)
            take_back(members, taken_back)
        one_by_one = [PointsService.award_points(**e) for e in as_arguments(alone, batch)]
        at_once = PointsService.award_many(as_arguments(together, batch))

    assert [result.as_dict() for result in at_once] == [result.as_dict() for result in one_by_one]
    assert books_of(together) == books_of(alone)
    assert_books_agree()


def test_texts_that_mean_something_to_arrays_and_copy_arrive_whole(make_user):
    odd = ['a"b', "back\\slash", "\\N", "{a,b}", "NULL", "comma, space", "ünï — ✓", "'quoted'"]
    member = make_user()
    results = PointsService.award_many(
        {
            "user": member,
            "activity_type": "quiz_completed",
            "metadata": {"event_key": key, "note": f"{key}\n\t{key}"},
        }
        for key in odd
    )
    assert [result.event_key for result in results] == odd
    kept = PointsHistory.objects.filter(user=member).order_by("number")
    assert [(e.event_key, e.metadata["note"]) for e in kept] == [(k, f"{k}\n\t{k}") for k in odd]
    again = PointsService.award_many(
        {"user": member, "activity_type": "quiz_completed", "metadata": {"event_key": key}}
        for key in odd
    )
    assert {result.outcome for result in again} == {Outcome.DUPLICATE}


def test_a_large_batch_is_whole_however_it_is_cut(make_user):
    """PostgreSQL is given a thousand entries at once; sums of a day go across the cuts."""
    members = [make_user() for _ in range(3)]
    results = PointsService.award_many(
        {
            "user": members[number % 3],
            "activity_type": ACTIVITIES[number % 2],
            "metadata": {"event_key": f"k{number}"},
            "occurred_at": NOW - timedelta(hours=number % 50),
        }
        for number in range(2_500)
    )
    assert len(results) == 2_500
    for member in members:
        assert_law_holds(member)
    assert_books_agree()


def test_a_batch_is_not_awarded_into_while_it_is_gathered(user):
    quizzes = [
        {"user": user, "activity_type": "quiz_completed", "metadata": {"event_key": f"k{number}"}}
        for number in range(4)
    ]

    def award_one_more(_):
        PointsService.award_points(user, "quiz_completed", {"event_key": "nested"})

    with pytest.raises(SingleWriterError, match="progress callback"):
        PointsService.award_many(quizzes, progress=award_one_more)
    assert not PointsHistory.objects.exists()
    assert [result.total_points for result in PointsService.award_many(quizzes)][-1] == 80
    award_one_more(1)
    assert_books_agree()


def test_a_stream_is_cut_into_batches_and_counts_its_progress(make_user):
    members = [make_user() for _ in range(3)]
    stream = (
        {
            "user": members[number % 3],
            "activity_type": "quiz_completed",
            "metadata": {"event_key": f"k{number}"},
        }
        for number in range(25)
    )
    results = list(PointsService.award_stream(stream, batch_size=4))
    assert sum(result.outcome is Outcome.AWARDED for result in results) == 25
    counted = []
    PointsService.award_many(
        [{"user": members[0], "activity_type": "daily_login"}], progress=counted.append
    )
    assert sum(counted) == 1
    assert_books_agree()


def test_an_error_of_the_database_is_djangos_and_leaves_nothing(user):
    PointsService.award_points(user, "quiz_completed", {"event_key": "first"})
    # A profile that has forgotten its entries: the next one would take a number that is taken.
    connection.cursor().execute("UPDATE thrive_points_userthriveprofile SET last_number = 0")
    kept = books_of([user])
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsService.award_many(
            [{"user": user, "activity_type": "quiz_completed", "metadata": {"event_key": "k"}}]
        )
    assert books_of([user]) == kept


def test_a_zone_need_not_be_hashable(user, settings):
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "USER_ZONE": lambda _: dateutil.tz.tzoffset("somewhere", 3_600),
    }
    assert dateutil.tz.tzoffset.__hash__ is None
    single = PointsService.award_points(user, "circle_reaction")
    (batched,) = PointsService.award_many([{"user": user, "activity_type": "circle_reaction"}])
    assert (single.points_awarded, batched.points_awarded) == (1, 1)
