"""The columns of the member's tables, each declared once.

Inserts, functions, reading back, replay and audit are built from these. `PointsHistory` in
models.py declares them to Django; a test holds the two together.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from thrive_points.core.event import Outcome


def _key_or_instant(value: Any) -> str:
    """Return the text of what JSON has no kind for: a date, an instant, or a member's key."""
    if isinstance(value, Mapping | Iterable):
        raise TypeError(f"{value!r} is a {type(value).__name__}, which JSON cannot keep")
    return str(value)


encode = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_key_or_instant
).encode
"""Returns the JSON text of a value; dates, instants and keys become text."""

decode = json.JSONDecoder().decode


class Entry(NamedTuple):
    """One row of PointsHistory.

    Args:
        user_id: the member's key.
        number: 1, 2, 3 ... for each member.
        activity_type: what it is for.
        points: change of the total.
        outcome: what became of the event.
        event_key: unique for the member.
        occurred_at: when the event happened.
        recorded_at: when it was decided.
        day: the member's calendar day it counts in.
        rule_revision: the version of the rule that decided; empty for a correction.
        arithmetic: the steps that led to the points.
        metadata: JSON-ready facts of the feature.
        reverses: number of the entry it takes back.
        cause: number of the entry it follows from.
        actor_id: key of the user who decided it; None for the system.
        description: the rule's label, or the reason of a correction.
        awards: what it does to the day's paid awards: 1 for an award, -1 for its reversal.
        capped: 1 for an event that a cap refused.
    """

    user_id: Any
    number: int
    activity_type: str
    points: int
    outcome: str
    event_key: str
    occurred_at: datetime
    recorded_at: datetime
    day: date
    rule_revision: str = ""
    arithmetic: Any = ()
    metadata: Any = {}
    reverses: int | None = None
    cause: int | None = None
    actor_id: Any = None
    description: str = ""
    awards: int = 0
    capped: int = 0

    @property
    def pays(self) -> bool:
        """Return whether the entry is an award that took a place under the caps."""
        return Outcome(self.outcome).pays


POSTGRESQL_TYPES = {
    "user_id": "{user_type}",
    "number": "bigint",
    "activity_type": "varchar",
    "points": "bigint",
    "outcome": "varchar",
    "event_key": "varchar",
    "occurred_at": "timestamptz",
    "recorded_at": "timestamptz",
    "day": "date",
    "rule_revision": "varchar",
    "arithmetic": "jsonb",
    "metadata": "jsonb",
    "reverses": "bigint",
    "cause": "bigint",
    "actor_id": "{user_type}",
    "description": "varchar",
    "awards": "smallint",
    "capped": "smallint",
}

PERSONAL = ("event_key", "metadata", "actor_id", "description")
"""What an erasure blanks. Everything else of an entry is kept for ever."""

VERSION = "v1"
"""Version of the functions that name every column; a new column makes it the next one."""

_SHOWN_AT = "CASE WHEN outcome IN ('reversed', 'adjusted') THEN recorded_at ELSE occurred_at END"
_SHOWS_ENTRY = (
    "entry.user_id = event.user_id AND entry.number = event.number AND entry.points = event.amount "
    "AND entry.points <> 0 AND entry.activity_type = event.source "
    f"AND entry.description = event.description AND {_SHOWN_AT} = event.created_at"
)
_UNCHANGED = (f"NEW.{name} IS OLD.{name}" for name in Entry._fields if name not in PERSONAL)
_ARGUMENTS = ", ".join(f"p_{name}" for name in Entry._fields)
_PROFILE = "p_total_xp, p_week, p_week_xp, p_streaks"

PLACEHOLDERS: Mapping[str, str] = {
    "{version}": VERSION,
    "{columns}": ", ".join(Entry._fields),
    "{values}": ", ".join(["%s"] * len(Entry._fields)),
    "{parameters}": ", ".join(f"p_{name} {POSTGRESQL_TYPES[name]}" for name in Entry._fields),
    "{array_parameters}": ", ".join(
        f"p_{name} {POSTGRESQL_TYPES[name]}[]" for name in Entry._fields
    ),
    "{shows_entry}": _SHOWS_ENTRY,
    "{shown_at}": _SHOWN_AT,
    "{unchanged}": " AND ".join(_UNCHANGED),
}
"""What the columns are called in named SQL, which XP event shows an entry, and when, and what no
erasure touches."""

ONE_ENTRY: Mapping[str, str] = {
    "{once}": "NOT MATERIALIZED",
    "{entries}": f"(VALUES ({_ARGUMENTS}))",
    "{standings}": f"(VALUES (p_user_id, {_PROFILE}, p_number))",
}
MANY_ENTRIES: Mapping[str, str] = {
    "{once}": "MATERIALIZED",
    "{entries}": f"unnest({_ARGUMENTS})",
    "{standings}": f"unnest(p_member, {_PROFILE}, p_last_number)",
}
"""Where a function finds its entries, and where their members stand."""

text_of_steps = lru_cache(maxsize=1024)(encode)
"""Returns the JSON text of an arithmetic: decisions under one rule differ little."""


def with_json_text(entry: Entry) -> Entry:
    """Return an entry whose JSON columns are text, as a driver takes them."""
    return entry._replace(
        arithmetic=text_of_steps(entry.arithmetic), metadata=encode(entry.metadata)
    )


def entry_from_json(found: Mapping[str, Any]) -> Entry:
    """Return the entry of a row that the database gave as a JSON object."""
    values = {name: found[name] for name in Entry._fields}
    for name in ("occurred_at", "recorded_at"):
        values[name] = datetime.fromisoformat(values[name])
    values["day"] = date.fromisoformat(values["day"])
    return Entry(**values)
