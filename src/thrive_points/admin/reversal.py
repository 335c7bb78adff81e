"""Taking back a selection of a member's entries for one reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService
from thrive_points.validation import own_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalSummary:
    """What a reversal of several entries did.

    Args:
        reversed: entries taken back by it.
        points: what they had paid.
        before: entries that somebody had taken back before.
        total, level: where the member stands now.
    """

    reversed: int
    points: int
    before: int
    total: int
    level: int


def with_reversals(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return entries that each know whether they were taken back: `is_reversed`."""
    # Found by its key, which is unique; there is no index on what an entry reverses.
    key = Concat(Value(own_key("reversal", "")), Cast(OuterRef("number"), CharField()))
    reversals = PointsHistory.objects.filter(user_id=OuterRef("user_id"), event_key=key)
    annotated: QuerySet[Any] = entries.annotate(is_reversed=Exists(reversals))
    return annotated


def reversible(member: Any, numbers: Iterable[int]) -> list[PointsHistory]:
    """Return those of a member's entries that gave points and were not taken back."""
    entries = PointsHistory.objects.filter(user_id=member.pk, number__in=list(numbers))
    return list(
        with_reversals(entries)
        .filter(is_reversed=False)
        .exclude(outcome=Outcome.REVERSED.value)
        .exclude(points=0)
        .order_by("number")
    )


def reverse_entries(
    member: Any, numbers: Iterable[int], reason: str, actor: Any
) -> ReversalSummary:
    """Take back entries of one member, all of them or none.

    Args:
        member: whose entries.
        numbers: of the entries; those without points are left out.
        reason: up to 300 characters, which the member will read.
        actor: the user who decided it.

    Raises:
        PointsError: the reason is empty or too long; nothing was written.
    """
    keys = [entry.event_key for entry in reversible(member, numbers)]
    results = PointsService.reverse_many(member, keys, reason, actor=actor)
    taken = [result for result in results if result.outcome is Outcome.REVERSED]
    return ReversalSummary(
        reversed=len(taken),
        points=-sum(result.points_awarded for result in taken),
        before=len(results) - len(taken),
        total=member.total_points,
        level=member.level,
    )
