"""A/B tests of values: arms, what is refused, and the one-step stop."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from thrive_points.exceptions import InvalidRule
from thrive_points.models import RuleExperiment
from thrive_points.rules import current
from thrive_points.rules.current import rulebook
from thrive_points.rules.experiments import Arm, start, stop
from thrive_points.rules.publishing import insert
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def arms(a: int = 40, b: int = 40, points: int = 30) -> list[Arm]:
    return [
        Arm(name="a", share=a, rule=RULE),
        Arm(name="b", share=b, rule=replace(RULE, base_points=points)),
    ]


def begin(**changes: Any) -> RuleExperiment:
    given: dict[str, Any] = {
        "name": "Do quizzes pay too little?",
        "reason": "Completion fell in autumn.",
        "ends_at": timezone.now() + 14 * DAY,
        **changes,
    }
    return start(given.pop("activity_type", QUIZ), given.pop("arms", arms()), **given)


def test_members_are_split_by_share_and_never_change_arm() -> None:
    experiment = begin()
    seen = {n: rulebook().resolve(QUIZ, timezone.now(), n).revision for n in range(4000)}
    counts = {name: sum(r == f"x{experiment.pk}:{name}" for r in seen.values()) for name in "ab"}
    assert 0.36 < counts["a"] / 4000 < 0.44
    assert 0.36 < counts["b"] / 4000 < 0.44
    assert sum(r.startswith("code:") for r in seen.values()) == 4000 - sum(counts.values())
    current.forget()
    later = timezone.now() + 13 * DAY
    assert {n: rulebook().resolve(QUIZ, later, n).revision for n in range(4000)} == seen


def test_an_entry_keeps_its_arm_and_is_paid_by_it() -> None:
    experiment = begin(arms=arms(50, 50))
    paid = {}
    for n in range(12):
        user = get_user_model().objects.create_user(f"member{n}")
        result = PointsService.award_points(user, QUIZ, {"event_key": "quiz:1"})
        paid[result.rule_revision] = result.points_awarded
    assert paid == {f"x{experiment.pk}:a": 20, f"x{experiment.pk}:b": 30}


def test_a_stop_is_one_step_and_only_once() -> None:
    experiment = begin(arms=arms(50, 50))
    during = timezone.now()
    stopped = stop(experiment, reason="Enough seen.")
    book = rulebook()
    assert book.resolve(QUIZ, timezone.now(), 1).revision.startswith("code:")
    assert book.resolve(QUIZ, during, 1).revision.startswith("x")
    assert stopped.stopped_at is not None
    assert stopped.over_at == stopped.stopped_at < stopped.ends_at
    with pytest.raises(InvalidRule, match="over already"):
        stop(experiment, reason="Again.")


def test_two_at_once_on_one_activity_are_refused() -> None:
    first = begin()
    with pytest.raises(InvalidRule, match=f"x{first.pk} 'Do quizzes pay too little\\?' tests quiz"):
        begin(name="Another")
    begin(activity_type="tutorial_completed", name="Elsewhere")
    later = timezone.now() + 20 * DAY
    begin(name="Next", starts_at=later, ends_at=later + DAY)
    stop(first, reason="Done.")
    begin(name="Now that it stopped", ends_at=timezone.now() + DAY)
    assert RuleExperiment.objects.count() == 4


def test_the_database_refuses_an_overlap_and_a_rewriting_too() -> None:
    first = begin()
    twin = RuleExperiment(
        name="Behind the back",
        activity_type=QUIZ,
        arms=first.arms,
        starts_at=first.starts_at + DAY,
        ends_at=first.ends_at + DAY,
        reason="Race.",
    )
    with pytest.raises(DatabaseError, match="another experiment"), transaction.atomic():
        insert(twin)
    table = RuleExperiment._meta.db_table
    stop(first, reason="Done.")
    for statement in (
        f"UPDATE {table} SET name = 'other'",
        f"UPDATE {table} SET stopped_at = NULL",
        f"DELETE FROM {table}",
    ):
        with (
            pytest.raises(DatabaseError, match="immutable"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"arms": arms()[:1]}, "two or more"),
        ({"arms": [arms()[0], arms()[0]]}, "different names"),
        ({"arms": arms(60, 60)}, "add up to 120 percent"),
        ({"arms": arms(points=45)}, "arm b: E101"),
        ({"arms": [replace(arms()[0], name="Group A"), arms()[1]]}, "not a name"),
        ({"arms": [replace(arms()[0], share=0), arms()[1]]}, "allowed are 1 to 99"),
        ({"ends_at": timezone.now() - DAY}, "not after effective_from"),
        ({"name": " "}, "characters are needed"),
        ({"reason": ""}, "reason is missing"),
    ],
)
def test_what_makes_no_experiment_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRule, match=told):
        begin(**changes)
    assert not RuleExperiment.objects.exists()
