"""Taking back a selection of a member's entries for one reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService
from thrive_points.sql.dialect import writing_connection


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


def with_reversals(member: Any) -> QuerySet[Any]:
    """Return a member's entries, each told whether it was taken back: `is_reversed`."""
    # Led by the member, so that their part of the ledger is all that is looked through.
    reversals = PointsHistory.objects.filter(user_id=member.pk, reverses_id=OuterRef("pk"))
    entries: QuerySet[Any] = PointsHistory.objects.filter(user_id=member.pk).annotate(
        is_reversed=Exists(reversals)
    )
    return entries


def reversible(member: Any, entry_ids: Iterable[int]) -> list[PointsHistory]:
    """Return those of a member's entries that gave points and were not taken back."""
    return list(
        with_reversals(member)
        .filter(pk__in=list(entry_ids), is_reversed=False)
        .exclude(outcome=Outcome.REVERSED.value)
        .exclude(points=0)
        .order_by("pk")
    )


def reverse_entries(
    member: Any, entry_ids: Iterable[int], reason: str, actor: Any
) -> ReversalSummary:
    """Take back entries of one member, all of them or none.

    Args:
        member: whose entries.
        entry_ids: primary keys; those of other members or without points are left out.
        reason: up to 300 characters, which the member will read.
        actor: the user who decided it.

    Raises:
        PointsError: the reason is empty or too long; nothing was written.
    """
    entries = reversible(member, entry_ids)
    with transaction.atomic(using=writing_connection(PointsHistory).alias):
        results = [
            PointsService.reverse(member, entry.event_key, reason, actor=actor) for entry in entries
        ]
    taken = [result for result in results if result.outcome is Outcome.REVERSED]
    return ReversalSummary(
        reversed=len(taken),
        points=-sum(result.points_awarded for result in taken),
        before=len(results) - len(taken),
        total=member.total_points,
        level=member.level,
    )
