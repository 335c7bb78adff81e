"""What is done on a site in the upgrade tests: python -m tests.upgrade.site VERB ...

Each verb prints a line of JSON. It all runs in processes of its own, on settings.py, partly with an
earlier release's wheel: so it uses what every release has.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

import django
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

SCHEMA = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": """
        SELECT 'column', table_name || '.' || column_name,
               concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default,
                         is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname,
               pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION ALL SELECT 'trigger', tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(oid))
        FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'function', oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    """,
}
"""Statements that give the kind, name and definition of everything in a database."""


def schema() -> list[list[str]]:
    """Return the kind, name and definition of everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        return sorted(map(list, cursor.fetchall()))


def migrate() -> dict[str, Any]:
    """Bring the database to today; return what was applied."""
    from django.db.migrations.recorder import MigrationRecorder

    before = MigrationRecorder(connection).applied_migrations()
    call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
    applied = MigrationRecorder(connection).applied_migrations()
    return {"applied": sorted(".".join(name) for name in applied.keys() - before.keys())}


def begin() -> dict[str, Any]:
    """Apply the first of the migrations alone."""
    call_command("migrate", "thrive_points", "0001", verbosity=0, interactive=False)
    return {}


def check() -> list[str]:
    """Return the ids of what the system checks have to say of the database."""
    return sorted(str(message.id) for message in run_checks(databases=["default"]))


def zero() -> dict[str, Any]:
    """Take the platform's tables away again."""
    for app in ("thrive_circles", "thrive_points"):
        call_command("migrate", app, "zero", verbosity=0, interactive=False)
    return {}


def nothing() -> dict[str, Any]:
    """Undo every migration of every app."""
    from django.db.migrations.loader import MigrationLoader

    for app in sorted(MigrationLoader(connection).migrated_apps):
        call_command("migrate", app, "zero", verbosity=0, interactive=False)
    return {}


def remake() -> dict[str, Any]:
    """Make what lies beyond Django's tables anew, from today's schema."""
    from thrive_points.sql.named import schema_of

    with connection.cursor() as cursor:
        for prefix in ("drop", "create"):
            for statement in schema_of(connection, prefix):
                cursor.execute(statement)
    return {}


def contents() -> dict[str, list[dict[str, str]]]:
    """Return every row of the platform's tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("thrive_points_", "thrive_circles_")):
                cursor.execute(f"SELECT * FROM {table}")
                columns = [column[0] for column in cursor.description]
                rows = [dict(zip(columns, map(str, row), strict=True)) for row in cursor]
                found[table] = sorted(rows, key=str)
    return found


def audit() -> list[str]:
    """Return what the audit finds."""
    from thrive_points.ledger.audit import audit

    return [str(discrepancy) for discrepancy in audit()]


def guards() -> list[list[str]]:
    """Return the functions, triggers and constraints that are not as released."""
    from thrive_points.sql.schema import altered

    return [list(found) for found in altered(connection)]


def restore() -> list[list[str]]:
    """Put those back, and return what they were."""
    from thrive_points.sql.schema import restore

    return [list(found) for found in restore(connection)]


def enrol() -> list[str]:
    """Give the site three members."""
    from django.contrib.auth import get_user_model

    names = ["ada", "ben", "cleo"]
    for name in names:
        get_user_model().objects.create(username=name)
    return names


def live() -> list[str]:
    """Do what a site does, for those who have been there and for one who is new."""
    from django.contrib.auth import get_user_model

    from thrive_circles.forming import join_circle
    from thrive_points import selectors
    from thrive_points.services import PointsService

    newcomer = get_user_model().objects.create(username="newcomer")
    done = []
    for member in get_user_model().objects.order_by("pk"):
        before = selectors.balance(member)
        results = [
            PointsService.award_points(member, "quiz_completed", {"event_key": "upgrade:quiz"}),
            PointsService.award_points(member, "quiz_completed", {"event_key": "upgrade:quiz"}),
            *PointsService.award_many(
                [
                    {
                        "user": member,
                        "activity_type": "feedback_given",
                        "metadata": {"event_key": f"upgrade:feedback:{n}"},
                    }
                    for n in range(3)
                ]
            ),
            PointsService.reverse(member, "upgrade:quiz", "taken back"),
            PointsService.adjust(member, 7, "a gift", event_key="upgrade:gift"),
        ]
        done.append(" ".join(result.outcome.value for result in results))
        assert selectors.balance(member) == before + sum(one.points_awarded for one in results)
        assert selectors.history(member)[0].number == results[-1].number
    join_circle(newcomer)
    return done


def damage() -> dict[str, Any]:
    """Make every book but the ledger wrong."""
    from thrive_points.testing import unlocked_ledger

    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute("UPDATE thrive_points_userthriveprofile SET total_xp = total_xp + 1")
        cursor.execute("UPDATE thrive_points_pointsdailytotal SET points = points + 1")
        cursor.execute("DELETE FROM thrive_points_xpevent")
    return {}


def rebuild() -> dict[str, int]:
    """Restore what is derived from the ledger."""
    from thrive_points.ledger.audit import rebuild

    return {"rebuilt": rebuild()}


def sign() -> dict[str, str]:
    """Sign a checkpoint, and return what is in it."""
    from io import BytesIO

    from thrive_points.ledger.checkpoint import write

    file = BytesIO()
    write(file)
    return {"checkpoint": file.getvalue().decode()}


def proved() -> list[str]:
    """Return what is not as the checkpoint in the environment's file says."""
    import os

    from thrive_points.ledger.checkpoint import read
    from thrive_points.ledger.verification import against

    with open(os.environ["CHECKPOINT"], "rb") as file, read(file) as checkpoint:
        return [str(found) for found in against(checkpoint)]


def story() -> dict[str, Any]:
    """Let the site of the dumps live through its weeks."""
    from tests.upgrade.story import tell

    tell()
    return {}


VERBS: dict[str, Callable[[], Any]] = {
    verb.__name__: verb
    for verb in (
        schema,
        migrate,
        begin,
        check,
        zero,
        nothing,
        remake,
        contents,
        audit,
        guards,
        restore,
        enrol,
        live,
        damage,
        rebuild,
        story,
        sign,
        proved,
    )
}


def main(verbs: list[str]) -> None:
    """Do what the verbs say, in order."""
    if not apps.ready:
        django.setup()
    for verb in verbs:
        print(json.dumps(VERBS[verb]()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
