"""Rows come back in any order, and what they may not say together is still refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
INSERT = """
    INSERT INTO thrive_points_ruleexperiment
        (name, activity_type, arms, starts_at, ends_at, stopped_at, reason, stop_reason)
    VALUES (%s, 'quiz_completed', '[]', %s, %s, %s, 'try', '')
"""


def _insert(name: str, starts: int, ends: int, stopped: int | None = None) -> None:
    days = (starts, ends, stopped)
    instants = [
        None if day is None else connection.ops.adapt_datetimefield_value(MONDAY + day * DAY)
        for day in days
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [name, *instants])


def test_a_stopped_experiment_comes_back_behind_the_one_that_followed() -> None:
    _insert("again", 9, 60)
    _insert("stopped", 7, 60, stopped=8)


@pytest.mark.parametrize("stopped", [None, 10])
def test_two_at_one_time_are_refused(stopped: int | None) -> None:
    _insert("again", 9, 60)
    with pytest.raises(IntegrityError):
        _insert("too long", 7, 60, stopped=stopped)
