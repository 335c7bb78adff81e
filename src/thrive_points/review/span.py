"""The span of days that is reviewed, and the one before it that it is compared with."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from thrive_points.exceptions import PointsError

_DAY = timedelta(days=1)
DEFAULT_DAYS = 28
"""Four whole weeks: two such spans have the same weekdays in them."""
LONGEST_DAYS = 3_660


EARLIEST = date(1970, 1, 1)
"""No event is older."""


class InvalidSpan(PointsError):
    """The span ends before it begins, is longer than ten years, or older than any event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Calendar days from `since` to `until`, both included.

    A day is the member's own: what counts is the day an entry counts in.
    """

    since: date
    until: date

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise InvalidSpan(f"since {self.since} is after until {self.until}; swap them")
        if self.days > LONGEST_DAYS:
            raise InvalidSpan(f"{self.days} days are asked for; allowed are up to {LONGEST_DAYS}")

    def __str__(self) -> str:
        return f"{self.since} to {self.until}"

    @property
    def days(self) -> int:
        """Return the number of days."""
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Span":
        """Return the span of equal length that ends the day before this one begins."""
        return Span(since=self.since - self.days * _DAY, until=self.since - _DAY)

    @property
    def bounds(self) -> tuple[date, date]:
        """Return both ends, as a `range` lookup takes them."""
        return self.since, self.until


def span_of(since: date | None = None, until: date | None = None) -> Span:
    """Return the span between two days.

    Args:
        since: the first day; by default 28 days end with `until`.
        until: the last day; by default yesterday, the last day that is whole.

    Raises:
        InvalidSpan: `since` lies after `until` or too long before it, or `until` before 1970.
    """
    last = until or timezone.localdate() - _DAY
    if last < EARLIEST:
        raise InvalidSpan(f"until is {last}; no event is older than {EARLIEST}")
    return Span(since=since or last - (DEFAULT_DAYS - 1) * _DAY, until=last)
