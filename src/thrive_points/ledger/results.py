"""What a call of PointsService answers."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from thrive_points.core.event import Outcome, Step
from thrive_points.core.levels import level_of
from thrive_points.core.words import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardResult:
    """The answer to one event, reversal or adjustment.

    Args:
        outcome: what became of it; a refusal is an outcome, not an error.
        activity_type: the activity's name.
        event_key: the key it is recorded under.
        points_awarded: change of the total by this call; 0 for a refusal or duplicate, below
            zero for a reversal.
        total_points: the user's total after the call.
        number: of the entry in the member's history; of the earlier one for a duplicate or
            conflict.
        rule_revision: the version of the rule that decided.
        label: the rule's words for the activity.
        arithmetic: the steps that led to the points.
        reason: why a correction was made.
        also_earned: awards for streaks and goals this one completed.
    """

    outcome: Outcome
    activity_type: str
    event_key: str
    points_awarded: int
    total_points: int
    number: int
    rule_revision: str = ""
    label: str
    arithmetic: tuple[Step, ...] = ()
    reason: str = ""
    also_earned: tuple["AwardResult", ...] = ()

    @property
    def level(self) -> int:
        """Return the user's level after the call."""
        return level_of(self.total_points)

    @property
    def leveled_up(self) -> bool:
        """Return whether this award, with what it completed, lifted the level."""
        gained = self.points_awarded + sum(also.points_awarded for also in self.also_earned)
        return self.level > level_of(self.total_points - gained)

    @property
    def capped(self) -> bool:
        """Return whether a cap refused the event; one paid in part is `reduced`, not capped."""
        return self.outcome is Outcome.CAPPED

    @property
    def explanation(self) -> str:
        """Return the answer in one plain sentence for the member, in the active language."""
        return explain(
            self.outcome,
            self.points_awarded,
            self.label,
            self.arithmetic,
            self.reason,
            say=translation,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready data."""
        return {
            "points_awarded": self.points_awarded,
            "capped": self.capped,
            "outcome": self.outcome.value,
            "activity_type": self.activity_type,
            "event_key": self.event_key,
            "number": self.number,
            "rule_revision": self.rule_revision,
            "total_points": self.total_points,
            "level": self.level,
            "leveled_up": self.leveled_up,
            "explanation": self.explanation,
            "arithmetic": [list(step) for step in self.arithmetic],
            "also_earned": [also.as_dict() for also in self.also_earned],
        }
