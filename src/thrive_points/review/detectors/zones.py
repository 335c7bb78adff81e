"""Zone edges: a member whose clock travels back and forth to have more days."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from thrive_points.review.finding import Finding
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "zones"
LOOKS_FOR = (
    "4 or more changes of the member's time zone by over 2 hours within 14 days; a journey "
    "there and back makes 2."
)

JUMPS = 4
WITHIN = timedelta(days=14)
SLACK = timedelta(hours=2)
"""Daylight saving moves a clock by an hour or two and is no journey."""

_DAY = timedelta(days=1)


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield a finding if a member's days can only be explained by a clock that jumps."""
    jumps = list(_jumps(events))
    if not any(
        last.occurred_at - first.occurred_at <= WITHIN
        for first, last in zip(jumps, jumps[JUMPS - 1 :], strict=False)
    ):
        return
    days = [event.day for event in jumps]
    inside = [event for event in events if min(days) <= event.day <= max(days)]
    yield Finding(
        detector=NAME,
        members=(member,),
        activity_types=tuple(sorted({event.activity_type for event in inside})),
        since=min(days),
        until=max(days),
        points=sum(event.points for event in inside),
        summary=f"The clock jumped {len(jumps)} times by more than two hours.",
        evidence=tuple(
            f"{event.occurred_at:%Y-%m-%d %H:%M} UTC counts in {event.day}, which the clock "
            "before it could not show."
            for event in jumps
        ),
    )


def _jumps(events: Sequence[EventRow]) -> Iterator[EventRow]:
    """Yield the events whose day no clock can show that showed the days before them."""
    west, east = -_DAY, _DAY
    # In the order of the ledger: a late event counts by the zone the member had when it came in.
    for event in sorted(events, key=lambda event: event.number):
        # The day's midnight, were the member in UTC: the offsets that put the instant into it.
        midnight = datetime.combine(event.day, time(), tzinfo=UTC)
        lowest, highest = midnight - event.occurred_at, midnight + _DAY - event.occurred_at
        if lowest > east + SLACK or highest < west - SLACK:
            yield event
            west, east = lowest, highest
        else:
            west, east = max(west, min(lowest, east)), min(east, max(highest, west))
