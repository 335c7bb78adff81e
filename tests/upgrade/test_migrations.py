"""Migrations: none is missing, and each can be undone and done again."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.support.paths import ROOT

# Run in a process of its own, on a database of its own: undoing every migration would take the
# tables from under the other tests. An award first, so that the ledger's triggers are met with
# something to guard.
ROUND_TRIP = """
import json, sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from thrive_points.core.activities import ActivityType
from thrive_points.services import PointsService

SCHEMA = {
    "sqlite": "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": '''
        SELECT 'column', table_name || '.' || column_name,
               concat_ws(' ', data_type, is_nullable, column_default, is_identity)
        FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes
        WHERE schemaname = 'public'
        UNION ALL SELECT 'constraint', conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        UNION ALL SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal
        UNION ALL SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    ''',
}

def schema():
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA[connection.vendor])
        return sorted(map(list, cursor.fetchall()))

def migrate(*target):
    call_command("migrate", *target, verbosity=0, interactive=False)

migrate()
fresh = schema()
user = get_user_model().objects.create_user("ada")
result = PointsService.award_points(
    user=user, activity_type=ActivityType.QUIZ_COMPLETED, metadata={"event_key": "quiz:1"}
)
assert result.points_awarded == 20, result
apps = sorted(MigrationLoader(connection).migrated_apps)
for app in apps:
    migrate(app, "zero")
empty = schema()
migrate()
json.dump({"fresh": fresh, "empty": empty, "again": schema()}, sys.stdout)
"""


@pytest.fixture
def scratch_database(tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty database of the kind under test."""
    if os.environ.get("THRIVE_TEST_DATABASE") != "postgresql":
        yield f"sqlite:///{tmp_path / 'scratch.sqlite3'}"
        return
    server = os.environ["DATABASE_URL"]
    name = f"scratch_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{server.rpartition('/')[0]}/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} (FORCE)").format(sql.Identifier(name)))


def _run(arguments: list[str], database: str) -> str:
    outcome = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "allthrive.settings",
            "ALLTHRIVE_DEBUG": "1",
        },
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    return outcome.stdout


def test_none_is_missing(scratch_database: str) -> None:
    _run(["manage.py", "makemigrations", "--check", "--dry-run"], scratch_database)


def test_each_is_undone_and_done_again(scratch_database: str) -> None:
    schema = json.loads(_run(["-c", ROUND_TRIP], scratch_database))
    left = [name for kind, name, _ in schema["empty"] if "django_migrations" not in name]
    assert left == []
    assert schema["again"] == schema["fresh"]
    assert any("pointshistory" in name for _, name, _ in schema["fresh"])
    assert any(kind == "trigger" for kind, _, _ in schema["fresh"])
