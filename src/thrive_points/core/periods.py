"""The one clock: an instant and a member's zones give the local day and its ISO week.

Caps, streaks, weekly XP and charts all ask here, so they can never disagree about when a
day ends.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

_TICK = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_FAR = timedelta(days=3)
"""More than the dates of any two clocks are apart."""


class Period(NamedTuple):
    """The calendar day of an event and the Monday its ISO week starts on."""

    day: date
    week: date


def period_of(instant: datetime, zone: tzinfo) -> Period:
    """Return the local day and week of an aware instant in a zone.

    Raises:
        ValueError: the instant is naive; without an offset it names no moment.
    """
    day = _day_in(zone, instant)
    return Period(day=day, week=week_of(day))


def _day_in(zone: tzinfo, instant: datetime) -> date:
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} is naive; give an aware datetime")
    local = instant.astimezone(zone)
    day = local.date()
    # Clocks that are set back over midnight show yesterday again: a day that began goes on.
    if local.fold and day_starts(day + _DAY, zone) <= instant:
        return day + _DAY
    return day


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


class ZoneChange(NamedTuple):
    """A change of a member's zone.

    Args:
        after: the date on which it was made, which both clocks have to end first.
        zone: the zone from then on.
    """

    after: date
    zone: tzinfo


class Calendar(NamedTuple):
    """The dates of one member: a zone, and the changes to others since.

    Dates never go back as time goes forward. A change leaves alone what was before it: the date
    on which it is made stays until it has ended by the old clock and the new one shows a later one.

    Args:
        zone: the first one.
        changes: in the order in which they were made.
    """

    zone: tzinfo
    changes: tuple[ZoneChange, ...] = ()

    def period_of(self, instant: datetime) -> Period:
        """Return the day and week of an aware instant.

        Raises:
            ValueError: the instant is naive.
        """
        day = self._day_of(instant) if self.changes else _day_in(self.zone, instant)
        return Period(day=day, week=week_of(day))

    def _day_of(self, instant: datetime) -> date:
        # What lies far behind has no say any more, so the cost does not grow with the changes.
        decided = len(self.changes)
        settled = _day_in(UTC, instant) - _FAR
        while decided and settled <= self.changes[decided - 1].after:
            decided -= 1
        day = _day_in(self.changes[decided - 1].zone if decided else self.zone, instant)
        for after, zone in self.changes[decided:]:
            if day > after:
                day = max(after, _day_in(zone, instant))
        return day

    def starts(self, day: date) -> datetime:
        """Return the first instant, in UTC, at which a day or a later one is reached."""
        starts = []
        for after, zone in reversed(self.changes):
            if day > after:
                starts.append(day_starts(day, zone))
                day = after + _DAY
        return max([*starts, day_starts(day, self.zone)])

    def skips(self, ordinal: int) -> bool:
        """Return whether no instant has a date, as where a journey crosses the date line.

        Args:
            ordinal: the date's.
        """
        day = date.fromordinal(ordinal)
        return self.starts(day) == self.starts(day + _DAY)


def week_name(week: date) -> str:
    """Return the ISO name of the week that starts on a Monday, such as 2026-W47."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02d}"
