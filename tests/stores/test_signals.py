"""What is announced after the commit, and that an import can be silent."""

import pytest

from thrive_points import Outcome, PointsService, level_changed, points_recorded, silenced

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(without_listeners):
    """Return what the two signals announce, in order."""
    found = []

    def recorded(sender, user, result, **kwargs):
        found.append(("recorded", result.activity_type, result.day, result.occurred_at))

    def changed(sender, user, before, after, result, **kwargs):
        found.append(("level", user.pk, before, after, result.number))

    points_recorded.connect(recorded)
    level_changed.connect(changed)
    yield found
    level_changed.disconnect(changed)


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_an_entry_is_announced_with_its_day_and_instants(user, heard, committing):
    with committing():
        result = PointsService.award_points(user, "quiz_completed", event_key="k")
        assert heard == []
    assert heard == [("recorded", "quiz_completed", result.day, result.occurred_at)]
    assert result.as_dict()["recorded_at"] == result.recorded_at.isoformat()


def test_a_level_is_announced_up_and_down_once(user, heard, committing):
    with committing():
        PointsService.adjust(user, 90, "a start")
        PointsService.award_many(
            [
                {"user": user, "activity_type": "feedback_given", "event_key": f"f{n}"}
                for n in range(5)
            ]
        )
    levels = [one for one in heard if one[0] == "level"]
    assert levels == [("level", user.pk, 1, 2, 2)]
    heard.clear()
    with committing():
        PointsService.adjust(user, -100, "a mistake")
    assert [one for one in heard if one[0] == "level"] == [("level", user.pk, 2, 1, 8)]


def test_a_level_lifted_by_what_was_completed_is_announced_with_the_award(user, heard, committing):
    with committing():
        PointsService.adjust(user, 40, "a start")
        results = [
            PointsService.award_points(user, "feedback_given", event_key=f"f{n}") for n in range(5)
        ]
    # 40 and 50 leave it below 100; the week's goal of 25 lifts it.
    assert results[-1].also_earned[0].outcome is Outcome.AWARDED
    assert [one for one in heard if one[0] == "level"] == [
        ("level", user.pk, 1, 2, results[-1].number)
    ]


def test_an_import_is_silent(user, heard, committing):
    with committing():
        with silenced():
            PointsService.award_points(user, "quiz_completed", event_key="old")
            PointsService.adjust(user, 500, "an opening balance")
        PointsService.award_points(user, "tutorial_completed", event_key="new")
    assert [one[:2] for one in heard] == [("recorded", "tutorial_completed")]
    assert user.total_points == 530
