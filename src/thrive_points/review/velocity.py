"""How fast members climb the levels."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from thrive_points.conf import points_settings
from thrive_points.models import PointsDailyTotal
from thrive_points.review.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """How far members who started a span at one level came.

    Args:
        level: at the start of the span.
        members: active members who started there.
        climbed: those who ended it on a higher level.
        median_gain, highest_gain: levels gained.
        median_points: points earned in the span.
    """

    level: int
    members: int
    climbed: int
    median_gain: float
    highest_gain: int
    median_points: float


def velocity(span: Span) -> tuple[Velocity, ...]:
    """Return the level velocity of the members active in a span, by their level before it."""
    rows = (
        PointsDailyTotal.objects.filter(day__gte=span.since)
        .values("user_id")
        .annotate(
            inside=Coalesce(Sum("points", filter=Q(day__lte=span.until)), 0),
            after=Coalesce(Sum("points", filter=Q(day__gt=span.until)), 0),
            active=Sum("awards", filter=Q(day__lte=span.until)),
        )
        .filter(active__gt=0)
        .values_list("user__thrive_profile__total_xp", "inside", "after")
        .order_by()
    )
    gains: dict[int, Counter[int]] = {}
    points: dict[int, Counter[int]] = {}
    level_of = points_settings().levels.level_of
    for total, inside, after in rows.iterator(chunk_size=5_000):
        end = (total or 0) - after
        level = level_of(end - inside)
        gains.setdefault(level, Counter())[level_of(end) - level] += 1
        points.setdefault(level, Counter())[inside] += 1
    return tuple(
        Velocity(
            level=level,
            members=gained.total(),
            climbed=sum(count for gain, count in gained.items() if gain > 0),
            median_gain=_median(gained),
            highest_gain=max(gained),
            median_points=_median(points[level]),
        )
        for level, gained in sorted(gains.items())
    )


def _median(counts: Counter[int]) -> float:
    # Walks the counted values, so that a million equal ones cost no more than one.
    middle = (counts.total() + 1) / 2
    lower = upper = None
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if lower is None and seen >= int(middle):
            lower = value
        if upper is None and seen >= middle:
            upper = value
            break
    assert lower is not None
    assert upper is not None
    return (lower + upper) / 2
