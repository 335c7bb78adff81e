"""What `activities` promises: the instant it names pays, and none before it does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from allthrive.accounts.models import User
from tests.stores.review_community import user
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidCorrection, InvalidRule, PointsError
from thrive_points.rules import current
from thrive_points.rules.registry import POINT_RULES
from thrive_points.selectors import ActivityStatus, activities
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

QUIZ = "quiz_completed"
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2026, 3, 5, tzinfo=UTC)
MONDAY = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def rule(settings: Any) -> Iterator[Any]:
    def change(**fields: Any) -> Rule:
        changed = replace(POINT_RULES[QUIZ], **fields)
        settings.THRIVE_POINTS = {
            **settings.THRIVE_POINTS,
            "RULES": {**POINT_RULES, QUIZ: changed},
        }
        return changed

    yield change
    current.forget()


def quizzes(who: User, *instants: datetime) -> None:
    with time_machine.travel(max(instants), tick=False):
        PointsService.award_many(
            [{"user": who, "activity_type": QUIZ, "occurred_at": when} for when in instants]
        )


def status(who: User, now: datetime = NOON + timedelta(minutes=1)) -> ActivityStatus:
    with time_machine.travel(now, tick=False):
        return next(s for s in activities(who) if s.activity_type == QUIZ)


def pays(who: User, when: datetime) -> bool:
    with time_machine.travel(when, tick=False):
        return bool(PointsService.award_points(who, QUIZ).points_awarded)


@pytest.mark.parametrize(
    ("fields", "before", "expected"),
    [
        ({"cooldown": HOUR}, 1, NOON + HOUR),
        ({"cooldown": HOUR, "max_points_per_day": 20}, 1, MIDNIGHT),
        ({"cooldown": HOUR, "max_points_per_week": 20, "max_per_day": None}, 1, MONDAY),
        ({"cooldown": DAY, "max_points_per_day": 20}, 1, NOON + DAY),
        ({"cooldown": HOUR, "max_per_day": 1}, 1, MIDNIGHT),
        ({"max_per_day": 2}, 2, MIDNIGHT),
        ({"max_per_day": None, "max_per_week": 2}, 2, MONDAY),
        ({"max_per_day": 2, "max_per_week": 2}, 2, MONDAY),
    ],
)
def test_the_end_of_whatever_lasts_longest_is_named_and_pays(
    rule: Any, fields: dict[str, Any], before: int, expected: datetime
) -> None:
    rule(**fields)
    ann = user("ann")
    quizzes(ann, *(NOON - 2 * HOUR * n for n in range(before)))
    told = status(ann)
    assert (told.available, told.resets_at) == (False, expected)
    tick = timedelta(microseconds=1)
    assert not pays(ann, expected - tick)
    assert pays(ann, expected)


FAR_EAST, FAR_WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"


def lived_ahead(who: User, day: int, times: int = 1) -> None:
    """Award quizzes on a day of March that is still to come where the member goes then."""
    who.timezone = FAR_EAST
    who.save(update_fields=["timezone"])
    clock = datetime(2026, 3, day, 0, 30, tzinfo=ZoneInfo(FAR_EAST)).astimezone(UTC)
    quizzes(who, *(clock + timedelta(minutes=n) for n in range(times)))


def test_a_tomorrow_that_was_lived_already_is_not_promised(rule: Any) -> None:
    rule(max_per_day=1)
    ann = user("ann", FAR_EAST)
    lived_ahead(ann, 5)
    ann.timezone = FAR_WEST
    ann.save(update_fields=["timezone"])
    now = datetime(2026, 3, 4, 3, tzinfo=ZoneInfo(FAR_WEST))
    quizzes(ann, now)
    told = status(ann, now + HOUR)
    assert told.resets_at == datetime(2026, 3, 6, tzinfo=ZoneInfo(FAR_WEST))


def test_awards_of_next_week_do_not_count_in_this_one(rule: Any) -> None:
    rule(max_per_day=None, max_per_week=2)
    ann = user("ann", FAR_EAST)
    lived_ahead(ann, 9, times=2)
    ann.timezone = FAR_WEST
    ann.save(update_fields=["timezone"])
    sunday = datetime(2026, 3, 8, 3, tzinfo=ZoneInfo(FAR_WEST))
    told = status(ann, sunday)
    assert (told.available, told.left_this_week) == (True, 2)
    quizzes(ann, sunday, sunday + HOUR)
    # Next week is used up as well by now.
    assert status(ann, sunday + 2 * HOUR).resets_at == datetime(
        2026, 3, 16, tzinfo=ZoneInfo(FAR_WEST)
    )


def test_a_cap_that_was_lowered_is_told_sensibly(rule: Any) -> None:
    ann = user("ann")
    quizzes(ann, *(NOON - n * HOUR for n in range(7)))
    rule(max_per_day=5)
    with time_machine.travel(NOON + HOUR, tick=False):
        refused = PointsService.award_points(ann, QUIZ)
    assert refused.explanation == (
        "Nothing for a completed quiz: 7 paid today already, and the cap is now 5; again tomorrow."
    )
    assert status(ann).left_today == 0


HUGE = 10**5000


@pytest.mark.parametrize(
    "points", [10**9 + 1, 2**63, HUGE, -HUGE], ids=["over", "wide", "huge", "low"]
)
def test_an_adjustment_beyond_every_bound_is_refused_in_words(points: int) -> None:
    with pytest.raises(InvalidCorrection, match="at most 1,000,000,000 at once"):
        PointsService.adjust(user("ann"), points, "too much")


def test_a_number_too_long_to_write_out_is_misuse_wherever_it_is_given() -> None:
    ann = user("ann")
    calls = [
        lambda: PointsService.award_points(ann, HUGE),  # type: ignore[arg-type]
        lambda: PointsService.award_points(HUGE, QUIZ),
        lambda: PointsService.award_points(ann, QUIZ, {"event_key": HUGE}),
        lambda: PointsService.award_points(ann, QUIZ, {"event_key": [HUGE]}),
        lambda: PointsService.award_points(ann, QUIZ, {"size": HUGE}),
        lambda: PointsService.award_points(ann, QUIZ, {HUGE: 1}),  # type: ignore[dict-item]
        lambda: PointsService.award_points(ann, QUIZ, None, HUGE),  # type: ignore[arg-type]
        lambda: PointsService.adjust(ann, 1, HUGE),  # type: ignore[arg-type]
        lambda: PointsService.adjust(ann, [HUGE], "no number"),  # type: ignore[arg-type]
        lambda: PointsService.reverse(ann, HUGE, "no key"),  # type: ignore[arg-type]
        lambda: list(PointsService.award_stream([], batch_size=-HUGE)),
    ]
    for call in calls:
        with pytest.raises(PointsError):
            call()
    for field in ("base_points", "max_per_day", "max_points_per_week"):
        with pytest.raises(InvalidRule, match=field):
            replace(POINT_RULES[QUIZ], **{field: HUGE if field == "base_points" else -HUGE})
