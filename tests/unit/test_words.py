"""The sentences members read, one for every outcome."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from thrive_points.core.decide import decide
from thrive_points.core.event import Event, Outcome
from thrive_points.core.rule import Tier
from thrive_points.core.usage import Usage
from thrive_points.core.words import explain, steps_from_json
from thrive_points.rules.registry import POINT_RULES

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
EVENT = Event(
    activity_type="quiz_completed",
    event_key="k",
    occurred_at=NOON,
    day=date(2026, 3, 4),
    week=date(2026, 3, 2),
    metadata={"difficulty": "easy"},
)
QUIZ = POINT_RULES["quiz_completed"]
HUNT = POINT_RULES["scavenger_hunt_completed"]
FEEDBACK = POINT_RULES["feedback_given"]


@pytest.mark.parametrize(
    ("rule", "usage", "sentence"),
    [
        (QUIZ, Usage(day_awards=2), "20 for a completed quiz; 3 of 10 today."),
        (HUNT, Usage(), "50 for a solved scavenger hunt; 1 of 3 this week."),
        (
            POINT_RULES["side_quest_completed"],
            Usage(day_awards=1),
            "10 for a completed side quest (30, then 10 by difficulty); 2 of 5 today.",
        ),
        (
            replace(POINT_RULES["side_quest_completed"], over_cap=(Tier(5, 50),)),
            Usage(day_awards=5),
            "5 for a completed side quest (30, then 10 by difficulty): 50% beyond 5 today.",
        ),
        (
            FEEDBACK,
            Usage(day_awards=5),
            "5 for feedback on a project: 50% beyond 5 today.",
        ),
        (
            replace(QUIZ, max_points_per_day=50),
            Usage(day_awards=2, day_points=40),
            "10 for a completed quiz: all that was left of 50 points today.",
        ),
        (
            QUIZ,
            Usage(day_awards=10),
            "Nothing for a completed quiz: 10 of 10 today; again tomorrow.",
        ),
        (
            FEEDBACK,
            Usage(day_awards=10),
            "Nothing for feedback on a project: 10 of 10 today; again tomorrow.",
        ),
        (
            HUNT,
            Usage(week_awards=3),
            "Nothing for a solved scavenger hunt: 3 of 3 this week; again next week.",
        ),
        (
            replace(QUIZ, max_points_per_week=40),
            Usage(week_points=40),
            "Nothing for a completed quiz: all 40 points of this week are earned; again next week.",
        ),
        (
            replace(QUIZ, cooldown=timedelta(hours=1)),
            Usage(day_awards=1, last_awarded_at=NOON),
            "Nothing for a completed quiz: too soon after the last one.",
        ),
        (
            replace(QUIZ, enabled=False),
            Usage(),
            "Nothing for a completed quiz: it earns no points at the moment.",
        ),
        (
            replace(QUIZ, max_per_day=1, max_per_week=2, over_cap=(Tier(9, 50),)),
            Usage(day_awards=3, week_awards=4),
            "10 for a completed quiz: 50% beyond 1 today and 2 this week.",
        ),
    ],
)
def test_a_decision_in_one_sentence(rule, usage, sentence):
    decision = decide(rule, usage, EVENT)
    # What the ledger keeps is JSON: the sentence must come back from it unchanged.
    kept = steps_from_json([list(step) for step in decision.arithmetic])
    assert explain(decision.outcome, decision.points, rule.label, kept) == sentence


def test_the_key_and_the_corrections_in_one_sentence():
    told = [
        explain(Outcome.DUPLICATE, 0, QUIZ.label, ()),
        explain(Outcome.CONFLICT, 0, QUIZ.label, ()),
        explain(Outcome.REVERSED, -20, QUIZ.label, (), "posted twice"),
        explain(Outcome.ADJUSTED, -15, "", (), "a quiz that was broken"),
        explain(Outcome.ADJUSTED, 15, "", (), "thanks for the report"),
    ]
    assert told == [
        "Nothing more for a completed quiz: this was counted before.",
        "Nothing more for a completed quiz: this was counted before.",
        "20 taken back for a completed quiz: posted twice",
        "-15 by the team: a quiz that was broken",
        "+15 by the team: thanks for the report",
    ]


def test_every_outcome_has_its_words():
    for outcome in Outcome:
        assert explain(outcome, 1, "a thing", (), "a reason")
