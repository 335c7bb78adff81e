"""`user.total_points` and `user.level`: they show the books, and stand in nobody's way."""

import copy
import pickle
from contextlib import contextmanager, suppress

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F, Value

from thrive_points import Levels, PointsService

User = get_user_model()


class Undone(Exception):
    """Rolls a block back."""


@contextmanager
def rolled_back():
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone
        raise Undone


@pytest.mark.django_db
def test_a_query_may_annotate_by_the_same_names(user):
    PointsService.award_points(user, "quiz_completed", event_key="q")
    (found,) = User.objects.annotate(
        total_points=Count("pk") + Value(41), level=F("thrive_profile__total_xp")
    )
    assert (found.total_points, found.level) == (42, 20)
    assert User(username="new", level=3).level == 3
    user.level = "gold"
    assert (user.level, user.total_points) == ("gold", 20)
    fresh = User.objects.get()
    assert (fresh.level, fresh.total_points) == (1, 20)


@pytest.mark.django_db
def test_a_list_of_users_costs_one_query(make_user, django_assert_num_queries):
    for n in range(5):
        member = make_user()
        if n:
            PointsService.award_points(member, "quiz_completed", event_key="q")
    with django_assert_num_queries(1):
        shown = [
            (one.total_points, one.level)
            for one in User.objects.select_related("thrive_profile").order_by("pk")
        ]
    assert shown == [(0, 1)] + [(20, 1)] * 4


@pytest.mark.django_db
def test_an_award_needs_no_query_to_be_shown(user, django_assert_num_queries):
    PointsService.award_points(user, "quiz_completed", event_key="q")
    with django_assert_num_queries(0):
        assert user.total_points == 20


@pytest.mark.django_db
@pytest.mark.parametrize("again", [lambda user: pickle.loads(pickle.dumps(user)), copy.deepcopy])
def test_a_user_can_be_kept_elsewhere(user, again):
    PointsService.award_points(user, "quiz_completed", event_key="q")
    assert again(user).total_points == 20


def quiz(user, key):
    return PointsService.award_points(user, "quiz_completed", event_key=key)


CALLS = {
    "award": lambda user: quiz(user, "b"),
    "batch": lambda user: PointsService.award_many(
        [{"user": user, "activity_type": "quiz_completed", "event_key": "b"}]
    ),
    "adjust": lambda user: PointsService.adjust(user, 5, "thanks"),
    "reverse": lambda user: PointsService.reverse(user, "a", "wrong"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_phantom_points_are_left_by_a_rollback(make_user, call):
    user = make_user()
    quiz(user, "a")
    with rolled_back():
        call(user)
        assert user.total_points != 20
    assert user.total_points == 20
    call(user)
    assert user.total_points == User.objects.get().total_points != 20


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", [True, False])
def test_a_block_within_a_block_may_be_rolled_back_alone(make_user, look):
    user = make_user()
    with transaction.atomic():
        quiz(user, "a")
        with rolled_back():
            quiz(user, "b")
        if look:
            assert user.total_points == 20
    assert user.total_points == 20
    with rolled_back():
        with transaction.atomic():
            quiz(user, "c")
        quiz(user, "d")
    assert (user.total_points, user.level) == (20, 1)


@pytest.mark.django_db
def test_levels_are_the_sites_own(user, settings):
    result = quiz(user, "a")
    assert (result.level, user.level, result.leveled_up) == (1, 1, False)
    settings.THRIVE_POINTS = {"LEVELS": Levels((0, 5, 20), step=10)}
    # Nothing is stored: what was awarded before is shown by the curve of now.
    assert (result.level, user.level, user.thrive_profile.level, result.leveled_up) == (
        3,
        3,
        3,
        True,
    )
    assert quiz(user, "b").level == 5
