"""Reading the ledger member by member, in the order of recording, with bounded memory."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Max, Min, QuerySet, TextField
from django.db.models.functions import Cast

from thrive_points.exceptions import PointsError
from thrive_points.models import PointsHistory

ROWS_A_FETCH = 5_000


class EmptySpan(PointsError):
    """There is nothing to simulate in the days asked for."""


class Row(NamedTuple):
    """An entry as it was recorded; `metadata` is JSON text, for few of them are looked at."""

    user_id: Any
    entry_id: int
    activity_type: str
    points: int
    outcome: str
    event_key: str
    occurred_at: datetime
    day: date
    rule_revision: str
    metadata: str
    reverses: int | None


def check_span(since: date, until: date) -> QuerySet[Any]:
    """Return the entries to read for a span of days: all up to the last one recorded of it.

    Entries of later days are among them where an event of the span was delivered late, for
    they had a part in what it met.

    Raises:
        EmptySpan: none of them is in the span; the message tells what the ledger has.
    """
    last = PointsHistory.objects.filter(day__gte=since, day__lte=until).aggregate(last=Max("pk"))
    if last["last"] is None:
        has = PointsHistory.objects.aggregate(first=Min("day"), last=Max("day"))
        known = (
            f"the ledger has entries from {has['first']} to {has['last']}"
            if has["first"]
            else "the ledger is empty"
        )
        raise EmptySpan(f"No events from {since} to {until}: {known}")
    return PointsHistory.objects.filter(pk__lte=last["last"])


def by_member(entries: QuerySet[Any]) -> Iterator[tuple[Any, list[Row]]]:
    """Yield each member with their entries, in the order they were recorded.

    Memory holds one fetch and one member's entries.
    """
    rows = (
        entries.order_by("user_id", "pk")
        .annotate(metadata_text=Cast("metadata", TextField()))
        .values_list(
            "user_id",
            "pk",
            "activity_type",
            "points",
            "outcome",
            "event_key",
            "occurred_at",
            "day",
            "rule_revision",
            "metadata_text",
            "reverses_id",
        )
        .iterator(chunk_size=ROWS_A_FETCH)
    )
    for user_id, group in groupby(rows, key=itemgetter(0)):
        yield user_id, [Row._make(row) for row in group]
