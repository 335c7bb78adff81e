"""The check and the audit notice what is gone or altered, and --rebuild puts it back."""

from io import StringIO

import pytest
from django.core.checks import Error, run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from tests.upgrade.databases import VENDOR, do
from thrive_points.services import PointsService
from thrive_points.sql.schema import altered

HISTORY = "thrive_points_pointshistory"
EXPERIMENTS = "thrive_points_ruleexperiment"
KEY = "FOREIGN KEY (user_id, reverses) REFERENCES thrive_points_pointshistory (user_id, number)"
DAMAGE = {
    "sqlite": [
        (["DROP TRIGGER thrive_points_kept_v1"], ["thrive_points_kept_v1 missing"]),
        (
            [
                "DROP TRIGGER thrive_points_no_delete_v1",
                f"CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON {HISTORY} "
                "WHEN OLD.points > 1000 BEGIN SELECT RAISE(ABORT, 'refused'); END",
            ],
            ["thrive_points_no_delete_v1 altered"],
        ),
        (
            [
                "DROP TRIGGER thrive_points_no_delete_v1",
                f"CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON {EXPERIMENTS} "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END",
            ],
            ["thrive_points_no_delete_v1 missing"],
        ),
        (["DROP TRIGGER thrive_points_own_entries_v1"], ["thrive_points_own_entries_v1 missing"]),
    ],
    "postgresql": [
        (
            [f"DROP TRIGGER thrive_points_append_only_v2 ON {HISTORY}"],
            ["thrive_points_append_only_v2 missing"],
        ),
        (
            [f"ALTER TABLE {HISTORY} DISABLE TRIGGER thrive_points_append_only_v2"],
            ["thrive_points_append_only_v2 disabled"],
        ),
        (
            [f"ALTER TABLE {HISTORY} ENABLE REPLICA TRIGGER thrive_points_never_emptied_v1"],
            ["thrive_points_never_emptied_v1 disabled"],
        ),
        (
            [f"ALTER TABLE {HISTORY} DISABLE TRIGGER ALL"],
            [
                "thrive_points_append_only_v2 disabled",
                "thrive_points_never_emptied_v1 disabled",
                "thrive_points_reverses_entry disabled",
                "thrive_points_cause_entry disabled",
                "thrive_connect_entry_queued_v1 disabled",
            ],
        ),
        (
            [
                "CREATE OR REPLACE TRIGGER thrive_points_append_only_v2 BEFORE DELETE "
                f"ON {HISTORY} FOR EACH ROW EXECUTE FUNCTION thrive_points_keep_entry_v1()"
            ],
            ["thrive_points_append_only_v2 altered"],
        ),
        (
            [
                "CREATE OR REPLACE FUNCTION thrive_points_refuse_change_v1() RETURNS trigger "
                "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
            ],
            ["thrive_points_refuse_change_v1 altered"],
        ),
        (
            ["DROP FUNCTION thrive_points_append_v1"],
            ["thrive_points_append_v1 missing"],
        ),
        (
            ["DROP FUNCTION thrive_points_refuse_overlap_v1() CASCADE"],
            ["thrive_points_refuse_overlap_v1 missing", "thrive_points_one_experiment_v1 missing"],
        ),
        (
            [f"ALTER TABLE {HISTORY} DROP CONSTRAINT thrive_points_reverses_entry"],
            ["thrive_points_reverses_entry missing"],
        ),
        (
            [
                f"ALTER TABLE {HISTORY} DROP CONSTRAINT thrive_points_reverses_entry",
                f"ALTER TABLE {HISTORY} ADD CONSTRAINT thrive_points_reverses_entry {KEY} "
                "ON DELETE CASCADE",
            ],
            ["thrive_points_reverses_entry altered"],
        ),
        (
            [
                f"ALTER TABLE {HISTORY} DROP CONSTRAINT thrive_points_cause_entry",
                f"ALTER TABLE {HISTORY} ADD CONSTRAINT thrive_points_cause_entry "
                f"{KEY.replace('reverses', 'cause')} NOT VALID",
            ],
            ["thrive_points_cause_entry altered"],
        ),
    ],
}


def _told_by_check() -> list[str]:
    messages = [one for one in run_checks(databases=["default"]) if one.id == "thrive_points.E005"]
    assert all(
        isinstance(one, Error) and "points_audit --rebuild" in str(one.hint) for one in messages
    )
    return [one.msg.split(" in database")[0].replace(" is ", " ") for one in messages]


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(("statements", "told"), DAMAGE[VENDOR])
def test_is_noticed_and_put_back(statements: list[str], told: list[str], make_user) -> None:
    member = make_user()
    PointsService.award_points(member, "quiz_completed", {"event_key": "quiz:1"})
    _execute(["SET CONSTRAINTS ALL IMMEDIATE"] if VENDOR == "postgresql" else [])
    assert _told_by_check() == []
    _execute(statements)

    assert _told_by_check() == told
    out = StringIO()
    with pytest.raises(
        CommandError, match=f"^{len(told)} of the functions, triggers and constraints are not as"
    ):
        call_command("points_audit", stdout=out)
    lines = out.getvalue().splitlines()
    said = [line.removesuffix(", it should be as released").replace(" is ", " ") for line in lines]
    assert said == told

    out = StringIO()
    call_command("points_audit", rebuild=True, stdout=out)
    restored = [line for line in out.getvalue().splitlines() if line.startswith("Restored")]
    assert restored == [f"Restored {one.replace(' ', ', which was ')}." for one in told]
    assert list(altered(connection)) == []
    assert _told_by_check() == []
    result = PointsService.award_points(member, "quiz_completed", {"event_key": "quiz:2"})
    assert result.points_awarded == 20
    assert PointsService.reverse(member, "quiz:2", "back").points_awarded == -20


def test_nothing_is_missed_before_the_migrations_are_through(database: str) -> None:
    before, _, between, _, after = do(
        "check", "begin", "check", "migrate", "check", database=database
    )
    assert before == between == after == []
