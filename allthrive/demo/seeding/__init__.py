"""What each feature adds to the demonstration's community. `plan.py` says what is asked of it."""

from allthrive.demo.seeding import (
    accounts,
    battles,
    challenges,
    circles,
    events,
    hunts,
    mentoring,
    projects,
    quizzes,
    referrals,
    side_quests,
    tutorials,
)

FEATURES = (
    accounts,
    quizzes,
    tutorials,
    projects,
    circles,
    side_quests,
    battles,
    challenges,
    hunts,
    events,
    mentoring,
    referrals,
)
"""In this order, which decides what comes first of two things that happen at one instant."""
SEEDS = tuple(feature.seed for feature in FEATURES)
RESPONSES = (circles.seed_responses,)
