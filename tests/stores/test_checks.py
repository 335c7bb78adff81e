"""What cannot work is said by `manage.py check`."""

from dataclasses import replace

import pytest
from django.core.checks import run_checks

from tests.support.small_site import started
from thrive_points import PointsService, checks
from thrive_points.rules.registry import POINT_RULES


class Elsewhere:
    """Sends a model's rows to a database of their own."""

    model = None

    def db_for_write(self, model, **hints):
        return "other" if model._meta.label == self.model else None


@pytest.mark.parametrize(
    "label",
    [
        "accounts.User",
        "thrive_points.UserThriveProfile",
        "thrive_points.PointRule",
        "thrive_circles.Membership",
    ],
)
def test_what_belongs_together_lies_in_one_database(settings, monkeypatch, label):
    monkeypatch.setattr(Elsewhere, "model", label)
    settings.DATABASE_ROUTERS = [Elsewhere()]
    (error,) = checks.check_databases(None)
    assert error.id == "thrive_points.E008"
    assert f"{label} to 'other'" in error.msg
    settings.DATABASE_ROUTERS = []
    assert checks.check_databases(None) == []


def test_psycopg2_is_said(monkeypatch):
    class PostgreSQL:
        vendor = "postgresql"

    monkeypatch.setattr(checks, "connections", {"default": PostgreSQL()})
    assert checks.check_databases(None) == []
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert [error.id for error in checks.check_databases(None)] == ["thrive_points.E007"]


def _checked():
    return [(error.id, error.msg) for error in run_checks() if error.id == "thrive_points.E006"]


def test_mysql_is_said_before_the_first_award(tmp_path):
    database = {"ENGINE": "tests.sites.mysqlish", "NAME": str(tmp_path / "db.sqlite3")}
    with started(database) as site:
        ((_, message),) = site.ask(_checked)
    assert message == "The ledger is written to database 'default', which is MySQL."


@pytest.mark.django_db
def test_a_rule_that_was_removed_is_missed_while_the_ledger_has_its_points(user, settings):
    podcast = replace(POINT_RULES["quiz_completed"], label="a podcast")
    settings.THRIVE_POINTS = {"RULES": {**POINT_RULES, "podcast_published": podcast}}
    PointsService.award_points(user, "podcast_published", event_key="p")
    PointsService.adjust(user, 5, "thanks")

    def missed():
        return [w.msg for w in run_checks(databases=["default"]) if w.id == "thrive_points.W104"]

    assert missed() == []
    settings.THRIVE_POINTS = {}
    assert missed() == [
        "The ledger has points for 'podcast_published', which has no rule any more."
    ]


@pytest.mark.django_db
def test_a_wrong_setting_does_not_break_the_checks_of_the_database(settings):
    settings.THRIVE_POINTS = {"GOALS": 5}
    errors = run_checks(databases=["default"])
    assert "thrive_points.E001" in [error.id for error in errors]
