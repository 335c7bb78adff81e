"""The shipped values, against the design's table, and the one place a rule is declared."""

import subprocess
import sys

from thrive_points.core.activities import ActivityType
from thrive_points.core.rule import Tier
from thrive_points.rules.definitions import fingerprint, from_definition, to_definition
from thrive_points.rules.registry import POINT_RULES

DESIGN = """
quiz_completed | learning | 20 | 10 | | medium, medium, often
tutorial_completed | learning | 10 | 10 | | medium, medium, often
side_quest_completed | learning | 30 | 5 | | medium, high, sometimes
scavenger_hunt_completed | learning | 50 | | 3 | high, high, rarely
battle_participated | creation | 25 | 10 | | medium, medium, often
battle_won | challenge | 20 | 10 | | medium, medium, sometimes
project_created | creation | 10 | 5 | | medium, medium, often
project_published | creation | 15 | 5 | | medium, high, sometimes
weekly_challenge_submitted | creation | 25 | | 1 | medium, high, sometimes
weekly_challenge_completed | challenge | 75 | | 1 | high, high, rarely
quest_chain_completed | challenge | 100 | | 1 | high, high, rarely
project_milestone_reached | challenge | 50 | | 1 | high, high, rarely
feedback_given | community | 10 | 5 | | medium, medium, often
project_shared | community | 15 | 3 | | medium, medium, sometimes
mentor_session_held | community | 50 | | 2 | high, high, rarely
referral_converted | community | 50 | | 5 | high, high, rarely
circle_reaction | community | 1 | 10 | | low, low, often
daily_login | participation | 5 | 1 | | low, low, often
event_attended | participation | 15 | 2 | | medium, medium, sometimes
circle_joined | participation | 5 | | 1 | low, low, often
circle_visited | participation | 2 | 1 | | low, low, often
challenge_opted_in | participation | 3 | | 1 | low, low, often
week_streak | consistency | 25 | | 1 | medium, medium, sometimes
month_streak | consistency | 100 | | 1 | high, high, rarely
feedback_week_goal | consistency | 25 | | 1 | medium, medium, sometimes
circle_month_goal | consistency | 50 | | 1 | high, high, rarely
five_active_weeks | consistency | 50 | | 1 | high, high, rarely
"""


def test_the_registry_ships_the_designs_values():
    shipped = [
        " | ".join(
            [
                name,
                rule.category,
                str(rule.base_points),
                str(rule.max_per_day or ""),
                str(rule.max_per_week or ""),
                f"{rule.effort}, {rule.impact}, {rule.frequency}",
            ]
        )
        for name, rule in POINT_RULES.items()
    ]
    designed = [" | ".join(part.strip() for part in line.split("|")) for line in DESIGN.split("\n")]
    assert shipped == [line for line in designed if line]
    assert POINT_RULES["feedback_given"].over_cap == (Tier(awards=5, percent=50),)
    assert list(POINT_RULES) == list(ActivityType)


def test_a_rule_survives_becoming_data():
    for name, rule in POINT_RULES.items():
        again = from_definition(to_definition(rule), revision="")
        assert again == rule, name


def test_a_fingerprint_changes_with_the_rule_alone():
    marks = {fingerprint(rule) for rule in POINT_RULES.values()}
    assert len(marks) == len(POINT_RULES)
    assert {fingerprint(rule) for rule in POINT_RULES.values()} == marks


def test_the_words_and_rules_load_without_django():
    code = (
        "import sys, thrive_points, thrive_points.rules.registry, thrive_points.rules.registry\n"
        "import thrive_points.rules.definitions, thrive_points.core.decide\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="src"
    )
    assert done.stdout.strip() == "[]"
