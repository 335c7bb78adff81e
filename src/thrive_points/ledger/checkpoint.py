"""Checkpoints: what the ledger said at a time, signed, and kept outside its database.

A checkpoint is a text of JSON lines: what it is, a line for each rule revision and experiment, a
line for each member, and the signature of everything before it. It holds digests and counts alone.
"""

import hmac
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import IO, Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from thrive_points.exceptions import InvalidCheckpoint
from thrive_points.ledger.digests import FIGURES, WORDS, Chain, Digests
from thrive_points.ledger.signing import signature, signer
from thrive_points.models import PointsHistory
from thrive_points.rules.digests import RuleLine, rule_lines
from thrive_points.sql.values import writing_connection

FORMAT = 1
MEMBERS_AT_ONCE = 1_000
_dump = json.JSONEncoder(separators=(",", ":"), ensure_ascii=True).encode


class Head(NamedTuple):
    """What a checkpoint says of itself.

    Args:
        format: of the file.
        database: kind of the database, since each has its own digests.
        made_at: instant it was begun.
        figures, words: the columns that the digests cover.
        key: a signature by which the key it was signed with is recognised.
    """

    format: int
    database: str
    made_at: str
    figures: list[str]
    words: list[str]
    key: str

    @property
    def instant(self) -> datetime:
        """Return when it was begun."""
        return datetime.fromisoformat(self.made_at)

    @property
    def covers_todays_columns(self) -> bool:
        """Return whether this release makes the same digests."""
        return (self.figures, self.words) == ([*FIGURES], [*WORDS])


class Written(NamedTuple):
    """What a checkpoint covers, and how many entries were read for it."""

    members: int
    entries: int
    read: int


def write(
    to: IO[bytes],
    after: "Checkpoint | None" = None,
    progress: Callable[[int], object] | None = None,
) -> Written:
    """Write a checkpoint over all entries so far.

    Awards go on meanwhile: each member's line speaks of the entries it found.

    Args:
        to: takes the bytes.
        after: an earlier checkpoint to go on from; only entries since then are read.
        progress: called with the number of members written since its last call.

    Raises:
        ProofKeyMissing: the environment has no key.
        InvalidCheckpoint: the earlier one cannot be gone on from, or the ledger lacks an entry or
            a member that it should have.
    """
    connection = writing_connection(PointsHistory)
    head = Head(
        format=FORMAT,
        database=connection.vendor,
        made_at=timezone.now().isoformat(),
        figures=[*FIGURES],
        words=[*WORDS],
        key=_key_name(),
    )
    if after is not None and not after.head.covers_todays_columns:
        raise InvalidCheckpoint(
            f"the checkpoint of {after.head.made_at} is of a release whose entries have other "
            "columns; prove the ledger against it, and make a new one that begins anew"
        )
    signed = signer("checkpoint")

    def line(values: Sequence[Any]) -> None:
        text = _dump(values).encode() + b"\n"
        signed.update(text)
        to.write(text)

    line(["checkpoint", *head])
    for rule in rule_lines():
        line(["rule", *rule])
    members = entries = read = 0
    for chains, count in _chains(connection, head.instant, after):
        for chain in chains:
            line(["member", chain.key, chain.number, chain.figures, chain.words, chain.actors])
            entries += chain.number
        members += len(chains)
        read += count
        if progress is not None:
            progress(len(chains))
    if after is not None and (gone := list(after.unseen(limit=3))):
        raise InvalidCheckpoint(
            f"members {', '.join(one.key for one in gone)} of the checkpoint of "
            f"{after.head.made_at} have no account any more; run points_audit --against it"
        )
    to.write(_dump(["signature", signed.hexdigest()]).encode() + b"\n")
    return Written(members, entries, read)


def _chains(
    connection: BaseDatabaseWrapper, before: datetime, after: "Checkpoint | None"
) -> Iterator[tuple[list[Chain], int]]:
    """Yield the chains of all members, and how many entries were read for them."""
    digests = Digests(connection)
    for members in digests.members(MEMBERS_AT_ONCE):
        known = after.take(str(user_id) for user_id, _ in members) if after else {}
        chains = {user_id: known.get(str(user_id)) or Chain(str(user_id)) for user_id, _ in members}
        wanted = {
            user_id: chains[user_id].number
            for user_id, number in members
            if number != chains[user_id].number
        }
        read = 0
        for user_id, rows in digests.of(wanted, before):
            chain = chains[user_id]
            for row in rows:
                if row.number != chain.number + 1:
                    raise InvalidCheckpoint(
                        f"user {user_id} has no entry {chain.number + 1}, but has entry "
                        f"{row.number}: something was taken out of the ledger; run points_audit"
                    )
                chain.add(row)
                read += 1
        for user_id, number in members:
            if chains[user_id].number < number:
                raise InvalidCheckpoint(
                    f"user {user_id} has {chains[user_id].number} entries, the account says "
                    f"{number}: something was taken out of the ledger; run points_audit"
                )
        yield list(chains.values()), read


class Checkpoint:
    """A checkpoint that was read, with its lines in a temporary file, found by the member's key."""

    def __init__(self, head: Head, rules: Sequence[RuleLine], index: sqlite3.Connection) -> None:
        self.head = head
        self.rules = rules
        self._index = index

    @property
    def members(self) -> int:
        """Return how many members it covers."""
        return self._index.execute("SELECT COUNT(*) FROM member").fetchone()[0]  # type: ignore[no-any-return]

    def take(self, keys: Iterable[str]) -> dict[str, Chain]:
        """Return the chains of members by key, and remember that they were asked for."""
        wanted = _dump(list(keys))
        rows = self._index.execute(
            "UPDATE member SET seen = 1 WHERE key IN (SELECT value FROM json_each(?)) "
            "RETURNING key, line",
            [wanted],
        )
        return {key: _chain(line) for key, line in rows.fetchall()}

    def unseen(self, limit: int = -1) -> Iterator[Chain]:
        """Yield the chains of members who were not asked for."""
        rows = self._index.execute("SELECT line FROM member WHERE NOT seen LIMIT ?", [limit])
        for (line,) in rows:
            yield _chain(line)


@contextmanager
def read(lines: Iterable[bytes]) -> Iterator[Checkpoint]:
    """Yield a checkpoint whose signature is right, for a block.

    Args:
        lines: of its file.

    Raises:
        ProofKeyMissing: the environment has no key.
        InvalidCheckpoint: it is damaged, forged, or signed with another key.
    """
    signed = signer("checkpoint")
    # A file that the system keeps in memory while it is small, and takes away with the connection.
    with closing(sqlite3.connect("")) as index:
        index.execute(
            "CREATE TABLE member (key TEXT PRIMARY KEY, line TEXT, seen INTEGER DEFAULT 0) "
            "WITHOUT ROWID"
        )
        try:
            head, rules, given = _loaded(lines, index, signed)
        except (ValueError, TypeError, IndexError, sqlite3.Error) as error:
            raise InvalidCheckpoint(f"this is no checkpoint, or a damaged one: {error}") from error
        if not hmac.compare_digest(head.key, _key_name()):
            raise InvalidCheckpoint(
                f"the checkpoint of {head.made_at} was signed with another key than this process "
                "has in its environment"
            )
        if not hmac.compare_digest(given, signed.hexdigest()):
            raise InvalidCheckpoint(
                f"the signature of the checkpoint of {head.made_at} is wrong or missing: it was "
                "changed or cut off"
            )
        yield Checkpoint(head, rules, index)


def _loaded(
    lines: Iterable[bytes], index: sqlite3.Connection, signed: "hmac.HMAC"
) -> tuple[Head, list[RuleLine], str]:
    """Put the lines of members into the index; return what is said besides, and the signature."""
    rest = iter(lines)
    first = next(rest, b"")
    signed.update(first)
    _, number, *values = json.loads(first)
    if number != FORMAT:
        raise ValueError(f"its format is {number}, this release reads {FORMAT}")
    head = Head(number, *values)
    rules: list[RuleLine] = []
    for line in rest:
        kind, *values = json.loads(line)
        if kind == "signature":
            return head, rules, str(values[0])
        signed.update(line)
        if kind == "rule":
            rules.append(RuleLine(*values))
        else:
            index.execute(
                "INSERT INTO member (key, line) VALUES (?, ?)", [values[0], line.decode()]
            )
    return head, rules, ""


def _chain(line: str) -> Chain:
    _, key, number, figures, words, actors = json.loads(line)
    return Chain(key, number, figures, words, {int(of): name for of, name in actors.items()})


def _key_name() -> str:
    return signature("key", "")[:16]
