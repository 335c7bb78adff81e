"""Reading the ledger member by member, in the order of recording, with bounded memory."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Max, Min, QuerySet, TextField, Value
from django.db.models.functions import Cast

from thrive_points.exceptions import PointsError
from thrive_points.ledger.columns import Entry
from thrive_points.models import PointsHistory

ROWS_A_FETCH = 5_000


class EmptySpan(PointsError):
    """There is nothing to simulate in the days asked for."""


_READ = {"metadata": "metadata_text", "arithmetic": "no_arithmetic"}
"""Columns that are read in another form: few metadata are looked at, and no arithmetic."""


def check_span(since: date, until: date) -> QuerySet[Any]:
    """Return the entries to read for a span of days: all up to the last one recorded of it.

    Entries of later days are among them where an event of the span was delivered late, for
    they had a part in what it met.

    Raises:
        EmptySpan: none of them is in the span; the message says what the ledger has.
    """
    within = PointsHistory.objects.filter(day__gte=since, day__lte=until)
    last = within.aggregate(last=Max("recorded_at"))
    if last["last"] is None:
        has = PointsHistory.objects.aggregate(first=Min("day"), last=Max("day"))
        known = (
            f"the ledger has entries from {has['first']} to {has['last']}"
            if has["first"]
            else "the ledger is empty"
        )
        raise EmptySpan(f"No events from {since} to {until}: {known}")
    return PointsHistory.objects.filter(recorded_at__lte=last["last"])


def by_member(entries: QuerySet[Any]) -> Iterator[tuple[Any, list[Entry]]]:
    """Yield each member with their entries, in the order they were recorded.

    Memory holds one fetch and one member's entries. Their metadata are JSON text.
    """
    rows = (
        entries.order_by("user_id", "number")
        .annotate(metadata_text=Cast("metadata", TextField()), no_arithmetic=Value(""))
        .values_list(*(_READ.get(name, name) for name in Entry._fields))
        .iterator(chunk_size=ROWS_A_FETCH)
    )
    for user_id, group in groupby(rows, key=itemgetter(0)):
        yield user_id, [Entry._make(row) for row in group]
