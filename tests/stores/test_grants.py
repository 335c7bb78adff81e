"""A role with the grants of the production page awards and corrects, and cannot rewrite."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction

from tests.support.documents import examples
from tests.support.paths import ROOT
from thrive_points.services import PointsService

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

GRANTS = "".join(
    example.text
    for example in examples(ROOT / "docs" / "how-to" / "run-in-production.md")
    if example.language == "sql"
)
TABLES = [
    model._meta.db_table
    for app in ("thrive_points", "thrive_circles", "thrive_connect")
    for model in apps.get_app_config(app).get_models()
    if model._meta.managed
]


@pytest.fixture
def site(user: Any) -> None:
    """Act as the role; creating it goes away with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE site")
        cursor.execute(GRANTS)
        # What a site grants of its own: the page speaks of the platform's tables alone.
        cursor.execute(f"GRANT SELECT ON {type(user)._meta.db_table} TO site")
        cursor.execute("SET LOCAL ROLE site")


def test_every_table_is_named() -> None:
    assert sorted(re.findall(r"\bthrive_\w+", GRANTS)) == sorted(TABLES)


@pytest.mark.usefixtures("site")
def test_points_come_and_go(user: Any) -> None:
    PointsService.award_points(user, "quiz_completed", {"event_key": "quiz:1"})
    PointsService.award_many(
        {"user": user, "activity_type": "tutorial_completed", "metadata": {"event_key": str(n)}}
        for n in range(3)
    )
    PointsService.reverse(user, "quiz:1", "copied")
    assert PointsService.adjust(user, 5, "A gift").total_points == 35
    call_command("points_audit", verbosity=0)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE thrive_points_pointshistory SET points = 1000",
        "DELETE FROM thrive_points_pointshistory",
        "TRUNCATE thrive_points_pointshistory CASCADE",
        "ALTER TABLE thrive_points_pointshistory DISABLE TRIGGER ALL",
        "DELETE FROM thrive_points_userthriveprofile",
        "UPDATE thrive_points_xpevent SET amount = 1000",
        "UPDATE thrive_points_pointrule SET share = 1",
    ],
)
def test_nothing_is_rewritten(user: Any, statement: str) -> None:
    PointsService.award_points(user, "quiz_completed", {"event_key": "quiz:1"})
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
