"""No code path but the service changes points: the ORM, XPService and the database refuse."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from tests.stores.books import assert_books_agree
from thrive_circles.services import XPService
from thrive_points.exceptions import SingleWriterError
from thrive_points.ledger.profile import Account, Standing
from thrive_points.models import (
    PointRule,
    PointsDailyTotal,
    PointsHistory,
    UserThriveProfile,
    XPEvent,
)
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(user):
    PointsService.award_points(user, "quiz_completed", {"event_key": "q:1"})
    return user


WRITES = {
    "save an entry": lambda u: PointsHistory.objects.get().save(),
    "create an entry": lambda u: PointsHistory.objects.create(user=u, points=5),
    "bulk create entries": lambda u: PointsHistory.objects.bulk_create([PointsHistory(user=u)]),
    "update entries": lambda u: PointsHistory.objects.update(points=1_000),
    "bulk update entries": lambda u: PointsHistory.objects.bulk_update(
        [PointsHistory.objects.get()], ["points"]
    ),
    "delete an entry": lambda u: PointsHistory.objects.get().delete(),
    "delete entries": lambda u: PointsHistory.objects.all().delete(),
    "get or create an entry": lambda u: PointsHistory.objects.get_or_create(user=u, number=2),
    "save a daily total": lambda u: PointsDailyTotal.objects.get().save(),
    "update daily totals": lambda u: PointsDailyTotal.objects.update(awards=0),
    "delete daily totals": lambda u: PointsDailyTotal.objects.all().delete(),
    "create a rule revision": lambda u: PointRule.objects.create(activity_type="quiz_completed"),
    "save a profile": lambda u: UserThriveProfile.objects.get().save(),
    "save a profile's total": lambda u: UserThriveProfile.objects.get().save(
        update_fields=["total_xp"]
    ),
    "save a new profile": lambda u: UserThriveProfile(user=u).save(),
    "update or create a profile": lambda u: UserThriveProfile.objects.update_or_create(
        user=u, defaults={"week_xp": 7}
    ),
    "create a rich profile": lambda u: UserThriveProfile.objects.create(user=u, total_xp=5),
    "update totals": lambda u: UserThriveProfile.objects.update(total_xp=F("total_xp") + 1),
    "update a number": lambda u: UserThriveProfile.objects.filter(user=u).update(last_number=9),
    "bulk update weekly XP": lambda u: UserThriveProfile.objects.bulk_update(
        [UserThriveProfile.objects.get()], ["week_xp"]
    ),
    "bulk create profiles": lambda u: UserThriveProfile.objects.bulk_create([]),
    "empty a profile by a new one": lambda u: UserThriveProfile(user=u, total_xp=1).save(),
    "delete a profile": lambda u: UserThriveProfile.objects.get().delete(),
    "delete profiles": lambda u: UserThriveProfile.objects.all().delete(),
    "save an XP event": lambda u: XPEvent.objects.get().save(),
    "create an XP event": lambda u: XPEvent.objects.create(user=u, number=2, amount=5),
    "update XP events": lambda u: XPEvent.objects.update(amount=5),
    "delete XP events": lambda u: XPEvent.objects.all().delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_the_orm_refuses(member, write):
    with pytest.raises(SingleWriterError):
        write(member)
    assert_books_agree()


CHANGES = [
    "UPDATE thrive_points_pointshistory SET points = 1000",
    "DELETE FROM thrive_points_pointshistory",
]
if connection.vendor == "postgresql":
    CHANGES.append("TRUNCATE thrive_points_pointshistory")


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_the_ledger(member, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert PointsHistory.objects.get().points == 20


def test_xp_is_not_added_from_outside(member):
    with pytest.raises(SingleWriterError, match="second set of books"):
        XPService.add_xp(member, 50, "quiz_completed", "a completed quiz")
    assert member.total_points == 20
    assert_books_agree()


def test_an_open_account_takes_xp_for_its_own_member_alone(member, make_user):
    start = Standing()
    other = Account(make_user().pk, week=date(2026, 3, 2), before=start, standing=start)
    with pytest.raises(SingleWriterError, match="PointsService"):
        XPService.add_xp(member, 50, "quiz_completed", "a completed quiz", account=other)
    assert other.standing == start
    assert member.total_points == 20


def test_a_member_with_a_ledger_cannot_be_deleted(member):
    with pytest.raises(ProtectedError):
        member.delete()


def test_a_user_who_is_gone_gets_no_account(user):
    """No constraint refers to the user, so the first award looks whether there is one."""
    gone = type(user).objects.get(pk=user.pk)
    user.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsService.award_points(gone, "quiz_completed")
    with pytest.raises(IntegrityError), transaction.atomic():
        PointsService.award_many([{"user": gone, "activity_type": "quiz_completed"}])
    assert not UserThriveProfile.objects.exists()
    assert not PointsHistory.objects.exists()


def test_an_award_asks_nothing_of_the_user_but_at_the_first(member):
    """An account that outlives its user goes on: erasure keeps a member's figures."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [member.pk])
    assert PointsService.award_points(member, "quiz_completed").total_points == 40
