"""Every row of the design's list of misuse: a clear error, and nothing written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from thrive_points.exceptions import (
    InvalidEvent,
    InvalidEventKey,
    InvalidMetadata,
    InvalidOccurredAt,
    InvalidUser,
    PointsError,
    UnknownActivityType,
)
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_written(db):
    yield
    for model in (PointsHistory, PointsDailyTotal, UserThriveProfile):
        assert not model.objects.exists(), f"{model.__name__} has rows after misuse"


def circular():
    metadata = {}
    metadata["self"] = metadata
    return metadata


CASES = [
    ({"activity_type": "quiz_complete"}, UnknownActivityType, "did you mean quiz_completed"),
    ({"activity_type": "nonsense"}, UnknownActivityType, "27 are known"),
    ({"activity_type": None}, UnknownActivityType, "None"),
    ({"activity_type": 7}, UnknownActivityType, "7"),
    ({"activity_type": ["a"]}, UnknownActivityType, "no rule names it"),
    ({"activity_type": "adjustment"}, UnknownActivityType, "no rule"),
    ({"metadata": {"event_key": ""}}, InvalidEventKey, "1 to 200 characters"),
    ({"metadata": {"event_key": "  "}}, InvalidEventKey, "1 to 200 characters"),
    ({"metadata": {"event_key": None}}, InvalidEventKey, "event_key is None"),
    ({"metadata": {"event_key": 42}}, InvalidEventKey, "event_key is 42"),
    ({"metadata": {"event_key": "x" * 201}}, InvalidEventKey, "has 201 characters"),
    ({"metadata": {"event_key": "~reversal:1"}}, InvalidEventKey, "reserved"),
    ({"metadata": {"event_key": "a\0b"}}, InvalidEventKey, "cannot be printed"),
    ({"metadata": {"event_key": "\ud800"}}, InvalidEventKey, "cannot be printed"),
    ({"metadata": "quiz"}, InvalidMetadata, "metadata is a str"),
    ({"metadata": [1]}, InvalidMetadata, "metadata is a list"),
    ({"metadata": {"when": datetime(2026, 1, 1)}}, InvalidMetadata, "not JSON"),
    ({"metadata": {"score": float("nan")}}, InvalidMetadata, "not JSON"),
    ({"metadata": {1: "one"}}, InvalidMetadata, "JSON allows text only"),
    ({"metadata": circular()}, InvalidMetadata, "not JSON"),
    ({"metadata": {"text": "\ud800"}}, InvalidMetadata, "not JSON"),
    ({"metadata": {"text": "a\0b"}}, InvalidMetadata, "NUL"),
    ({"metadata": {"text": "x" * 8_192}}, InvalidMetadata, "8192 are allowed"),
    ({"occurred_at": datetime(2026, 1, 1)}, InvalidOccurredAt, "an aware datetime"),
    ({"occurred_at": "2026-01-01"}, InvalidOccurredAt, "an aware datetime"),
    ({"user": AnonymousUser()}, InvalidUser, "anonymous"),
    ({"user": None}, InvalidUser, "user is None"),
    ({"user": 1}, InvalidUser, "user is 1"),
]


@pytest.mark.parametrize(("change", "error", "message"), CASES)
@pytest.mark.parametrize("many", [False, True], ids=["single", "batch"])
def test_misuse(user, change, error, message, many):
    event = {"user": user, "activity_type": "quiz_completed", "metadata": {"event_key": "q"}}
    if not many:
        with pytest.raises(error, match=message):
            PointsService.award_points(**{**event, **change})
        return
    good = {**event, "metadata": {"event_key": "good"}}
    with pytest.raises(error, match=f"event 1 of the batch: .*{message}"):
        PointsService.award_many([good, {**event, **change}])


def test_the_future_has_not_happened(user):
    with pytest.raises(InvalidOccurredAt, match="allowed is 1970 up to now"):
        PointsService.award_points(
            user, "quiz_completed", occurred_at=timezone.now() + timedelta(minutes=3)
        )
    with pytest.raises(InvalidOccurredAt, match="1970"):
        PointsService.award_points(
            user, "quiz_completed", occurred_at=datetime(1969, 12, 31, tzinfo=UTC)
        )


def test_a_user_that_is_not_saved(user):
    with pytest.raises(InvalidUser, match="has not been saved"):
        PointsService.award_points(type(user)(username="new"), "quiz_completed")


def test_metadata_just_within_the_limit_is_taken_elsewhere_too_large_is_measured_in_bytes(user):
    with pytest.raises(InvalidMetadata, match="metadata has"):
        PointsService.award_points(user, "quiz_completed", {"text": "é" * 4_096})


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("event", "event 0 of the batch is a str"),
        ({}, "event 0 lacks user and activity_type"),
        ({"user": 1, "activity_type": "x", "points": 20}, r"event 0 has \['points'\]"),
    ],
)
def test_a_malformed_event_of_a_batch(item, message):
    with pytest.raises(InvalidEvent, match=message):
        PointsService.award_many([item])


def test_the_letters_of_an_escape_are_no_nul():
    from thrive_points.validation import split_metadata

    assert split_metadata({"text": r"a \u0000 b"})[1] == {"text": r"a \u0000 b"}


def test_a_stream_needs_batches(user):
    with pytest.raises(InvalidEvent, match="batch_size is 0"):
        list(PointsService.award_stream([], batch_size=0))


def test_every_error_is_of_one_tree():
    assert all(issubclass(error, PointsError) for _, error, _ in CASES)


def test_an_empty_batch_is_no_misuse():
    assert PointsService.award_many([]) == []
