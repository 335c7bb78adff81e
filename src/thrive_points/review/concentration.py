"""How evenly points are spread over the members who earned any."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from django.db.models import Sum

from thrive_points.models import PointsDailyTotal
from thrive_points.review.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """Who holds how much of a span's points.

    Args:
        members: members with points in the span.
        points: what they hold together.
        top_1_percent, top_10_percent: share of the points that so many of the members hold;
            the number of members is rounded up.
        gini: 0 when all hold the same, near 1 when one member holds everything.
        lorenz: share of the points that the lowest 0, 10, ... 100 percent of members hold.
    """

    members: int
    points: int
    top_1_percent: float
    top_10_percent: float
    gini: float
    lorenz: tuple[float, ...]


def concentration(span: Span) -> Concentration:
    """Return how concentrated the points of a span are."""
    totals = (
        PointsDailyTotal.objects.filter(day__range=span.bounds)
        .values("user_id")
        .annotate(total=Sum("points"))
        .values_list("total", flat=True)
        .order_by()
    )
    # Counted by total, so that memory grows with the different totals and not with members.
    return spread(Counter(total for total in totals.iterator(chunk_size=5_000) if total > 0))


def spread(members_by_total: Counter[int]) -> Concentration:
    """Return the concentration of totals, given how many members hold each.

    Args:
        members_by_total: number of members by their points, all above 0.
    """
    members = members_by_total.total()
    rising = sorted(members_by_total.items())
    points = sum(total * count for total, count in rising)
    if not members:
        return Concentration(
            members=0, points=0, top_1_percent=0.0, top_10_percent=0.0, gini=0.0, lorenz=()
        )
    below = held = 0
    area = 0
    for total, count in rising:
        # Twice the area under the Lorenz curve, in units of members times points.
        area += count * (2 * held + total * count)
        below += count
        held += total * count
    return Concentration(
        members=members,
        points=points,
        top_1_percent=_held_by_top(rising, ceil(members / 100)),
        top_10_percent=_held_by_top(rising, ceil(members / 10)),
        gini=1 - area / (members * points),
        lorenz=tuple(
            float(_held_by_lowest(rising, Fraction(members * n, 10)) / points) for n in range(11)
        ),
    )


def _held_by_top(rising: list[tuple[int, int]], members: int) -> float:
    everybody = sum(count for _, count in rising)
    points = sum(total * count for total, count in rising)
    return float(1 - _held_by_lowest(rising, Fraction(everybody - members)) / points)


def _held_by_lowest(rising: list[tuple[int, int]], members: Fraction) -> Fraction:
    """Return what so many members hold, a part of a member holding that part."""
    held = Fraction(0)
    for total, count in rising:
        taken = min(Fraction(count), members)
        held += taken * total
        members -= taken
        if not members:
            break
    return held
