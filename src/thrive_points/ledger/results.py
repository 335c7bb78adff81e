"""What a call of PointsService answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import translation

from thrive_points.conf import points_settings
from thrive_points.core.event import Outcome, Step
from thrive_points.core.words import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """What was answered when an event key was first used, and what became of it since.

    Args:
        outcome: as it was decided then.
        activity_type: what it was counted as.
        points: what it changed the total by then.
        number: of its entry.
        rule_revision: the version of the rule that decided.
        label: the rule's words for the activity.
        arithmetic: the steps that led to the points.
        reason: why a correction was made.
        day: the member's calendar day that it counts in.
        occurred_at: when the event happened.
        recorded_at: when it was decided.
        also_earned: awards for streaks and goals that it completed.
        reversed: whether it was taken back since.
        promoted: points it was paid besides, once a reversal had left room.
    """

    outcome: Outcome
    activity_type: str
    points: int
    number: int
    rule_revision: str = ""
    label: str
    arithmetic: tuple[Step, ...] = ()
    reason: str = ""
    day: date
    occurred_at: datetime
    recorded_at: datetime
    also_earned: tuple["FirstAnswer", ...] = ()
    reversed: bool = False
    promoted: int = 0

    @property
    def explanation(self) -> str:
        """Return the first answer's sentence, as the member could have read it."""
        return explain(
            self.outcome, self.points, self.label, self.arithmetic, self.reason, say=translation
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the first answer as JSON-ready data."""
        return {
            "points": self.points,
            "outcome": self.outcome.value,
            "activity_type": self.activity_type,
            "number": self.number,
            "rule_revision": self.rule_revision,
            "day": self.day.isoformat(),
            "occurred_at": self.occurred_at.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "explanation": self.explanation,
            "arithmetic": [list(step) for step in self.arithmetic],
            "also_earned": [also.as_dict() for also in self.also_earned],
            "reversed": self.reversed,
            "promoted": self.promoted,
        }


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
            conflict, and so are the day and the instants.
        rule_revision: the version of the rule that decided.
        label: the rule's words for the activity.
        arithmetic: the steps that led to the points.
        reason: why a correction was made, or the user may not earn.
        day: the member's calendar day that the entry counts in.
        occurred_at: when the event happened.
        recorded_at: when it was decided.
        also_earned: awards for streaks and goals this one completed; of a reversal, promotions
            of events that its place was free for.
        also_reversed: what a reversal took back besides: the entry's promotions, and its marks
            if that was asked for.
        first: for a duplicate or conflict, what was answered when the key was first used.
        differs: for a duplicate or conflict, the names of what is not as it was then, such as
            "occurred_at" or "metadata.score".
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
    day: date
    occurred_at: datetime
    recorded_at: datetime
    also_earned: tuple["AwardResult", ...] = ()
    also_reversed: tuple["AwardResult", ...] = ()
    first: FirstAnswer | None = None
    differs: tuple[str, ...] = ()

    @property
    def level(self) -> int:
        """Return the user's level after the call."""
        return points_settings().levels.level_of(self.total_points)

    @property
    def level_before(self) -> int:
        """Return the user's level before the call."""
        also = self.also_earned + self.also_reversed
        gained = self.points_awarded + sum(one.points_awarded for one in also)
        return points_settings().levels.level_of(self.total_points - gained)

    @property
    def leveled_up(self) -> bool:
        """Return whether this award, with what it completed, lifted the level."""
        return self.level > self.level_before

    @property
    def capped(self) -> bool:
        """Return whether a cap or a tier beyond one took something: the whole or a part."""
        return self.outcome in (Outcome.CAPPED, Outcome.REDUCED)

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
            "day": self.day.isoformat(),
            "occurred_at": self.occurred_at.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "total_points": self.total_points,
            "level": self.level,
            "leveled_up": self.leveled_up,
            "explanation": self.explanation,
            "arithmetic": [list(step) for step in self.arithmetic],
            "also_earned": [also.as_dict() for also in self.also_earned],
            "also_reversed": [also.as_dict() for also in self.also_reversed],
            "first": self.first.as_dict() if self.first else None,
            "differs": list(self.differs),
        }
