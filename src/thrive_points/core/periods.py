"""The one clock: an instant and a zone give the local day and its ISO week.

Caps, streaks, weekly XP and charts all ask here, so they can never disagree about when a
day ends.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_TICK = timedelta(microseconds=1)


class Period(NamedTuple):
    """The calendar day of an event and the Monday its ISO week starts on."""

    day: date
    week: date


def period_of(instant: datetime, zone: tzinfo) -> Period:
    """Return the local day and week of an aware instant in a zone.

    Raises:
        ValueError: the instant is naive; without an offset it names no moment.
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} is naive; give an aware datetime")
    day = instant.astimezone(zone).date()
    return Period(day=day, week=week_of(day))


def week_of(day: date) -> date:
    """Return the Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def day_starts(day: date, zone: tzinfo) -> datetime:
    """Return the first instant of a local day, in UTC.

    Midnight may not exist (clocks spring over it) and a whole day may be missing (a zone
    that crosses the date line): the answer is then the first instant after the gap.
    """
    midnight = datetime.combine(day, time(), tzinfo=zone)
    starts = midnight.astimezone(UTC)
    if (starts - _TICK).astimezone(zone).date() < day:
        return starts
    # The clocks sprang from before midnight to after it, so midnight read with the old
    # offset is too late, and read with the new one (fold=1) too early.
    early = midnight.replace(fold=1).astimezone(UTC)
    while starts - early > _TICK:
        middle = early + (starts - early) / 2
        if middle.astimezone(zone).date() < day:
            early = middle
        else:
            starts = middle
    return starts


def week_name(week: date) -> str:
    """Return the ISO name of the week that starts on a Monday, such as 2026-W47."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02d}"
