"""Circles are formed while batches of awards go on: neither ever waits for the other's end."""

import threading
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection, connections, transaction
from django.utils import timezone

from tests.races.waiting import ends_or_waits
from tests.stores.books import assert_books_agree
from thrive_circles import assignment
from thrive_points.core.periods import week_of
from thrive_points.ledger import store_for_writing
from thrive_points.models import UserThriveProfile
from thrive_points.services import PointsService

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer"),
]


@pytest.fixture
def members():
    """Members whose order by XP, in which they are placed, is opposite to that by key."""
    model = get_user_model()
    users = [model.objects.create(username=f"member{number}") for number in range(8)]
    for number, user in enumerate(users):
        PointsService.adjust(user, 100 - number, "a start")
    return users


def meet(members):
    """Form circles while a batch has locked its first member and not yet its last."""
    errors = []

    def form():
        try:
            assignment.assign_circles(week_of(timezone.now().date() + timedelta(days=7)))
        except OperationalError as error:
            errors.append(str(error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=form)
    try:
        with transaction.atomic():
            store = store_for_writing()
            list(store.lock_many([members[0].pk]))
            thread.start()
            assert ends_or_waits(thread) == "waits", "the circles were formed beside the batch"
            list(store.lock_many([members[-1].pk]))
    except OperationalError as error:
        errors.append(str(error))
    thread.join()
    return errors


def test_circles_and_a_batch_both_finish(members):
    assert meet(members) == []
    assert UserThriveProfile.objects.filter(circle__isnull=False).count() == len(members)
    assert_books_agree()


def test_without_one_order_of_locking_they_deadlock(members, monkeypatch):
    monkeypatch.setitem(assignment._SQL, "lock_members", "SELECT 1")
    assert any("deadlock" in error for error in meet(members))
