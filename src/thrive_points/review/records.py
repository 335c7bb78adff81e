"""What detectors read: the ledger of a span, one member at a time, so that memory stays bounded."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from thrive_points.core.event import Outcome
from thrive_points.models import PointsDailyTotal, PointsHistory
from thrive_points.review.span import Span

COUNTERPART = "counterpart"
"""Metadata key by which a feature names the other member of an event: their primary key, or a
list of the keys of several."""
OBJECT = "object"
"""Metadata key of what an event was about; without it, the first whose name ends with `_id`."""
TEXT = "text"
"""Metadata key of what a member wrote."""
SCORE = "score"
"""Metadata key of how well it was done, a number."""

_CHUNK = 5_000


class DayRow(NamedTuple):
    """A member's daily total of one activity type."""

    activity_type: str
    day: date
    awards: int
    points: int
    capped: int


class EventRow(NamedTuple):
    """A member's decided event that has not been reversed."""

    number: int
    activity_type: str
    outcome: str
    points: int
    occurred_at: datetime
    day: date
    others: tuple[str, ...] = ()
    object: str | None = None
    text: str | None = None
    score: float | None = None

    @property
    def paid(self) -> bool:
        """Return whether the event took a slot of the caps."""
        return Outcome(self.outcome).pays


def days_by_member(span: Span) -> Iterator[tuple[Any, list[DayRow]]]:
    """Yield each member with their daily totals of a span, by day."""
    rows = (
        PointsDailyTotal.objects.filter(day__range=span.bounds)
        .order_by("user_id", "day", "activity_type")
        .values_list("user_id", "activity_type", "day", "awards", "points", "capped")
    )
    for member, group in groupby(rows.iterator(chunk_size=_CHUNK), key=itemgetter(0)):
        yield member, [DayRow(*row[1:]) for row in group]


def events_by_member(span: Span) -> Iterator[tuple[Any, list[EventRow]]]:
    """Yield each member with their events of a span, in the order they happened.

    Corrections are left out, and so is what they took back: a case that staff have dealt
    with does not come up again.
    """
    rows = (
        PointsHistory.objects.filter(day__range=span.bounds)
        .order_by("user_id", "occurred_at", "number")
        .values_list(
            "user_id",
            "reverses",
            "number",
            "activity_type",
            "outcome",
            "points",
            "occurred_at",
            "day",
            "metadata",
        )
    )
    for member, group in groupby(rows.iterator(chunk_size=_CHUNK), key=itemgetter(0)):
        kept, reversed_numbers = [], set()
        for _, reverses, *row in group:
            if reverses is not None:
                reversed_numbers.add(reverses)
            elif row[2] != Outcome.ADJUSTED:
                *facts, metadata = row
                kept.append(EventRow(*facts, **facts_of(metadata)))
        yield member, [row for row in kept if row.number not in reversed_numbers]


def facts_of(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return what detectors look at in an event's metadata, by the names of `EventRow`."""
    if not metadata:
        return {}
    given = metadata.get(COUNTERPART)
    others = given if isinstance(given, list) else [] if given is None else [given]
    about = metadata.get(OBJECT)
    if about is None:
        about = next((value for name, value in metadata.items() if name.endswith("_id")), None)
    text, score = metadata.get(TEXT), metadata.get(SCORE)
    return {
        "others": tuple(str(other) for other in others),
        "object": None if about is None else str(about),
        "text": text if isinstance(text, str) else None,
        "score": float(score) if isinstance(score, int | float) else None,
    }
