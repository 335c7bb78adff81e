"""How far a reader has to follow an award: the calls into src, their modules, the changes."""

import pytest
from django.db import connection

from benchmarks.walk import AWARD_AT_MOST, walk_of
from thrive_points.services import PointsService

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_an_award_stays_within_its_bounds(user, without_listeners):
    for number in range(5):
        PointsService.award_points(user, "quiz_completed", {"event_key": f"warm:{number}"})
    assert not connection.in_atomic_block
    walk = walk_of(
        lambda: PointsService.award_points(
            user, "quiz_completed", {"event_key": "walked", "score": 80}
        )
    )
    assert walk.calls <= AWARD_AT_MOST.calls, "\n".join(map(str, walk.steps))
    assert walk.modules <= AWARD_AT_MOST.modules
    assert walk.changes <= AWARD_AT_MOST.changes
