"""The rules while measuring: the shipped ones, and an activity whose caps are far away.

Its caps are looked at in every award, as a real rule's are, but they never end a run.
"""

from dataclasses import replace

from thrive_points.core.activities import ActivityType
from thrive_points.rules.registry import POINT_RULES

ACTIVITY = "measured"
CAP = 1_000_000_000

RULES = {
    **POINT_RULES,
    ACTIVITY: replace(POINT_RULES[ActivityType.QUIZ_COMPLETED], max_per_day=CAP, max_per_week=CAP),
}
