"""Usage: what a member had already for an activity type around an event."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a user already had for one activity type around an event.

    Args:
        day_awards, week_awards: awards paid in the event's day and week.
        day_points, week_points: their points.
        last_awarded_at: latest paid instant in that week or the day before it.
    """

    day_awards: int = 0
    day_points: int = 0
    week_awards: int = 0
    week_points: int = 0
    last_awarded_at: datetime | None = None
