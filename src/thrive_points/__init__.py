"""A points platform for Django: one service, one registry, an append-only ledger.

Only names that need no configured Django are exported here, so that a feature's
constants module, a data script or a type checker can import them.
"""

from thrive_points.core.activities import ActivityType, Category
from thrive_points.core.event import Decision, Event, Outcome
from thrive_points.core.rule import Rule
from thrive_points.core.usage import Usage
from thrive_points.exceptions import PointsError

__all__ = [
    "ActivityType",
    "Category",
    "Decision",
    "Event",
    "Outcome",
    "PointsError",
    "Rule",
    "Usage",
]

__version__ = "0.2.0"
