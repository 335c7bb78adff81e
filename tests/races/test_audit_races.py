"""The audit and the rebuild while awards go on: one moment is proved, and no award is lost.

An award from elsewhere comes between two of their statements. Each guard is then taken away,
and the same must go wrong.
"""

import threading
from contextlib import nullcontext

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections

from tests.races.waiting import ends_or_waits
from thrive_points.ledger import audit as auditing
from thrive_points.ledger.postgresql import PostgreSQLStore
from thrive_points.services import PointsService

# SQLite has one writer at a time: nothing can come in between.
pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def member():
    user = get_user_model().objects.create(username="earner")
    PointsService.award_points(user, "circle_joined", {"event_key": "first"})
    return user


@pytest.fixture
def award_after(monkeypatch, member):
    """Return a function that lets an award come from elsewhere after a statement's rows were read.

    An award that has to wait is given up on for the moment, and ends when it can.
    """
    threads = []

    def award():
        PointsService.award_points(member, "quiz_completed", {"event_key": "meanwhile"})
        connections.close_all()

    def arrange(statement):
        original = auditing._Books._rows

        def rows(self, name, members):
            yield from original(self, name, members)
            if name == statement and not threads:
                threads.append(threading.Thread(target=award))
                threads[0].start()
                ends_or_waits(threads[0])

        monkeypatch.setattr(auditing._Books, "_rows", rows)
        return threads

    yield arrange
    for thread in threads:
        thread.join()


def findings():
    return [str(found) for found in auditing.audit()]


def test_the_audit_sees_one_moment(award_after):
    threads = award_after("xp_events")
    assert findings() == []
    assert not threads[0].is_alive(), "the award did not come in between"


def test_an_audit_of_several_moments_would_accuse(award_after, monkeypatch):
    monkeypatch.setattr(auditing, "_one_view", lambda _: nullcontext())
    # Without a transaction there is no cursor on the server either.
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    award_after("xp_events")
    assert any("sum of XP events" in finding for finding in findings())


def damage(member):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE thrive_points_userthriveprofile SET total_xp = 1 WHERE user_id = %s",
            [member.pk],
        )


def test_the_rebuild_loses_no_award(award_after, member):
    damage(member)
    threads = award_after("days")
    assert auditing.rebuild() == 1
    threads[0].join()
    assert findings() == []


def test_a_rebuild_that_locks_nobody_would_lose_one(award_after, member, monkeypatch):
    monkeypatch.setattr(PostgreSQLStore, "lock_many", lambda self, members: iter(()))
    damage(member)
    threads = award_after("days")
    auditing.rebuild()
    threads[0].join()
    assert any("total_xp" in finding for finding in findings())
