"""The documented rules, streaks and levels are the shipped ones: prose and code cannot part."""

from pathlib import Path

from thrive_points.core.levels import LEVELS
from thrive_points.rules.registry import GOALS, POINT_RULES, STREAKS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "rules.md").read_text()


def test_the_table_of_rules_is_the_registry():
    expected = []
    for name, rule in POINT_RULES.items():
        tiers = "".join(f", then {tier.awards} at {tier.percent}%" for tier in rule.over_cap)
        expected.append(
            f"| `{name}` | {rule.category} | {rule.base_points} | {rule.max_per_day or ''}{tiers} "
            f"| {rule.max_per_week or ''} | {rule.effort}, {rule.impact}, {rule.frequency} |"
        )
    table = PAGE.split("## The rules that ship")[1].split("##")[0]
    documented = [line for line in table.splitlines() if line.startswith("| `")]
    assert documented == expected


def test_every_streak_and_goal_is_documented():
    table = PAGE.split("## Streaks and goals")[1].split("##")[0]
    for streak in STREAKS:
        for every, pays in streak.pays:
            assert any(
                f"every {every}th" in row and f"`{pays}`" in row for row in table.split("\n")
            )
    for goal in GOALS:
        assert f"| {goal.awards} `{goal.activity}` in a week | `{goal.pays}` |" in table


def test_every_level_is_documented():
    levels = PAGE.split("## Levels")[1]
    assert all(f"{start:,}" in levels for start in LEVELS.starts)
