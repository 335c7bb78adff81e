"""Digests of members' entries, chained one to the next: what a checkpoint keeps of them.

The chain of a member's first n entries is the digest of the chain before with the digest of entry
n, so a later checkpoint goes on from where an earlier one ended, and reads only what is new.
Figures and what is personal have chains of their own: an erasure changes one of them alone. Who
acted is kept entry by entry, because erasing one person blanks them in other members' entries.
"""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.ledger.columns import PERSONAL, POSTGRESQL_TYPES, Entry, encode
from thrive_points.ledger.signing import signature
from thrive_points.sql.named import filled, load, of_site
from thrive_points.sql.values import Values

FIGURES = tuple(name for name in Entry._fields if name not in PERSONAL)
WORDS = tuple(name for name in PERSONAL if name != "actor_id")
ROWS_AT_ONCE = 2_000
_SQL = load("proof.sql")


@dataclass(slots=True)
class Chain:
    """The entries of a member, from the first to some number.

    Args:
        key: the member's key as text.
        number: of the last of them.
        figures, words: the chained digests, in hex.
        actors: who acted, by the number of the entry, as a signature that names nobody.
    """

    key: str
    number: int = 0
    figures: str = ""
    words: str = ""
    actors: dict[int, str] = field(default_factory=dict)

    def add(self, row: "Row") -> None:
        """Go on by one entry."""
        self.number = row.number
        self.figures = sha256(bytes.fromhex(self.figures) + row.figures).hexdigest()
        self.words = sha256(bytes.fromhex(self.words) + row.words).hexdigest()
        if row.actor is not None:
            self.actors[row.number] = who(row.actor)


@dataclass(slots=True, frozen=True)
class Row:
    """The digests of one entry, and whether it was recorded before the instant asked about."""

    number: int
    figures: bytes
    words: bytes
    actor: Any
    early: bool


def who(user_id: Any) -> str:
    """Return a signature that stands for a person and names nobody."""
    return signature("person", str(user_id))[:32]


def same(one: str, other: str) -> bool:
    """Return whether two digests are the same."""
    return hmac.compare_digest(one, other)


class Digests:
    """Reads the digests of entries from the ledger's database."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self._values = Values(connection)
        columns = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
        self._statement = filled(
            _SQL[f"{connection.vendor}_entries"],
            {
                "{figures}": columns(FIGURES),
                "{personal}": columns(WORDS),
                **of_site(connection),
            },
        )

    def members(self, limit: int) -> Iterator[list[tuple[Any, int]]]:
        """Yield the accounts and how many entries each has, a limited number at a time."""
        last: Any = None
        while True:
            after = "true" if last is None else "user_id > %(after)s"
            with self.connection.cursor() as cursor:
                cursor.execute(
                    _SQL["members"].replace("{after}", after), {"after": last, "limit": limit}
                )
                found = cursor.fetchall()
            if not found:
                return
            last = found[-1][0]
            yield [(self._values.user_out(member), number) for member, number in found]

    def of(
        self, members: Mapping[Any, int], before: datetime
    ) -> Iterator[tuple[Any, Iterable[Row]]]:
        """Yield members who have such entries, each with the digests of those after a number.

        Args:
            members: the number after which each member's entries are asked for, by key.
            before: the instant that `Row.early` is about.
        """
        given = [
            {"user_id": self._values.user(user_id), "after": after}
            for user_id, after in members.items()
        ]
        params = {"given": encode(given), "before": self._values.instant(before)}
        for user_id, rows in groupby(self._rows(params), key=itemgetter(0)):
            yield (
                self._values.user_out(user_id),
                (
                    Row(number, _digest(figures), _digest(words), out, bool(early))
                    for _, number, figures, words, actor, early in rows
                    for out in (self._values.user_out(actor),)
                ),
            )

    def erasures(self) -> Iterator[tuple[Any, int, datetime, Any]]:
        """Yield the member, number, instant and metadata of every erasure's entry."""
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(_SQL["erasures"])
            for user_id, number, at, metadata in cursor.fetchall():
                instant = self._values.instant_out(at)
                assert instant is not None
                yield self._values.user_out(user_id), number, instant, metadata

    def _rows(self, params: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        with self.connection.chunked_cursor() as cursor:
            cursor.execute(self._statement, params)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield from rows


def _digest(value: Any) -> bytes:
    """Return the digest of a row's text, which PostgreSQL has made already."""
    return sha256(value.encode()).digest() if isinstance(value, str) else bytes(value)


def _on_postgresql(names: Sequence[str]) -> str:
    # Instants as a number, since their text depends on the connection's zone.
    return ", ".join(
        f"(extract(epoch FROM entry.{name}) * 1000000)::bigint"
        if POSTGRESQL_TYPES[name] == "timestamptz"
        else f"entry.{name}"
        for name in names
    )


def _on_sqlite(names: Sequence[str]) -> str:
    # As literals of SQL: no text can look like two columns, and no text like a number.
    return " || ',' || ".join(f"quote(entry.{name})" for name in names)
