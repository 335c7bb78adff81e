"""Midnight edges: one sitting that spends the caps of two days."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from thrive_points.review.caps import LOWEST_CAP
from thrive_points.review.finding import Finding
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "midnight"
LOOKS_FOR = (
    "On 2 or more nights, more awards of one activity within half an hour before and after the "
    "member's midnight than its daily cap, for caps of 3 and more."
)

NIGHTS = 2
REACH = timedelta(minutes=30)


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield a finding for each activity a member did beyond its cap around midnights."""
    by_activity: defaultdict[str, list[EventRow]] = defaultdict(list)
    for event in events:
        if event.paid:
            by_activity[event.activity_type].append(event)
    for activity_type, paid in by_activity.items():
        nights = list(_nights(paid, activity_type, rules))
        if len(nights) < NIGHTS:
            continue
        around = [event for _, sitting in nights for event in sitting]
        yield Finding(
            detector=NAME,
            members=(member,),
            activity_types=(activity_type,),
            since=around[0].day,
            until=around[-1].day,
            points=sum(event.points for event in around),
            summary=(
                f"More {rules.label(activity_type)} around midnight than a day allows, "
                f"on {len(nights)} nights."
            ),
            evidence=tuple(
                f"Night to {day}: {len(sitting)} awards between "
                f"{sitting[0].occurred_at:%H:%M} and {sitting[-1].occurred_at:%H:%M} UTC."
                for day, sitting in nights
            ),
        )


def _nights(
    paid: Sequence[EventRow], activity_type: str, rules: RulesByDay
) -> Iterator[tuple[date, Sequence[EventRow]]]:
    times = [event.occurred_at for event in paid]
    for index, (last, first) in enumerate(pairwise(paid), start=1):
        rule = rules.on(activity_type, first.day)
        cap = rule.max_per_day if rule else None
        next_day = first.day - last.day == timedelta(days=1)
        if cap is None or cap < LOWEST_CAP or not next_day:
            continue
        # Midnight lies somewhere between the two; each side is measured from the other's edge.
        start = bisect_left(times, first.occurred_at - REACH)
        end = bisect_right(times, last.occurred_at + REACH)
        if start < index < end and end - start > cap:
            yield first.day, paid[start:end]
