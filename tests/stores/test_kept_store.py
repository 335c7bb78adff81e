"""The store is kept from award to award: what must not be kept with it."""

import threading

import pytest
from django.db import connection, connections, transaction

from tests.stores.books import assert_books_agree
from thrive_circles.services import XPService
from thrive_points.ledger import store_for_writing
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

POSTGRESQL = connection.vendor == "postgresql"


def award(user, key):
    return PointsService.award_points(user, "quiz_completed", {"event_key": key})


@pytest.mark.django_db
def test_one_store_serves_award_after_award(store, user):
    kept = store_for_writing()
    award(user, "q:1")
    assert store_for_writing() is kept


@pytest.mark.django_db
def test_another_setting_takes_another_store(settings):
    kept = store_for_writing()
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "STORE": "portable"}
    other = store_for_writing()
    assert other is not kept
    assert type(other).__name__ == "PortableBulkStore"


@pytest.mark.django_db
def test_an_award_that_failed_halfway_leaves_nothing_to_the_next(store, user, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("halfway")

    with monkeypatch.context() as patched:
        patched.setattr(XPService, "add_xp", fail)
        with pytest.raises(RuntimeError, match="halfway"), transaction.atomic():
            award(user, "q:1")
    assert award(user, "q:2").points_awarded == 20
    assert list(PointsHistory.objects.values_list("event_key", flat=True)) == ["q:2"]
    assert_books_agree()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not POSTGRESQL, reason="an SQLite database in memory ends with its connection")
def test_a_connection_that_was_closed_is_begun_anew(store, user):
    award(user, "q:1")
    connection.close()
    assert award(user, "q:2").total_points == 40
    assert_books_agree()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not POSTGRESQL, reason="an SQLite database in memory has one connection")
def test_every_thread_has_a_store_of_its_own(store, user):
    found = []

    def work():
        award(user, "elsewhere")
        found.append(store_for_writing())
        connections.close_all()

    award(user, "here")
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0] is not store_for_writing()
    assert_books_agree()
