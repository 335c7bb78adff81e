"""Points that staff gave by hand: who gave how many to whom."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Sum

from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.review.span import Span


class Correction(NamedTuple):
    """What one member of the staff gave one member, all together."""

    member: Any
    actor: Any
    times: int
    points: int
    since: date
    until: date


def corrections_of(span: Span) -> Iterator[Correction]:
    """Yield who gave points to whom in a span, added up by the database."""
    rows = (
        PointsHistory.objects.filter(
            day__range=span.bounds, outcome=Outcome.ADJUSTED, points__gt=0, actor__isnull=False
        )
        .values_list("user_id", "actor_id")
        .annotate(times=Count("number"), given=Sum("points"), first=Min("day"), last=Max("day"))
        .order_by("user_id", "actor_id")
    )
    for row in rows.iterator(chunk_size=5_000):
        yield Correction._make(row)
