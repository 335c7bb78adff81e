"""Usage: what a member had already for an activity type around an event.

Awards, batches, replays and pages all ask `usage_of`, so they cannot count differently.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

_DAY = timedelta(days=1)
_TO_SUNDAY = timedelta(days=6)


class DayTotal(NamedTuple):
    """What a member had of one activity type in one day.

    Args:
        awards: paid awards that hold a place under the caps.
        points: their points, corrections included.
        capped: events that a cap refused.
        last_awarded_at: latest paid instant, whether or not it was taken back since.
    """

    awards: int = 0
    points: int = 0
    capped: int = 0
    last_awarded_at: datetime | None = None

    def plus(self, awards: int, points: int, capped: int, occurred_at: datetime) -> "DayTotal":
        """Return the total with one entry's effect on its day added."""
        last = self.last_awarded_at
        if awards > 0 and (last is None or occurred_at > last):
            last = occurred_at
        return DayTotal(self.awards + awards, self.points + points, self.capped + capped, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a user already had for one activity type around an event.

    Args:
        day_awards, week_awards: awards paid in the event's day and week.
        day_points, week_points: their points.
        last_awarded_at: the nearest paid instant up to the event's; where the exact one was not
            asked for, the latest in that week or the day before it.
        next_awarded_at: the nearest paid instant after an event that was delivered late.
    """

    day_awards: int = 0
    day_points: int = 0
    week_awards: int = 0
    week_points: int = 0
    last_awarded_at: datetime | None = None
    next_awarded_at: datetime | None = None


class Nearest(NamedTuple):
    """The paid instants of an activity type around an event, within its rule's cooldown.

    Whether one was taken back since makes no difference: a burst is still one.

    Args:
        before: the latest up to the event's.
        after: the earliest from there on.
    """

    before: datetime | None = None
    after: datetime | None = None


def nearest_among(instants: Sequence[datetime], at: datetime) -> Nearest:
    """Return those of some paid instants, given in order, that lie next to an event's."""
    before, after = bisect_right(instants, at), bisect_left(instants, at)
    return Nearest(
        instants[before - 1] if before else None,
        instants[after] if after < len(instants) else None,
    )


NOTHING = DayTotal()


def days_that_count(day: date, week: date) -> tuple[date, date]:
    """Return the first and last day a decision looks at.

    They are those of the event's week and the day before the event, since a cooldown of up
    to a day looks back across Monday's midnight.

    Args:
        day: the event's day.
        week: Monday of its week.
    """
    return min(week, day - _DAY), week + _TO_SUNDAY


def usage_of(
    days: Mapping[date, DayTotal], day: date, week: date, nearest: Nearest | None = None
) -> Usage:
    """Return the usage around an event.

    Args:
        days: totals of the event's activity type by day; other days do no harm.
        day: the event's day.
        week: Monday of its week.
        nearest: the paid instants around the event, where its rule has a cooldown.
    """
    if not days and nearest is None:
        return _UNUSED
    awards = points = 0
    latest: datetime | None = None
    on, last = days_that_count(day, week)
    while on <= last:
        total = days.get(on)
        if total is not None:
            if on >= week:
                awards += total.awards
                points += total.points
            at = total.last_awarded_at
            if at is not None and (latest is None or at > latest):
                latest = at
        on += _DAY
    today = days.get(day, NOTHING)
    return Usage(
        day_awards=today.awards,
        day_points=today.points,
        week_awards=awards,
        week_points=points,
        last_awarded_at=latest if nearest is None else nearest.before,
        next_awarded_at=None if nearest is None else nearest.after,
    )


_UNUSED = Usage()
