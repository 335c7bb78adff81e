"""Members far beyond everybody else who is active, and that without better and worse days."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import exp, log
from statistics import fmean, pstdev, quantiles
from typing import Any

from thrive_points.review.finding import Finding
from thrive_points.review.records import DayRow
from thrive_points.rules.current import ADJUSTMENT

NAME = "outlier"
LOOKS_FOR = (
    "Points beyond the range of all active members (3 quartile ranges above the middle half's end, "
    "in logarithms), or beyond half of that where every day brings nearly the same: 14 or more "
    "days that vary by less than a fifth, 10 or more awards each."
)

LEAST_MEMBERS = 30
"""Fewer have no range that means anything."""
BEYOND = 3.0
BEYOND_IF_EVEN = 0.75
DAYS = 14
EVEN = 0.2
PER_DAY = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Total:
    points: int
    days: int
    per_day: float
    varies: float
    since: date
    until: date
    activity_types: tuple[str, ...]


@dataclass(slots=True)
class Totals:
    """What each member earned in a span, gathered member by member."""

    members: dict[Any, _Total] = field(default_factory=dict)

    def add(self, member: Any, rows: Sequence[DayRow]) -> None:
        """Take in one member's days."""
        points, awards = Counter[date](), Counter[date]()
        for row in rows:
            if row.activity_type != ADJUSTMENT and row.awards > 0:
                points[row.day] += row.points
                awards[row.day] += row.awards
        if points.total() <= 0:
            return
        per_day = fmean(awards.values())
        self.members[member] = _Total(
            points=points.total(),
            days=len(awards),
            per_day=per_day,
            varies=pstdev(awards.values()) / per_day,
            since=min(points),
            until=max(points),
            activity_types=tuple(sorted({row.activity_type for row in rows if row.awards > 0})),
        )


def examine(totals: Totals) -> Iterator[Finding]:
    """Yield a finding for each member out of the range of the others."""
    if len(totals.members) < LEAST_MEMBERS:
        return
    lower, middle, upper = quantiles([log(one.points) for one in totals.members.values()], n=4)
    width = max(upper - lower, 0.25)
    for member, one in totals.members.items():
        beyond = (log(one.points) - upper) / width
        even = one.days >= DAYS and one.varies < EVEN and one.per_day >= PER_DAY
        if beyond < (BEYOND_IF_EVEN if even else BEYOND):
            continue
        yield Finding(
            detector=NAME,
            members=(member,),
            activity_types=one.activity_types,
            since=one.since,
            until=one.until,
            points=one.points,
            summary=(
                f"{one.points:,} points, {one.points / exp(middle):.1f} times what the "
                "middle member has."
            ),
            evidence=(
                f"{one.days} active days with {one.per_day:.1f} awards each, which vary by "
                f"{one.varies:.0%}.",
            ),
        )
