"""Streaks and goals, declared as data beside the rules.

Each names the activity type it pays; that activity's own rule says how much.
"""

from dataclasses import dataclass

from thrive_points.activities import ActivityType
from thrive_points.core.streaks import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A run of active days or weeks that pays every so many.

    Args:
        name: stable key under which the profile keeps the run; never reuse one.
        activity: the activity type that makes a day or week active; None for any award.
        unit: days or weeks.
        forgiven: misses between two active ones that do not break the run.
        pays: (every, activity type) pairs: each multiple of `every` earns the activity.
    """

    name: str
    activity: str | None
    unit: Unit
    pays: tuple[tuple[int, str], ...]
    forgiven: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A number of awards of one activity in one ISO week that pays once that week.

    Args:
        activity: the activity type that is counted.
        awards: how many of its awards in a week reach the goal.
        pays: the activity type the goal earns.
    """

    activity: str
    awards: int
    pays: str


LOGIN_STREAK = "login"
"""The streak a member sees as "your streak"."""

STREAKS: tuple[Streak, ...] = (
    Streak(
        name=LOGIN_STREAK,
        activity=ActivityType.DAILY_LOGIN,
        unit=Unit.DAY,
        forgiven=1,
        pays=((7, ActivityType.WEEK_STREAK), (30, ActivityType.MONTH_STREAK)),
    ),
    Streak(
        name="circle_weeks",
        activity=ActivityType.CIRCLE_VISITED,
        unit=Unit.WEEK,
        pays=((4, ActivityType.CIRCLE_MONTH_GOAL),),
    ),
    Streak(
        name="active_weeks",
        activity=None,
        unit=Unit.WEEK,
        pays=((5, ActivityType.FIVE_ACTIVE_WEEKS),),
    ),
)

GOALS: tuple[Goal, ...] = (
    Goal(
        activity=ActivityType.FEEDBACK_GIVEN,
        awards=5,
        pays=ActivityType.FEEDBACK_WEEK_GOAL,
    ),
)
