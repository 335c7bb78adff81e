"""points_audit: every kind of damage is found by user and amount, and rebuilt."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.stores.books import assert_books_agree
from thrive_points.models import PointsDailyTotal, UserThriveProfile, XPEvent
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(make_user):
    found = [make_user() for _ in range(4)]
    for member in found:
        for n in range(12):
            PointsService.award_points(member, "quiz_completed", {"event_key": f"q:{n}"})
        PointsService.award_points(member, "daily_login", {"event_key": "login"})
        PointsService.reverse(member, "q:2", "spam")
        PointsService.reverse(member, "q:11", "spam that was capped")
        PointsService.adjust(member, 7, "thanks", event_key="gift")
        PointsService.adjust(member, 3, "thanks")
        PointsService.reverse(member, "gift", "wrong member")
    return found


def audit(**options):
    out = StringIO()
    call_command("points_audit", stdout=out, **options)
    return out.getvalue()


def snapshot():
    fields = ("user_id", "person_id", "total_xp", "week", "week_xp", "streaks", "last_number")
    return (
        list(UserThriveProfile.objects.order_by("user_id").values_list(*fields)),
        list(XPEvent.objects.order_by("user_id", "number").values()),
        sorted(
            PointsDailyTotal.objects.values_list(
                "user_id", "day", "activity_type", "awards", "points", "capped", "last_awarded_at"
            )
        ),
    )


DAMAGE = {
    "UPDATE thrive_points_userthriveprofile SET total_xp = total_xp + 40": "total_xp is 228, "
    "the ledger says 188 (+40)",
    "UPDATE thrive_points_userthriveprofile SET last_number = 3": "last_number is 3, the ledger "
    "says 18 (-15)",
    "UPDATE thrive_points_userthriveprofile SET week_xp = 0": "week_xp is 0, the ledger says 188",
    "UPDATE thrive_points_userthriveprofile SET week = NULL": "week is None",
    "UPDATE thrive_points_userthriveprofile SET streaks = '{}'": "streaks is {}",
    "DELETE FROM thrive_points_userthriveprofile": "total_xp is 0, the ledger says 188 (-188)",
    "UPDATE thrive_points_xpevent SET amount = amount + 1": "sum of XP events is 203",
    "DELETE FROM thrive_points_xpevent": "sum of XP events is 0",
    "DELETE FROM thrive_points_pointsdailytotal": "daily awards of quiz_completed",
    "UPDATE thrive_points_pointsdailytotal SET awards = awards + 1": "is 10, the ledger says 9",
    "UPDATE thrive_points_pointsdailytotal SET capped = 0": "daily capped of quiz_completed",
    "UPDATE thrive_points_pointsdailytotal SET points = points - 1": "daily points of daily_login",
    "UPDATE thrive_points_pointsdailytotal SET last_awarded_at = NULL": "daily last award of",
}


def test_sound_books_pass(members):
    assert "Every book says what the ledger says." in audit()


@pytest.mark.parametrize(("damage", "told"), DAMAGE.items())
def test_damage_is_named_by_user_and_amount_and_rebuilt(members, damage, told):
    before = snapshot()
    victim = members[1]
    where = "AND" if "WHERE" in damage else "WHERE"
    with connection.cursor() as cursor:
        cursor.execute(f"{damage} {where} user_id = {victim.pk}")
    out = StringIO()
    with pytest.raises(CommandError, match="of 1 users are not what the ledger says"):
        call_command("points_audit", stdout=out)
    lines = out.getvalue().splitlines()
    assert all(line.startswith(f"user {victim.pk}: ") for line in lines)
    assert any(told in line for line in lines), lines

    assert "Rebuilt 1 users whose books were wrong." in audit(rebuild=True)
    assert snapshot() == before


def test_rebuilding_sound_books_changes_nothing(members):
    before = snapshot()
    audit(rebuild=True)
    assert snapshot() == before
    assert_books_agree()


def test_ranges_of_users_are_walked_to_the_end(members, monkeypatch):
    monkeypatch.setattr("thrive_points.ledger.audit.MEMBERS_AT_ONCE", 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE thrive_points_userthriveprofile SET total_xp = 0")
    with pytest.raises(CommandError, match="of 4 users"):
        call_command("points_audit", stdout=StringIO())
    assert "Rebuilt 4 users" in audit(rebuild=True)


def test_a_site_without_points_is_sound(db):
    assert "Every book" in audit(rebuild=True)
