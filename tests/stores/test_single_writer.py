"""No code path but the service changes points: the ORM, the door and the database refuse."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F, ProtectedError

from tests.stores.books import assert_books_agree
from thrive_circles.models import UserThriveProfile, XPEvent
from thrive_circles.services import XPService
from thrive_points.exceptions import DoorClosed, SingleWriterError
from thrive_points.models import PointRule, PointsDailyTotal, PointsHistory
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
    "update through the user": lambda u: u.points_history.update(points=1_000),
    "save a daily total": lambda u: PointsDailyTotal.objects.get().save(),
    "update daily totals": lambda u: PointsDailyTotal.objects.update(awards=0),
    "delete daily totals": lambda u: PointsDailyTotal.objects.all().delete(),
    "create a rule revision": lambda u: PointRule.objects.create(activity_type="quiz_completed"),
    "save a profile": lambda u: UserThriveProfile.objects.get().save(),
    "save a profile's total": lambda u: UserThriveProfile.objects.get().save(
        update_fields=["total_xp"]
    ),
    "create a rich profile": lambda u: UserThriveProfile.objects.create(user=u, total_xp=5),
    "update totals": lambda u: UserThriveProfile.objects.update(total_xp=F("total_xp") + 1),
    "update levels": lambda u: UserThriveProfile.objects.filter(user=u).update(level=20),
    "bulk update weekly XP": lambda u: UserThriveProfile.objects.bulk_update(
        [UserThriveProfile.objects.get()], ["week_xp"]
    ),
    "bulk create profiles": lambda u: UserThriveProfile.objects.bulk_create([]),
    "empty a profile by a new one": lambda u: UserThriveProfile(user=u, total_xp=1).save(),
    "delete a profile": lambda u: UserThriveProfile.objects.get().delete(),
    "delete profiles": lambda u: UserThriveProfile.objects.all().delete(),
    "save an XP event": lambda u: XPEvent.objects.get().save(),
    "create an XP event": lambda u: XPEvent.objects.create(user=u, amount=5),
    "update XP events": lambda u: XPEvent.objects.update(amount=5),
    "delete XP events": lambda u: XPEvent.objects.all().delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_the_orm_refuses(member, write):
    with pytest.raises(SingleWriterError):
        write(member)
    assert_books_agree()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE thrive_points_pointshistory SET points = 1000",
        "DELETE FROM thrive_points_pointshistory",
    ],
)
def test_the_database_refuses_to_change_the_ledger(member, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert PointsHistory.objects.get().points == 20


def test_the_door_is_shut_to_everyone_else(member):
    with pytest.raises(DoorClosed, match="second book"):
        XPService.add_xp(member, 50, "quiz_completed", "a completed quiz")
    assert_books_agree()


def test_the_door_opens_for_one_member_only(member, make_user):
    from thrive_circles import door
    from thrive_circles.standing import Standing
    from thrive_circles.store import PortableXPStore

    store = PortableXPStore(connection)
    with (
        door.opened(make_user().pk, Standing(), store),
        pytest.raises(DoorClosed, match="PointsService"),
    ):
        XPService.add_xp(member, 50, "quiz_completed", "a completed quiz")


def test_a_member_with_a_ledger_cannot_be_deleted(member):
    with pytest.raises(ProtectedError):
        member.delete()


def test_a_new_profile_does_not_take_the_place_of_the_one_that_is_there(member):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserThriveProfile(user=member).save()
    assert UserThriveProfile.objects.get().total_xp == 20


def test_a_profile_without_points_may_be_made_and_its_circle_saved(user):
    profile = UserThriveProfile.objects.create(user=user)
    profile.save(update_fields=["circle"])
    UserThriveProfile.objects.update(circle=None)
    assert user.total_points == 0
