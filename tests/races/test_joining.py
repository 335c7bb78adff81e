"""Six members join a circle of 29 at once: one gets the place, the others share a new circle."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import connections
from django.db.models import QuerySet

from allthrive.circles.services import join
from tests.stores.books import assert_books_agree
from thrive_circles import forming
from thrive_circles.models import Circle, Membership
from thrive_points.core.periods import week_of
from thrive_points.models import PointsHistory

pytestmark = pytest.mark.django_db(transaction=True)

WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
NEWCOMERS = 6
PATIENCE = 30


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def circle(transactional_db: None) -> Circle:
    """Return a circle of 29, the only one that a newcomer could join."""
    circle = Circle.objects.create(week=week_of(WEDNESDAY.date()), level="Seedling", number=1)
    make = get_user_model().objects.create
    Membership.objects.bulk_create(
        Membership(user=make(username=f"there{n}"), week=circle.week, circle=circle)
        for n in range(forming.LARGEST - 1)
    )
    return circle


def join_at_once(counted: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have all newcomers join at once; return what became of each, in no order.

    Args:
        counted: called in each thread once it has counted the circles' members.
        monkeypatch: puts that call where the smallest circle is chosen.
    """

    find, seen = forming._smallest, threading.local()

    def chosen(*args: Any) -> Any:
        smallest = find(*args)
        if not hasattr(seen, "once"):
            seen.once = True
            counted()
        return smallest

    monkeypatch.setattr(forming, "_smallest", chosen)
    users = [get_user_model().objects.create(username=f"new{n}") for n in range(NEWCOMERS)]
    start = threading.Barrier(NEWCOMERS)
    answers: list[Any] = []

    def one(user: Any) -> None:
        try:
            start.wait(PATIENCE)
            joined = join(user=user)
            answers.append(joined[1].outcome.value)
        except Exception as error:
            answers.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_last_place_is_given_once(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = join_at_once(lambda: time.sleep(0.05), monkeypatch)
    assert answers == ["awarded"] * NEWCOMERS
    assert circle.memberships.count() == forming.LARGEST
    (new,) = Circle.objects.exclude(pk=circle.pk)
    assert (new.overflow, new.memberships.count()) == (True, NEWCOMERS - 1)
    assert PointsHistory.objects.filter(activity_type="circle_joined").count() == NEWCOMERS
    assert_books_agree()


@pytest.mark.postgresql  # SQLite has one writer at a time: there is no lock to take away.
def test_without_the_lock_it_is_given_to_all(
    circle: Circle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    meet = threading.Barrier(NEWCOMERS)
    answers = join_at_once(lambda: meet.wait(PATIENCE), monkeypatch)
    assert answers == ["awarded"] * NEWCOMERS
    assert circle.memberships.count() == forming.LARGEST - 1 + NEWCOMERS
