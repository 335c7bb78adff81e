"""`flush` empties a test's ledger, and no other one."""

import pytest
from django.core.management import CommandError, call_command

from thrive_points import testing
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ledger_that_is_kept_for_good_is_not_flushed(user, monkeypatch):
    PointsService.award_points(user, "quiz_completed", {"event_key": "k"})
    monkeypatch.setattr(testing, "flush_is_allowed", False)
    with pytest.raises(CommandError, match=r"append-only.*allow_flush"):
        call_command("flush", interactive=False, verbosity=0)
    assert PointsHistory.objects.count() == 1


def test_a_tests_ledger_is_flushed(user):
    PointsService.award_points(user, "quiz_completed", {"event_key": "k"})
    call_command("flush", interactive=False, verbosity=0)
    assert not PointsHistory.objects.exists()
