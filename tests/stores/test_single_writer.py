"""No code path but the service changes points: the ORM, XPService and the database refuse."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import F, ProtectedError
from django.utils import timezone

from tests.stores.books import assert_books_agree
from thrive_circles.services import XPService
from thrive_points.exceptions import SingleWriterError
from thrive_points.ledger.audit import rebuild
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.profile import Account, Standing
from thrive_points.models import (
    PointRule,
    PointsDailyTotal,
    PointsHistory,
    UserThriveProfile,
    XPEvent,
)
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

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
    "update a total by a way round": lambda u: UserThriveProfile._base_manager.update(total_xp=9),
    "delete a total by a way round": lambda u: PointsDailyTotal._base_manager.all().delete(),
    "update XP by a way round": lambda u: XPEvent._base_manager.update(amount=9),
    "make totals by a way round": lambda u: PointsDailyTotal._base_manager.bulk_create([]),
    "forge an entry by a way round": lambda u: PointsHistory._base_manager.bulk_create(
        [PointsHistory(user=u, number=2)]
    ),
    "update totals by a way round": lambda u: PointsDailyTotal._base_manager.bulk_update(
        [PointsDailyTotal.objects.get()], ["points"]
    ),
    "save the row behind a profile": lambda u: UserThriveProfile.objects.get().save_base(),
    "save the row behind a total": lambda u: models.Model.save(PointsDailyTotal.objects.get()),
    "load a profile again": lambda u: UserThriveProfile.objects.get().save_base(raw=True),
    "load a total again": lambda u: PointsDailyTotal.objects.get().save_base(raw=True),
    "load an entry again": lambda u: PointsHistory.objects.get().save_base(raw=True),
    "load an XP event again": lambda u: XPEvent.objects.get().save_base(raw=True),
    "refresh or create one": lambda u: u.thrive_profile.save_base(update_fields=["total_xp"]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_the_orm_refuses(member, write):
    with pytest.raises(SingleWriterError):
        write(member)
    assert_books_agree()


ENTRY, EVENT = "thrive_points_pointshistory", "thrive_points_xpevent"
CHANGES = [
    f"UPDATE {ENTRY} SET points = 1000",
    f"UPDATE {ENTRY} SET number = 2",
    f"UPDATE {ENTRY} SET arithmetic = '[]'",
    f"UPDATE {ENTRY} SET recorded_at = '2001-01-01 00:00:00+00'",
    f"UPDATE {ENTRY} SET reverses = 1",
    f"UPDATE {ENTRY} SET cause = 1",
    f"UPDATE {ENTRY} SET actor_id = 1",
    f"UPDATE {ENTRY} SET event_key = 'q:2'",
    f"UPDATE {ENTRY} SET event_key = '~erased:2'",
    f"UPDATE {ENTRY} SET metadata = '{{\"score\": 100}}'",
    f"UPDATE {ENTRY} SET description = 'a better one'",
    f"UPDATE {ENTRY} SET metadata = '{{}}', points = 1000",
    f"DELETE FROM {ENTRY}",
    f"UPDATE {EVENT} SET amount = 1000",
    f"UPDATE {EVENT} SET description = 'a better one'",
    f"UPDATE {EVENT} SET created_at = '2001-01-01 00:00:00+00'",
    f"UPDATE {EVENT} SET number = 2",
    f"DELETE FROM {EVENT}",
]
if connection.vendor == "postgresql":
    CHANGES += [
        f"TRUNCATE {ENTRY}",
        f"TRUNCATE {EVENT}",
        f"INSERT INTO {ENTRY} SELECT * FROM {ENTRY} ON CONFLICT (user_id, number) "
        "DO UPDATE SET points = 1000",
        f"INSERT INTO {EVENT} SELECT * FROM {EVENT} ON CONFLICT (user_id, number) "
        "DO UPDATE SET amount = 1000",
    ]
else:
    CHANGES += [
        f"UPDATE {ENTRY} SET rowid = 9",
        f"UPDATE OR REPLACE {ENTRY} SET number = 2",
        f"INSERT OR REPLACE INTO {ENTRY} SELECT * FROM {ENTRY}",
        f"REPLACE INTO {EVENT} SELECT * FROM {EVENT}",
        # Under another number or key, what is in the way is replaced all the same.
        f"CREATE TEMP TABLE forged AS SELECT * FROM {ENTRY}; UPDATE forged SET number = 2;"
        f"INSERT OR REPLACE INTO {ENTRY} SELECT * FROM forged",
        f"CREATE TEMP TABLE forged AS SELECT * FROM {ENTRY}; UPDATE forged SET event_key = 'q:2';"
        f"INSERT OR REPLACE INTO {ENTRY} SELECT * FROM forged",
        f"CREATE TEMP TABLE forged AS SELECT 1 AS rowid, * FROM {ENTRY};"
        "UPDATE forged SET event_key = 'q:2', number = 2;"
        f"INSERT OR REPLACE INTO {ENTRY} (rowid, {', '.join(Entry._fields)}) SELECT * FROM forged",
    ]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_the_ledger(member, statement):
    *before, last = statement.split(";")
    for one in before:
        connection.cursor().execute(one)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(last)
    assert PointsHistory.objects.get().points == 20
    assert_books_agree()


BLANKED = [
    f"UPDATE {ENTRY} SET metadata = '{{}}', event_key = '~erased:1', description = ''",
    f"UPDATE {ENTRY} SET event_key = '~erased:' || number",
    f"UPDATE {ENTRY} SET actor_id = NULL",
    f"UPDATE {EVENT} SET description = ''",
]


@pytest.mark.parametrize("statement", BLANKED)
def test_the_database_lets_an_erasure_blank_what_is_personal(member, statement):
    connection.cursor().execute(statement)


if connection.vendor == "postgresql":
    RULES_GONE = [
        "TRUNCATE thrive_points_pointrule",
        "TRUNCATE thrive_points_ruleexperiment",
        "TRUNCATE accounts_user CASCADE",
    ]
else:
    RULES_GONE = [
        f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"
        for name in ("thrive_points_pointrule", "thrive_points_ruleexperiment")
    ]


@pytest.mark.parametrize("statement", RULES_GONE)
def test_the_database_refuses_to_replace_rules(statement):
    tomorrow = timezone.now() + timedelta(days=1)
    publish("battle_won", None, reason="as it was")
    arms = [Arm(name=name, share=50, rule=POINT_RULES["quiz_completed"]) for name in "ab"]
    start("quiz_completed", arms, name="try", reason="try", ends_at=tomorrow)
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        connection.cursor().execute(statement)


def test_an_xp_event_that_shows_no_entry_may_go(member):
    """A rebuild puts the right one in its place."""
    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {EVENT} SET source = 'battle_won'")
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {EVENT}")
        assert cursor.rowcount == 1
    rebuild()
    assert_books_agree()


def test_a_fixture_comes_into_empty_tables_and_goes_round_nothing(member, tmp_path):
    models = ("userthriveprofile", "pointshistory", "pointsdailytotal", "xpevent")
    fixture = tmp_path / "ledger.json"
    call_command("dumpdata", *(f"thrive_points.{name}" for name in models), output=str(fixture))
    with pytest.raises(SingleWriterError, match="there already"):
        call_command("loaddata", str(fixture), verbosity=0)
    with unlocked_ledger(), connection.cursor() as cursor:
        for name in models:
            cursor.execute(f"DELETE FROM thrive_points_{name}")
    call_command("loaddata", str(fixture), verbosity=0)
    assert PointsHistory.objects.get().points == 20
    assert_books_agree()


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
