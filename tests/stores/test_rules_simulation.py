"""What-if: the replay reproduces the ledger, and tells what a draft would change."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import Count, Max, Min, Q, Sum

from thrive_points.core.event import Outcome
from thrive_points.core.modifiers import BY_DIFFICULTY
from thrive_points.core.rule import Rule
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.rules import current
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish, revert
from thrive_points.services import PointsService
from thrive_points.whatif import Comparison, EmptySpan, simulate
from thrive_points.whatif.ledger import by_member
from thrive_points.whatif.replay import Plan, Replay

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS = 45
EARLIEST = date(2026, 2, 20)
FIRST, LAST = START.date(), START.date() + timedelta(days=DAYS)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules_of_this_test() -> Iterator[None]:
    current.forget()
    yield
    current.forget()


@pytest.fixture
def community(rng: random.Random) -> list[Any]:
    """Live through six weeks: habits, late events, rule changes, a test, reversals."""
    zones = ["Pacific/Auckland", "UTC", "America/Los_Angeles", "Asia/Kathmandu"]
    create = get_user_model().objects.create_user
    users = [create(f"member{n}", timezone=zones[n % 4]) for n in range(10)]
    with time_machine.travel(START, tick=False) as clock:
        for number in range(DAYS):
            clock.move_to(START + timedelta(days=number))
            _change_rules(number)
            current.forget()
            clock.move_to(START + timedelta(days=number, hours=17))
            PointsService.award_many(_day_of(users, number, rng))
            if rng.random() < 0.4:
                _correct(rng)
    current.forget()
    return users


def _change_rules(number: int) -> None:
    match number:
        case 8:
            publish(QUIZ, replace(RULE, base_points=25, max_per_day=3), reason="More for fewer.")
        case 15:
            cooled = replace(POINT_RULES["project_created"], cooldown=timedelta(hours=2))
            publish("project_created", cooled, reason="Bursts.", share=50)
        case 20:
            revert(QUIZ, None, reason="Back.")
            arms = [
                Arm(name="a", share=50, rule=RULE),
                Arm(name="b", share=50, rule=replace(RULE, base_points=30, max_per_day=2)),
            ]
            end = START + timedelta(days=30)
            start(QUIZ, arms, name="Quizzes", reason="To learn.", ends_at=end)
        case 32:
            publish(
                "daily_login", replace(POINT_RULES["daily_login"], enabled=False), reason="Bug."
            )
        case 34:
            revert("daily_login", None, reason="Fixed.")


def _day_of(users: list[Any], number: int, rng: random.Random) -> Iterator[dict[str, Any]]:
    begin = START + timedelta(days=number)
    for user in users:
        if rng.random() < 0.12:
            continue
        did = ["daily_login", "circle_visited"]
        did += rng.choices(
            [QUIZ, "feedback_given", "project_created", "side_quest_completed", "battle_won"],
            weights=[5, 7, 2, 2, 1],
            k=rng.randrange(14),
        )
        for position, activity in enumerate(did):
            late = timedelta(days=rng.randrange(1, 6)) if rng.random() < 0.04 else timedelta()
            event: dict[str, Any] = {
                "user": user,
                "activity_type": activity,
                "occurred_at": begin + timedelta(minutes=rng.randrange(600)) - late,
                "metadata": {"event_key": f"{activity}:{number}:{position}"},
            }
            if activity == "side_quest_completed":
                event["metadata"]["difficulty"] = rng.choice(["easy", "medium", "hard"])
            yield event


def _correct(rng: random.Random) -> None:
    entries = list(PointsHistory.objects.exclude(outcome__in=["reversed", "adjusted"]))
    entry = rng.choice(entries)
    PointsService.reverse(entry.user, entry.event_key, reason="Taken back.")
    PointsService.adjust(entry.user, rng.randrange(1, 50), reason="For a talk.")


def _ledger() -> dict[str, tuple[int, int, int]]:
    rows = (
        PointsHistory.objects.values_list("activity_type")
        .annotate(
            entries=Count("pk"),
            total=Sum("points"),
            capped=Count("pk", filter=Q(outcome="capped")),
        )
        .order_by()
    )
    return {name: (entries, points, capped) for name, entries, points, capped in rows}


def _sides(comparison: Comparison, side: str) -> dict[str, tuple[int, int, int]]:
    return {
        name: (one.entries, one.points, one.capped)
        for name, pair in comparison.activities.items()
        for one in [getattr(pair, side)]
    }


def test_replayed_under_the_rules_as_they_were_it_is_the_ledger_to_the_point(
    community: list[Any],
) -> None:
    comparison = simulate({}, EARLIEST, LAST)
    outcomes = set(PointsHistory.objects.values_list("outcome", flat=True))
    assert outcomes >= {"awarded", "reduced", "capped", "disabled", "reversed", "adjusted"}
    milestones = {"week_streak", "feedback_week_goal", "circle_month_goal", "five_active_weeks"}
    assert milestones <= set(comparison.activities)
    revisions = set(PointsHistory.objects.values_list("rule_revision", flat=True))
    assert {"r1", ""} < revisions
    assert any(name.endswith(":b") for name in revisions)
    assert _sides(comparison, "then") == _ledger()
    assert _sides(comparison, "now") == _ledger()
    assert comparison.reproduces
    assert comparison.members == len(community)
    assert comparison.as_recorded == 0
    assert all(then == now for _, then, now in comparison.by_week())


def test_the_seeded_community_is_reproduced_to_the_point() -> None:
    call_command("seed_demo", members=40, days=30, verbosity=0)
    whole = PointsHistory.objects.aggregate(first=Min("day"), last=Max("day"))
    comparison = simulate({}, whole["first"], whole["last"])
    assert _sides(comparison, "then") == _sides(comparison, "now") == _ledger()
    assert comparison.reproduces
    assert comparison.total.now.points == sum(
        UserThriveProfile.objects.values_list("total_xp", flat=True)
    )
    assert simulate({}, whole["last"] - timedelta(days=6), whole["last"]).reproduces


def test_a_span_within_the_history_is_reproduced_too(community: list[Any]) -> None:
    for first in (5, 11, 23, 40):
        since = FIRST + timedelta(days=first)
        assert simulate({}, since, since + timedelta(days=9)).reproduces
        assert simulate({}, since, LAST).reproduces


def test_a_draft_tells_who_gains_and_loses_and_changes_level(community: list[Any]) -> None:
    draft = {QUIZ: replace(RULE, base_points=30, max_per_day=1)}
    comparison = simulate(draft, EARLIEST, LAST)
    quiz = comparison.activities[QUIZ]
    assert not comparison.reproduces
    # A reversal promotes some of those that the draft's cap refuses.
    assert quiz.now.entries >= quiz.then.entries
    assert quiz.now.capped > quiz.then.capped
    assert quiz.then.points == _ledger()[QUIZ][1]
    assert comparison.total.change == quiz.change + sum(
        pair.change for name, pair in comparison.activities.items() if name != QUIZ
    )
    changed = comparison.most() + comparison.least()
    assert comparison.total.change == sum(moved.change for moved in changed)
    assert all(moved.now - moved.then == moved.change for moved in changed)
    assert [m.change for m in comparison.least()] == sorted(m.change for m in comparison.least())
    assert comparison.total.change == sum(now - then for _, then, now in comparison.by_week())


def test_a_streak_that_a_draft_breaks_is_not_paid(community: list[Any]) -> None:
    logins = replace(POINT_RULES["daily_login"], enabled=False)
    comparison = simulate({"daily_login": logins}, FIRST, LAST)
    assert comparison.activities["daily_login"].now.points == 0
    assert comparison.activities["week_streak"].then.points > 0
    assert comparison.activities["week_streak"].now.entries == 0
    assert comparison.gaining == 0
    assert all(before > after for before, after in comparison.levels)


def test_level_changes_are_counted_from_and_to() -> None:
    for name, quizzes in (("ada", 6), ("bob", 6), ("eve", 1)):
        user = get_user_model().objects.create_user(name)
        with time_machine.travel(START, tick=False):
            for _ in range(quizzes):
                PointsService.award_points(user, QUIZ)
    comparison = simulate({QUIZ: replace(RULE, base_points=10)}, FIRST, LAST)
    assert comparison.levels == {(2, 1): 2}
    assert (comparison.members, comparison.losing) == (3, 3)
    assert [moved.change for moved in comparison.least()] == [-60, -60, -10]


def test_what_a_draft_newly_completes_is_paid_by_the_rule_in_force() -> None:
    user = get_user_model().objects.create_user("ada")
    with time_machine.travel(START + timedelta(hours=10), tick=False) as clock:
        publish("feedback_given", _two_a_day(), reason="Less.")
        current.forget()
        clock.shift(60)
        for number in range(5):
            PointsService.award_points(user, "feedback_given", {"event_key": f"f:{number}"})
    draft = {"feedback_given": POINT_RULES["feedback_given"]}
    comparison = simulate(draft, FIRST, LAST)
    goal = comparison.activities["feedback_week_goal"]
    assert (goal.then.entries, goal.now.entries, goal.now.points) == (0, 1, 25)
    assert [moved.change for moved in comparison.most()] == [3 * 10 + 25]


def _two_a_day() -> Rule:
    return replace(POINT_RULES["feedback_given"], max_per_day=2, over_cap=())


def test_metadata_a_draft_cannot_use_is_counted_and_not_fatal() -> None:
    user = get_user_model().objects.create_user("ada")
    with time_machine.travel(START, tick=False):
        PointsService.award_points(user, QUIZ, {"difficulty": 3})
        PointsService.award_points(user, QUIZ, {"difficulty": "easy"})
    draft = {QUIZ: replace(RULE, base_points=30, modifiers=(BY_DIFFICULTY,))}
    comparison = simulate(draft, FIRST, LAST)
    assert comparison.unusable == 1
    assert comparison.activities[QUIZ].now.points == 10


def test_events_whose_rule_is_gone_from_the_code_stay_as_recorded(settings: Any) -> None:
    user = get_user_model().objects.create_user("ada")
    with time_machine.travel(START, tick=False):
        PointsService.award_points(user, QUIZ)
    rules = {**POINT_RULES, QUIZ: replace(RULE, base_points=15)}
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": rules}
    comparison = simulate({}, FIRST, LAST)
    assert comparison.as_recorded == 1
    assert comparison.reproduces


def test_an_empty_span_says_so() -> None:
    with pytest.raises(EmptySpan, match="from 2026-01-01 to 2026-01-31: the ledger is empty"):
        simulate({}, date(2026, 1, 1), date(2026, 1, 31))
    with time_machine.travel(START, tick=False):
        PointsService.award_points(get_user_model().objects.create_user("ada"), QUIZ)
    with pytest.raises(EmptySpan, match="has entries from 2026-03-02 to 2026-03-02"):
        simulate({}, date(2026, 1, 1), date(2026, 1, 31))


def test_a_simulation_writes_nothing(community: list[Any]) -> None:
    before = list(PointsHistory.objects.order_by("pk").values())
    simulate({QUIZ: replace(RULE, base_points=10)}, FIRST, LAST)
    assert list(PointsHistory.objects.order_by("pk").values()) == before
    assert Outcome.AWARDED in {row["outcome"] for row in before}


def test_a_reversed_adjustment_is_replayed() -> None:
    user = get_user_model().objects.create_user("ada")
    with time_machine.travel(START, tick=False):
        PointsService.award_points(user, QUIZ, {"event_key": "q"})
        PointsService.adjust(user, 50, "thanks", event_key="gift")
        PointsService.reverse(user, "gift", "the wrong member")
        comparison = simulate({}, FIRST, LAST)
    assert comparison.reproduces
    assert (comparison.total.then.points, comparison.total.now.points) == (20, 20)


def test_a_reversed_goal_is_taken_off_the_day_that_it_has_in_the_replay() -> None:
    user = get_user_model().objects.create_user("ada")
    goal = "feedback_week_goal"
    with time_machine.travel(START + timedelta(days=6), tick=False):
        for number in range(6):
            at = START + timedelta(days=number // 2)
            key = {"event_key": f"f:{number}"}
            PointsService.award_points(user, "feedback_given", key, occurred_at=at)
        entry = PointsHistory.objects.get(activity_type=goal)
        PointsService.reverse(user, entry.event_key, "a mistake")
    assert entry.day == FIRST + timedelta(days=2)
    draft = {"feedback_given": replace(POINT_RULES["feedback_given"], max_per_day=1, over_cap=())}
    earlier = {"feedback_given": replace(POINT_RULES["feedback_given"], base_points=11)}
    comparison = Comparison(since=FIRST, until=LAST)
    for rules, awards in ((draft, 0), (earlier, 0)):
        ((_, rows),) = by_member(PointsHistory.objects.all())
        replay = Replay(
            user.pk, Plan(book=current.rulebook(), draft=rules, since=FIRST, until=LAST), comparison
        )
        replay.run(rows)
        days = replay._days.get(goal, {}).values()
        assert [(day.awards, day.points) for day in days] == [(awards, 0)] * len(days)
