"""What the ledger knows of a member's events, asked by their keys."""

from collections.abc import Iterable

from allthrive.accounts.models import User
from thrive_points import AwardResult, PointsService
from thrive_points.models import PointsHistory


def counted(member: User, keys: Iterable[str]) -> set[str]:
    """Return those of some event keys that the member's ledger holds, refusals included."""
    found = PointsHistory.objects.filter(user_id=member.pk, event_key__in=list(keys))
    return set(found.values_list("event_key", flat=True))


def take_back(
    member: User, keys: Iterable[str], *, reason: str, actor: User | None
) -> list[AwardResult]:
    """Take back what some events gave, and the goals that they completed.

    Events the ledger does not hold, such as those of imported rows, have nothing to take back.

    Args:
        member: whose events they are.
        keys: the keys they were awarded under.
        reason: what the member reads, 1 to 200 characters.
        actor: who decides.
    """
    entries = PointsHistory.objects.filter(user_id=member.pk, event_key__in=list(keys))
    known = list(entries.order_by("number").values_list("event_key", flat=True))
    # The day's other work is not paid now: nobody gains by what is taken down.
    return PointsService.reverse_many(
        member, known, reason, actor, free_room=False, with_marks=True
    )
