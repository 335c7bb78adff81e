"""What is answered under an event key that is in the ledger already; nothing is written."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from thrive_points.core.event import Event, Outcome
from thrive_points.core.periods import week_of
from thrive_points.core.resent import Differences, differences
from thrive_points.core.rule import Rule
from thrive_points.core.words import steps_from_json
from thrive_points.ledger.columns import Entry, decode, encode
from thrive_points.ledger.profile import Account, show
from thrive_points.ledger.results import AwardResult, FirstAnswer
from thrive_points.ledger.shorts import SHORT, promoted_number
from thrive_points.ledger.store import Store
from thrive_points.rules.current import rulebook
from thrive_points.validation import own_key

logger = logging.getLogger("thrive_points")

_WEEK = timedelta(days=6)
_HAS_REASON = (Outcome.REVERSED, Outcome.ADJUSTED, Outcome.NOT_ELIGIBLE)


def answer_known(
    store: Store,
    user: Any,
    event: Event,
    account: Account,
    existing: Entry,
    label: str,
    differs: Differences,
) -> AwardResult:
    """Answer an event whose key is in the ledger by what was answered first.

    Args:
        store: where the ledger is kept.
        user: whose event it is.
        event: that came now.
        account: opened for it.
        existing: the entry under its key.
        label: the words for its activity.
        differs: in what the event differs from the one that was counted.
    """
    show(user, account.standing)
    if differs.decisive:
        logger.warning(
            "Event key %r of user %s was counted for something else: %s. Nothing was written; a "
            "key names one thing that was done.",
            event.event_key,
            account.user_id,
            ", ".join(differs.decisive),
        )
    return AwardResult(
        outcome=Outcome.CONFLICT if differs.decisive else Outcome.DUPLICATE,
        activity_type=event.activity_type,
        event_key=event.event_key,
        points_awarded=0,
        total_points=account.standing.total_xp,
        number=existing.number,
        label=label,
        day=existing.day,
        occurred_at=existing.occurred_at,
        recorded_at=existing.recorded_at,
        first=_first_answer(store, existing),
        differs=differs.decisive + differs.other,
    )


def event_differs(event: Event, existing: Entry, rule: Rule, now: datetime) -> Differences:
    """Return in what an event differs from the one that was counted under its key.

    Args:
        event: that came now.
        existing: the entry under its key.
        rule: in force for the event now.
        now: what the event occurred at if it came without an instant.
    """
    return differences(
        # As the ledger gives metadata back: a tuple is a list there.
        replace(event, metadata=decode(encode(event.metadata))),
        rulebook().named(existing.activity_type, existing.rule_revision) or rule,
        activity_type=existing.activity_type,
        metadata=decode(encode(existing.metadata)),
        occurred_at=None if event.occurred_at == now else existing.occurred_at,
    )


def adjustment_differs(event: Event, points: int, reason: str, existing: Entry) -> Differences:
    """Return in what an adjustment differs from what was counted under its key."""
    if existing.activity_type != event.activity_type:
        return Differences(("activity_type",))
    return Differences(
        ("points",) if existing.points != points else (),
        ("reason",) if existing.description != reason else (),
    )


def _first_answer(store: Store, entry: Entry) -> FirstAnswer:
    completed = store.following(entry.user_id, entry.number) if entry.awards > 0 else ()
    reversal = None
    if entry.outcome != Outcome.REVERSED:
        reversal = store.find(entry.user_id, own_key("reversal", entry.number))
    return _answer_of(
        entry, completed, is_reversed=reversal is not None, promoted=_promoted(store, entry)
    )


def _promoted(store: Store, entry: Entry) -> int:
    """Return what an event that a cap had refused or reduced was paid later."""
    if entry.outcome not in SHORT:
        return 0
    monday = week_of(entry.day)
    return sum(
        one.points
        for one in store.shortfalls(entry.user_id, entry.activity_type, monday, monday + _WEEK)
        if one.outcome == Outcome.PROMOTED and promoted_number(one.event_key) == entry.number
    )


def _answer_of(
    entry: Entry, completed: Sequence[Entry], *, is_reversed: bool = False, promoted: int = 0
) -> FirstAnswer:
    return FirstAnswer(
        outcome=Outcome(entry.outcome),
        activity_type=entry.activity_type,
        points=entry.points,
        number=entry.number,
        rule_revision=entry.rule_revision,
        label=rulebook().label_of(entry.activity_type),
        arithmetic=steps_from_json(entry.arithmetic),
        reason=entry.description if entry.outcome in _HAS_REASON else "",
        day=entry.day,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        also_earned=tuple(_also(entry, completed)),
        reversed=is_reversed,
        promoted=promoted,
    )


def _also(entry: Entry, completed: Sequence[Entry]) -> Iterable[FirstAnswer]:
    for one in completed:
        if one.cause == entry.number:
            yield _answer_of(one, completed)
