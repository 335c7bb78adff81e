"""The role of docs/how-to/prove-the-ledger.md: the whole service runs by it, and no more does."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.support.paths import ROOT
from thrive_circles.forming import assign_circles, join_circle
from thrive_points import selectors
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.ledger.signing import KEY_VARIABLE
from thrive_points.rules.experiments import Arm, start, stop
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
DOCUMENT = ROOT / "docs/how-to/prove-the-ledger.md"


def statements(block):
    text = DOCUMENT.read_text(encoding="utf-8").split(f"```sql{block}\n")[1].split("```")[0]
    return re.sub(r"^--.*$", "", text, flags=re.MULTILINE)


@pytest.fixture
def role():
    """Make the role, in a transaction that is rolled back, and act as it."""
    with connection.cursor() as cursor:
        # Roles belong to the whole server, so the name has to be this database's own.
        cursor.execute("SELECT 'site_of_' || current_database()")
        (name,) = cursor.fetchone()
        quoted = connection.ops.quote_name(name)
        cursor.execute(f"CREATE ROLE {quoted}")
        cursor.execute(statements("").replace(" site;", f" {quoted};"))
        cursor.execute(f"SET LOCAL ROLE {quoted}")
        yield quoted
        cursor.execute("RESET ROLE")


@pytest.fixture
def members(make_user):
    return [make_user() for _ in range(6)]


def test_the_whole_service_runs_by_it(members, role, tmp_path, monkeypatch):
    ada, ben, *_ = members
    PointsService.award_points(ada, "quiz_completed", {"event_key": "q"})
    assert PointsService.award_points(ada, "quiz_completed", {"event_key": "q"}).points_awarded == 0
    PointsService.award_many([{"user": one, "activity_type": "daily_login"} for one in members])
    list(PointsService.award_stream([{"user": ben, "activity_type": "daily_login"}]))
    PointsService.reverse(ada, "q", "spam", actor=ben)
    PointsService.adjust(ada, 40, "thanks", actor=ben)
    old = {"user": ben, "activity_type": "adjustment", "points": 90, "event_key": "opening"}
    PointsService.import_history([{**old, "occurred_at": timezone.now() - timedelta(days=90)}])
    publish("battle_won", None, reason="as it was", author=ben)
    arms = [Arm(name=name, share=50, rule=POINT_RULES["feedback_given"]) for name in "ab"]
    until = timezone.now() + timedelta(days=9)
    stop(start("feedback_given", arms, name="try", reason="try", ends_at=until), reason="over")
    assign_circles(week_of(today_of(ada)))
    join_circle(ada)
    assert selectors.history(ada)
    monkeypatch.setenv(KEY_VARIABLE, "a key that is kept out of the database")
    file = str(tmp_path / "checkpoint.jsonl")
    call_command("points_checkpoint", file, stdout=StringIO())
    call_command("points_audit", against=file, stdout=StringIO())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE thrive_points_pointshistory SET points = 1",
        "UPDATE thrive_points_pointshistory SET metadata = '{}'",
        "DELETE FROM thrive_points_pointshistory",
        "TRUNCATE thrive_points_pointshistory",
        "DELETE FROM thrive_points_xpevent",
        "UPDATE thrive_points_xpevent SET description = ''",
        "UPDATE thrive_points_pointrule SET share = 50",
        "UPDATE thrive_points_ruleexperiment SET arms = '[]'",
        "DELETE FROM thrive_points_ruleexperiment",
        "DELETE FROM thrive_points_userthriveprofile",
        "DELETE FROM thrive_points_pointsdailytotal",
        "ALTER TABLE thrive_points_pointshistory DISABLE TRIGGER ALL",
        "DROP TRIGGER thrive_points_append_only_v2 ON thrive_points_pointshistory",
        "SET session_replication_role = replica",
        "CREATE OR REPLACE FUNCTION thrive_points_keep_entry_v1() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
    ],
)
def test_it_may_do_no_more(members, role, statement):
    PointsService.award_points(members[0], "quiz_completed")
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement)


def told():
    found = run_checks(databases=["default"], include_deployment_checks=True)
    return [one.msg for one in found if one.id == "thrive_points.W010"]


def test_check_tells_a_role_that_may_do_more(role):
    assert told() == []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        (message,) = told()
        assert "owns the ledger" in message
        cursor.execute(statements(" role=erasing").replace(" site;", f" {role};"))
        cursor.execute(f"SET LOCAL ROLE {role}")
        # Some columns are not the whole row.
        assert told() == []
        cursor.execute("RESET ROLE")
        cursor.execute(f"GRANT UPDATE, DELETE ON thrive_points_pointshistory TO {role}")
        cursor.execute(f"SET LOCAL ROLE {role}")
        (message,) = told()
        assert "may delete, update entries" in message
