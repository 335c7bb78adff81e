"""What a cap refused or reduced in a week, and under which key it is promoted."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from thrive_points.core.event import Event, Outcome
from thrive_points.core.periods import week_of
from thrive_points.core.promotion import Short
from thrive_points.ledger.columns import Entry
from thrive_points.validation import own_key

FREES_ROOM: Mapping[str, Any] = {"frees_room": True}
"""What a reversal says in its entry if its room was given to others: a replay gives it too."""

SHORT = (Outcome.CAPPED, Outcome.REDUCED)


def promotion_key(number: int, cause: int) -> str:
    """Return the key of a promotion.

    Args:
        number: of the entry of the event that is promoted.
        cause: number of the reversal that left room.
    """
    return own_key("promotion", number, cause)


def promoted_number(event_key: str) -> int:
    """Return the number of the entry that a promotion's key names."""
    return int(event_key.split(":")[1])


def shorts_of(entries: Sequence[Entry]) -> list[Short]:
    """Return the events among a week's entries that a cap refused or reduced, as they stand.

    What was taken back, or whose promotion was, is left out: it is paid no more.

    Args:
        entries: with what corrected them, in the order of days and instants.
    """
    reversed_numbers = {entry.reverses for entry in entries}
    promoted: dict[int, list[Entry]] = {}
    for entry in entries:
        if entry.outcome == Outcome.PROMOTED:
            promoted.setdefault(promoted_number(entry.event_key), []).append(entry)
    found = []
    for entry in entries:
        own = [entry, *promoted.get(entry.number, ())]
        if entry.outcome in SHORT and reversed_numbers.isdisjoint(one.number for one in own):
            points, awards = sum(one.points for one in own), sum(one.awards for one in own)
            found.append(Short(entry.number, _event_of(entry), points, awards > 0))
    return found


def promoted_event(short: Short, cause: int) -> Event:
    """Return the event under which a promotion is recorded."""
    return replace(
        short.event,
        event_key=promotion_key(short.number, cause),
        metadata={"promotes": short.number},
    )


def _event_of(entry: Entry) -> Event:
    return Event(
        activity_type=entry.activity_type,
        event_key=entry.event_key,
        occurred_at=entry.occurred_at,
        day=entry.day,
        week=week_of(entry.day),
        metadata=entry.metadata,
    )
