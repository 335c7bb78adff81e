"""What a host's tests have from thrive_points.testing."""

import sys
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model

from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run
from thrive_points import PointsService
from thrive_points.core.activities import ActivityType
from thrive_points.testing import assert_awarded, assert_nothing_awarded, fake_points


@pytest.mark.django_db
def test_an_award_is_found_or_told(user):
    assert_nothing_awarded(user)
    PointsService.award_points(user, "quiz_completed", {"event_key": "q:1"})
    PointsService.adjust(user, 5, "thanks")
    assert_awarded(user, "quiz_completed")
    assert_awarded(user, ActivityType.QUIZ_COMPLETED, points=20, event_key="q:1", times=1)
    for wrong in (
        {"points": 10},
        {"event_key": "q:2"},
        {"times": 2},
        {"times": 0},
    ):
        with pytest.raises(AssertionError, match="but has quiz_completed awarded"):
            assert_awarded(user, "quiz_completed", **wrong)
    with pytest.raises(AssertionError, match="should have an award of battle_won"):
        assert_awarded(user, "battle_won")
    with pytest.raises(AssertionError, match="no awards, but has quiz_completed"):
        assert_nothing_awarded(user)
    assert_awarded(user, "battle_won", times=0)


def test_a_fake_needs_no_database():
    user = SimpleNamespace(pk=7)
    with fake_points(points=15) as fake:
        first = PointsService.award_points(user, "quiz_completed", {"event_key": "q:1"})
        again = PointsService.award_points(user, "quiz_completed", {"event_key": "q:1"})
        many = PointsService.award_many([{"user": user, "activity_type": "daily_login"}])
    assert (first.outcome, first.points_awarded, first.total_points) == ("awarded", 15, 15)
    assert (again.outcome, again.points_awarded, again.total_points) == ("duplicate", 0, 15)
    assert many[0].total_points == 30
    assert [one["activity_type"] for one in fake.awarded] == ["quiz_completed", "daily_login"]
    assert PointsService.award_points is not fake.award_points


def test_no_name_of_ours_on_the_user_model_is_one_that_a_host_may_have():
    names = {
        relation.get_accessor_name()
        for relation in get_user_model()._meta.related_objects
        if relation.related_model._meta.app_label in ("thrive_points", "thrive_circles")
    }
    assert all(name.startswith("thrive_") for name in names), names


ANOTHER_DATABASE = """
import django
django.setup()
from django.core.management import CommandError, call_command
from django.db import connections
from thrive_points import testing
given = connections["default"].settings_dict
connections.databases["other"] = {**given, "NAME": given["NAME"] + ".other"}
call_command("migrate", database="other", verbosity=0)
with connections["other"].cursor() as cursor:
    cursor.execute(
        "INSERT INTO thrive_points_xpevent (user_id, number, amount, source, description, "
        "created_at) VALUES (1, 1, 5, 'quiz_completed', '', '2026-01-01')"
    )
    try:
        call_command("flush", database="other", interactive=False, verbosity=0)
    except CommandError as error:
        print(error)
    testing.allow_flush()
    call_command("flush", database="other", interactive=False, verbosity=0)
    cursor.execute("SELECT COUNT(*) FROM thrive_points_xpevent")
    print(cursor.fetchone())
"""


def test_a_ledger_in_any_database_is_flushed(tmp_path):
    environment = plain_environment(
        DATABASE_URL=f"sqlite:///{tmp_path}/one", DJANGO_SETTINGS_MODULE="tests.upgrade.settings"
    )
    printed = run([sys.executable, "-c", ANOTHER_DATABASE], cwd=ROOT, env=environment)
    assert "'other' has a ledger" in printed
    assert "allow_flush() once" in printed
    assert printed.endswith("(0,)\n")
