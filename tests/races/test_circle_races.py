"""Circles are formed while awards go on, and while somebody else forms them: nobody waits long."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connections
from django.utils import timezone

from tests.races.waiting import ends_or_waits
from tests.stores.books import assert_books_agree
from thrive_circles import forming
from thrive_circles.models import Circle, Membership
from thrive_points.core.periods import week_of
from thrive_points.ledger.posting import store_for_writing
from thrive_points.models import UserThriveProfile
from thrive_points.services import PointsService

# SQLite has one writer at a time: there is nothing to wait for.
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def members() -> list[Any]:
    """Members whose order by XP, in which they are placed, is opposite to that by key."""
    model = get_user_model()
    users = [model.objects.create(username=f"member{number}") for number in range(8)]
    for number, user in enumerate(users):
        PointsService.adjust(user, 100 - number, "a start")
    return users


@pytest.fixture
def form() -> Iterator[Callable[[], threading.Thread]]:
    """Return a function that forms next week's circles elsewhere; what came of it is kept on it."""
    threads = []

    def work() -> None:
        try:
            start.came_of_it.append(forming.assign_circles(next_week()))
        except OperationalError as error:
            start.came_of_it.append(str(error))
        finally:
            connections.close_all()

    def start() -> threading.Thread:
        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return threads[-1]

    start.came_of_it = []
    yield start
    for thread in threads:
        thread.join()


def next_week() -> Any:
    return week_of(timezone.now().date() + timedelta(days=7))


def form_beside_a_batch(members: list[Any], form: Any) -> tuple[str, list[Any]]:
    """Form circles while a batch has locked its first member and not yet its last."""
    found = []
    try:
        store = store_for_writing()
        with store.transaction():
            list(store.lock_many([members[0].pk]))
            thread = form()
            met = ends_or_waits(thread)
            list(store.lock_many([members[-1].pk]))
    except OperationalError as error:
        found.append(str(error))
    thread.join()
    return met, found + form.came_of_it


def test_circles_are_formed_beside_a_batch(members: list[Any], form: Any) -> None:
    met, (done,) = form_beside_a_batch(members, form)
    assert met == "ends"
    assert (done.formed, done.members) == (True, len(members))
    assert Membership.objects.count() == len(members)
    assert_books_agree()


def test_if_they_locked_the_accounts_by_xp_they_would_deadlock(
    members: list[Any], form: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    active_members = forming._active_members

    def locked(alias: str, week: Any) -> Any:
        list(UserThriveProfile.objects.select_for_update().order_by("total_xp"))
        return active_members(alias, week)

    monkeypatch.setattr(forming, "_active_members", locked)
    met, found = form_beside_a_batch(members, form)
    assert met == "waits"
    assert any("deadlock" in str(one) for one in found), found


def test_of_two_that_form_circles_at_once_one_finds_the_others(
    members: list[Any], form: Any
) -> None:
    met = []

    def halfway(_: int) -> None:
        met.append(ends_or_waits(form()))

    done = forming.assign_circles(next_week(), progress=halfway)
    while not form.came_of_it:
        threading.Event().wait(0.01)
    (other,) = form.came_of_it
    assert met == ["waits"]
    assert (done.formed, other.formed) == (True, False)
    assert (other.circles, other.members) == (done.circles, done.members) == (1, len(members))
    assert Circle.objects.count() == 1
