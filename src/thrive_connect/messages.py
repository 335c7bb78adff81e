"""What a listener hears: made from the ledger when it is delivered, so it is never out of date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Sum

from thrive_connect.kinds import Kind
from thrive_connect.models import Outgoing, SiteNews
from thrive_points.conf import points_settings
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.rules.current import rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One piece of news.

    Args:
        id: the same however often it is delivered, so that a receiver can count it once.
        kind: what happened.
        at: when.
        data: what a receiver needs to know of it, JSON-ready.
        user_id: whose it is; None for news of the site.
        number: number of the entry it is about.
    """

    id: str
    kind: Kind
    at: datetime
    data: Mapping[str, Any]
    user_id: Any = None
    number: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the body of a webhook."""
        return {"type": self.kind.value, "timestamp": self.at.isoformat(), "data": dict(self.data)}


def message_of(news: Outgoing | SiteNews) -> Message | None:
    """Return the message of what is queued; None where there is nothing to tell.

    A level is looked at only here, where nobody waits: most entries do not change it.
    """
    if isinstance(news, SiteNews):
        return Message(
            id=f"site-{news.pk}",
            kind=Kind(news.kind),
            at=news.queued_at,
            data={"subject": news.subject, **news.data},
        )
    entry = PointsHistory.objects.filter(user_id=news.user_id, number=news.number).first()
    if entry is None:
        return None  # A test flushed the ledger.
    total = _total_after(entry)
    level_of = points_settings().levels.level_of
    level, before = level_of(total), level_of(total - entry.points)
    if news.kind == Kind.LEVEL_CHANGED and level == before:
        return None
    return Message(
        id=f"{news.user_id}-{news.number}-{news.kind}",
        kind=Kind(news.kind),
        at=entry.recorded_at,
        data={**_facts(entry), "total_points": total, "level": level, "level_before": before},
        user_id=news.user_id,
        number=news.number,
    )


def _facts(entry: PointsHistory) -> dict[str, Any]:
    book = rulebook()
    category = book.category_of(entry.activity_type)
    return {
        "member": str(entry.user_id),
        "number": entry.number,
        "activity_type": entry.activity_type,
        "label": book.label_of(entry.activity_type),
        "category": category.value if category else None,
        "outcome": entry.outcome,
        "points": entry.points,
        "event_key": entry.event_key,
        "occurred_at": entry.occurred_at.isoformat(),
        "day": entry.day.isoformat(),
        "rule_revision": entry.rule_revision,
        "arithmetic": entry.arithmetic,
        "explanation": entry.explanation,
        "reverses": entry.reverses,
        "cause": entry.cause,
    }


def _total_after(entry: PointsHistory) -> int:
    """Return the member's total after an entry, read from the newer ones: usually none."""
    account = UserThriveProfile.objects.get(user_id=entry.user_id)
    newer = PointsHistory.objects.filter(
        user_id=entry.user_id, number__gt=entry.number, number__lte=account.last_number
    ).aggregate(points=Sum("points", default=0))
    return int(account.total_xp - newer["points"])
