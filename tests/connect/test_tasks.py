"""Awards by a queue count once, however often a worker takes them up."""

import pytest

from thrive_connect.models import Listener
from thrive_connect.tasks import award_points, deliver_news
from thrive_points.models import PointsHistory

pytestmark = pytest.mark.django_db(transaction=True)

QUIZ = {
    "activity_type": "quiz_completed",
    "event_key": "quiz:1",
    "metadata": {"score": 80},
    "occurred_at": "2025-03-19T15:00:00+00:00",
}


def test_an_award_is_counted_once_and_answers(user):
    first = award_points.enqueue(user.pk, **QUIZ)
    again = award_points.enqueue(user.pk, **QUIZ)
    assert first.return_value["points_awarded"] == 20
    assert again.return_value["outcome"] == "duplicate"
    entry = PointsHistory.objects.get()
    assert (entry.event_key, entry.day.isoformat()) == ("quiz:1", "2025-03-19")


def test_misuse_fails_the_task_and_writes_nothing(user):
    result = award_points.enqueue(user.pk, **{**QUIZ, "activity_type": "quiz"})
    assert result.status.name == "FAILED"
    assert not PointsHistory.objects.exists()


HEARD = []


def test_the_relay_runs_as_a_task(user):
    Listener.objects.create(name="own", handler=f"{__name__}.hear", kinds=["entry.recorded"])
    award_points.enqueue(user.pk, **QUIZ)
    assert deliver_news.enqueue().return_value == 1
    assert HEARD == [1]


def hear(message):
    HEARD.append(message.number)
