"""points_audit: every kind of damage is found by user and amount, and rebuilt."""

import re
from io import StringIO
from typing import NamedTuple

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from tests.stores.books import assert_books_agree, assert_law_holds
from thrive_points.ledger import audit as auditing
from thrive_points.models import PointsDailyTotal, UserThriveProfile, XPEvent
from thrive_points.services import PointsService
from thrive_points.sql.named import schema_of
from thrive_points.testing import unlocked_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def members(make_user):
    found = [make_user() for _ in range(4)]
    for member in found:
        for n in range(12):
            PointsService.award_points(member, "quiz_completed", {"event_key": f"q:{n}"})
        PointsService.award_points(member, "daily_login", {"event_key": "login"})
        PointsService.reverse(member, "q:2", "spam", free_room=False)
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
    fields = ("user_id", "total_xp", "week", "week_xp", "streaks", "last_number")
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
    "UPDATE thrive_points_xpevent SET source = 'daily_login' WHERE number = 1": "number of XP "
    "events that show no entry is 1, the ledger says 0 (+1)",
    "UPDATE thrive_points_xpevent SET created_at = '2001-01-01 00:00:00+00'": "number of XP "
    "events that show no entry is 15",
    "INSERT INTO thrive_points_pointsdailytotal (user_id, day, activity_type, awards, points, "
    "capped) SELECT user_id, '2001-01-01', 'battle_won', 0, 0, 0 FROM "
    "thrive_points_userthriveprofile": "daily rows of battle_won on 2001-01-01 is 1, the ledger "
    "says 0 (+1)",
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
    with unlocked_ledger(), connection.cursor() as cursor:
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


TAKEN_OUT = {
    "the first": ("number = 1", "lowest entry number is 2, the ledger says 1 (+1)"),
    "one in between": ("number = 7", "number of entries is 17, the ledger says 18 (-1)"),
    "the newest": ("number = 18", "number of entries is 17, the ledger says 18 (-1)"),
    "all": ("number > 0", "number of entries is 0, the ledger says 18 (-18)"),
}


@pytest.mark.parametrize(("which", "told"), TAKEN_OUT.values(), ids=TAKEN_OUT.keys())
def test_a_missing_number_is_named_and_no_rebuild_hides_it(members, which, told):
    victim = members[2]
    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM thrive_points_pointshistory WHERE {which} AND user_id = {victim.pk}"
        )
    assert f"user {victim.pk}: {told}" in [str(found) for found in auditing.audit()]
    with pytest.raises(CommandError, match="never an entry that is missing"):
        audit(rebuild=True)
    left = [str(found) for found in auditing.audit()]
    assert f"user {victim.pk}: {told}" in left
    assert {found.split(":")[1].split(" is ")[0].strip() for found in left} <= {
        "lowest entry number",
        "number of entries",
    }


def test_everything_derived_is_restored_from_the_ledger_alone(members):
    before = snapshot()
    with unlocked_ledger(), connection.cursor() as cursor:
        for table in ("userthriveprofile", "xpevent", "pointsdailytotal"):
            cursor.execute(f"DELETE FROM thrive_points_{table}")
    assert "Rebuilt 4 users whose books were wrong." in audit(rebuild=True)
    assert snapshot() == before
    for member in members:
        assert_law_holds(member)


class Guard(NamedTuple):
    """A function, trigger or constraint that keeps the ledger, with the statement that makes it."""

    kind: str
    name: str
    statement: str

    @property
    def lifted(self):
        """Return the statement that takes it away."""
        [*_, table] = re.findall(r"(?:\bON|TABLE) (\w+)", self.statement)[:1] or [""]
        if self.kind == "CONSTRAINT":
            return f"ALTER TABLE {table} DROP CONSTRAINT {self.name}"
        if self.kind == "FUNCTION":
            return f"DROP FUNCTION {self.name} CASCADE"
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        return f"DROP TRIGGER {self.name}{on}"

    @property
    def weakened(self):
        """Return the statements that put something else in its place; none for a constraint."""
        if self.kind == "FUNCTION":
            other = self.statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
            return [re.sub(r"\bEND\n\$\$", "NULL; END\n$$", other)]
        if self.kind == "TRIGGER":
            return [self.lifted, re.sub(r"\b(BEFORE|AFTER)\b", self._other_time, self.statement)]
        return []

    @staticmethod
    def _other_time(found):
        return "AFTER" if found[1] == "BEFORE" else "BEFORE"


def guards():
    made = re.compile(r"(?:CREATE|ADD) (FUNCTION|TRIGGER|CONSTRAINT) (\w+)")
    found = [(made.search(statement), statement) for statement in schema_of(connection)]
    return [Guard(match[1], match[2], statement) for match, statement in found if match]


def told_after(*statements):
    """Return what the audit tells of the guards once statements have been executed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        told = {str(found) for found in auditing.audit() if found.user_id is None}
        transaction.set_rollback(True)
    return told


def test_every_guard_that_is_lifted_is_named(db):
    found = guards()
    assert len(found) >= 9
    for guard in found:
        assert f"{guard.name} is missing, it should be as released" in told_after(guard.lifted)


def test_every_guard_that_is_weakened_is_named(db):
    found = [guard for guard in guards() if guard.weakened]
    assert len(found) >= 9
    for guard in found:
        told = f"{guard.name} is altered, it should be as released"
        assert told_after(*guard.weakened) == {told}


if connection.vendor == "postgresql":  # SQLite's triggers cannot be disabled.

    def test_a_disabled_trigger_is_named(db):
        trigger = "thrive_points_append_only_v2"
        told = told_after(f"ALTER TABLE thrive_points_pointshistory DISABLE TRIGGER {trigger}")
        assert told == {f"{trigger} is disabled, it should be as released"}


def test_the_command_tells_guards_from_numbers(members):
    with connection.cursor() as cursor:
        cursor.execute(next(guard.lifted for guard in guards() if guard.kind == "TRIGGER"))
    with pytest.raises(
        CommandError, match=r"^1 of the functions, triggers and constraints are not as released"
    ) as error:
        audit()
    assert "users" not in str(error.value)
