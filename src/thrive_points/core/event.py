"""An event, and what becomes of it: the outcome, the points, and the arithmetic behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple


def never(ordinal: int) -> bool:
    """Return that a calendar has every date, as all but a few have."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One business event for one user, already placed on the calendar.

    Args:
        activity_type: name of the rule that decides it.
        event_key: idempotency key, unique per user.
        occurred_at: aware instant.
        day: the user's local day of that instant.
        week: Monday of that day's week.
        metadata: JSON-ready facts of the feature.
        not_eligible: why the user may not earn, as the host said at delivery; empty if they may.
        skips: whether the user's calendar has no instant of a date, named by its ordinal.
    """

    activity_type: str
    event_key: str
    occurred_at: datetime
    day: date
    week: date
    metadata: Mapping[str, Any] = field(default_factory=dict)
    not_eligible: str = ""
    skips: Callable[[int], bool] = field(default=never, repr=False, compare=False)


class Outcome(StrEnum):
    """What became of an event: six answers of `decide`, two of the key, and the rest."""

    AWARDED = "awarded"
    REDUCED = "reduced"
    CAPPED = "capped"
    COOLING_DOWN = "cooling_down"
    NOT_ELIGIBLE = "not_eligible"
    DISABLED = "disabled"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REVERSED = "reversed"
    ADJUSTED = "adjusted"
    PROMOTED = "promoted"
    IMPORTED = "imported"

    pays: bool
    """Whether the outcome is an award that took a place under the caps."""

    def __init__(self, value: str) -> None:
        # Set once: every award asks for it several times.
        self.pays = value in ("awarded", "reduced")


class Step(NamedTuple):
    """One step of the arithmetic.

    `value` is the points after the step; for the counting steps "today" and "this_week"
    it is the number of this award. `of` is what it is measured against: the cap, or the
    percentage of a diminishing step.
    """

    name: str
    value: int
    of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a rule answers to an event: the outcome, the points and how they came about."""

    outcome: Outcome
    points: int
    arithmetic: tuple[Step, ...]
