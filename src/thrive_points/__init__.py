"""A points platform for Django: one service, one registry, an append-only ledger.

Every public name can be imported from here. Those that need a configured Django are looked up
when they are first asked for, so that a feature's constants module, a data script or a type
checker can import the others. docs/reference/public.md lists what is public.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from thrive_points.core.activities import ActivityType, Category
from thrive_points.core.event import Decision, Event, Outcome, Step
from thrive_points.core.levels import LEVELS, Levels
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Modifier, Rule, Tier
from thrive_points.core.streaks import Goal, Streak, Unit
from thrive_points.core.usage import Usage
from thrive_points.exceptions import (
    InvalidCorrection,
    InvalidEvent,
    InvalidEventKey,
    InvalidLevels,
    InvalidMetadata,
    InvalidOccurredAt,
    InvalidRule,
    InvalidUser,
    PointsError,
    SingleWriterError,
    UnknownActivityType,
)
from thrive_points.rules.registry import GOALS, POINT_RULES, STREAKS
from thrive_points.typing import AwardEvent, HasPoints

if TYPE_CHECKING:
    from thrive_points.ledger.profile import XPService
    from thrive_points.ledger.results import AwardResult, FirstAnswer
    from thrive_points.services import PointsService
    from thrive_points.signals import level_changed, points_recorded, silenced

__all__ = [
    "GOALS",
    "LEVELS",
    "POINT_RULES",
    "STREAKS",
    "ActivityType",
    "AwardEvent",
    "AwardResult",
    "Category",
    "Decision",
    "Effort",
    "Event",
    "FirstAnswer",
    "Frequency",
    "Goal",
    "HasPoints",
    "Impact",
    "InvalidCorrection",
    "InvalidEvent",
    "InvalidEventKey",
    "InvalidLevels",
    "InvalidMetadata",
    "InvalidOccurredAt",
    "InvalidRule",
    "InvalidUser",
    "Levels",
    "Modifier",
    "Outcome",
    "PointsError",
    "PointsService",
    "Rule",
    "SingleWriterError",
    "Step",
    "Streak",
    "Tier",
    "Unit",
    "UnknownActivityType",
    "Usage",
    "XPService",
    "level_changed",
    "points_recorded",
    "silenced",
]

__version__ = "0.2.0"

_NEED_DJANGO = {
    "AwardResult": "thrive_points.ledger.results",
    "FirstAnswer": "thrive_points.ledger.results",
    "PointsService": "thrive_points.services",
    "XPService": "thrive_points.ledger.profile",
    "level_changed": "thrive_points.signals",
    "points_recorded": "thrive_points.signals",
    "silenced": "thrive_points.signals",
}


def __getattr__(name: str) -> Any:
    """Return a public name that needs Django."""
    if name not in _NEED_DJANGO:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_NEED_DJANGO[name]), name)


def __dir__() -> list[str]:
    """Return the names of the module, those that need Django among them."""
    return sorted({*globals(), *__all__})
