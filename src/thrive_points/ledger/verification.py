"""Proof against a checkpoint: whose past is not what was signed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from thrive_points.exceptions import InvalidCheckpoint
from thrive_points.ledger.audit import every_member
from thrive_points.ledger.checkpoint import Checkpoint
from thrive_points.ledger.columns import decode
from thrive_points.ledger.digests import Chain, Digests, Row, same, who
from thrive_points.ledger.signing import is_genuine
from thrive_points.models import PointsHistory
from thrive_points.rules.digests import rules_now
from thrive_points.sql.values import writing_connection

IN_FLIGHT = timedelta(minutes=5)
"""How long a transaction may take that was begun before a checkpoint and committed after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """Something that is not what a checkpoint says.

    Args:
        user_id: whose past; None for a rule.
        what: a sentence that says what happened to it.
    """

    user_id: Any
    what: str

    def __str__(self) -> str:
        return self.what if self.user_id is None else f"user {self.user_id}: {self.what}"


def against(
    checkpoint: Checkpoint, progress: Callable[[int], object] | None = None
) -> Iterator[Rewritten]:
    """Yield whatever of the past is not what a checkpoint says, rules first, then by member.

    What was recorded after it may be there or not. An erasure changes what is personal, and
    shows the receipt that it was signed with; a merge only adds entries.

    Args:
        checkpoint: read, with its signature proved.
        progress: called with the number of members proved since its last call.

    Raises:
        InvalidCheckpoint: it is of another kind of database, or of other columns.
    """
    connection = writing_connection(PointsHistory)
    head = checkpoint.head
    if head.database != connection.vendor:
        raise InvalidCheckpoint(
            f"the checkpoint's kind of database is {head.database}; this one is {connection.vendor}"
        )
    if not head.covers_todays_columns:
        raise InvalidCheckpoint(
            f"the checkpoint of {head.made_at} covers other columns than this release has; prove "
            "the ledger with the release that made it"
        )
    digests = Digests(connection)
    before = head.instant - IN_FLIGHT
    erased, forged = _erasures(digests)
    gone = {who(user_id) for user_id in erased}
    yield from _rules(checkpoint, gone)
    for user_id in forged:
        yield Rewritten(
            user_id=user_id,
            what="an erasure is forged: it has no receipt signed with this key",
        )

    def prove(user_id: Any, chain: Chain, rows: Iterable[Row]) -> Iterator[Rewritten]:
        for what in _differences(chain, rows, erased.get(user_id, 0), gone):
            yield Rewritten(user_id=user_id, what=what)

    for members in every_member():
        known = checkpoint.take(str(user_id) for user_id in members)
        left = dict.fromkeys(members, 0)
        for user_id, rows in digests.of(left, before):
            del left[user_id]
            chain = known.get(str(user_id)) or Chain(str(user_id))
            yield from prove(user_id, chain, rows)
        for user_id in left:
            if chain := known.get(str(user_id)):  # type: ignore[assignment]
                yield from prove(user_id, chain, ())
        if progress is not None:
            progress(len(members))
    for chain in checkpoint.unseen():
        yield from prove(chain.key, chain, ())


def _differences(kept: Chain, rows: Iterable[Row], erased_at: int, gone: set[str]) -> Iterator[str]:
    """Yield what is wrong with a member's entries.

    Args:
        kept: what the checkpoint says of them.
        rows: all of them as they are now, in order.
        erased_at: number of the entry of a genuine erasure, 0 without one.
        gone: who was erased.
    """
    now = Chain(kept.key)
    there = added = 0
    for row in rows:
        if row.number <= kept.number:
            there += 1
            now.add(row)
        elif row.early:
            added += 1
    if there < kept.number:
        yield f"{kept.number - there} of the first {kept.number} entries were removed"
    elif not same(now.figures, kept.figures):
        yield f"figures of the first {kept.number} entries were rewritten"
    # An erasure since then voids what is personal.
    if there == kept.number and erased_at <= kept.number:
        if not same(now.words, kept.words):
            yield (
                f"keys, metadata or reasons of the first {kept.number} entries were rewritten, "
                "without the receipt of an erasure"
            )
        for number in sorted(kept.actors.keys() | now.actors.keys()):
            was, is_now = kept.actors.get(number), now.actors.get(number)
            if was != is_now and not (is_now is None and was in gone):
                yield f"who made entry {number} was rewritten"
    if added:
        yield f"{added} entries were added to the past"


def _erasures(digests: Digests) -> tuple[dict[Any, int], list[Any]]:
    """Return the number of the erasure's entry by member, and whose erasure is forged."""
    genuine: dict[Any, int] = {}
    forged = []
    for user_id, number, at, metadata in digests.erasures():
        facts = decode(metadata) if isinstance(metadata, str) else metadata
        if isinstance(facts, dict) and is_genuine(user_id, number, at, facts):
            genuine[user_id] = number
        else:
            forged.append(user_id)
    return genuine, forged


def _rules(checkpoint: Checkpoint, gone: set[str]) -> Iterator[Rewritten]:
    """Yield what is wrong with revisions and experiments."""
    kept = {(line.kind, line.pk): line for line in checkpoint.rules}
    since = checkpoint.head.instant - IN_FLIGHT
    for found in rules_now({key: line.fields for key, line in kept.items()}):
        line = found.line
        was = kept.pop((line.kind, line.pk), None)
        what = f"{line.kind} {line.name}"
        if was is None:
            if min(found.created_at, found.starts_at) < since:
                yield Rewritten(user_id=None, what=f"{what} was forged into the past")
            continue
        if not same(was.digest, line.digest) or (was.stop and not same(was.stop, line.stop)):
            yield Rewritten(user_id=None, what=f"{what} was rewritten")
        if was.author != line.author and not (not line.author and was.author in gone):
            yield Rewritten(user_id=None, what=f"who published {what} was rewritten")
    for line in kept.values():
        yield Rewritten(user_id=None, what=f"{line.kind} {line.name} was removed")
