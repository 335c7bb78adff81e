"""Import of old points: entries with the points they had, as if they had been earned then.

All rows are looked at before the first is written. They wait in a temporary file, by member and
instant, so that each account is opened once, its streaks are found in one go, and memory stays
bounded however many rows there are.
"""

import json
import sqlite3
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby, islice
from operator import attrgetter
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone

from thrive_points.calendar.zones import Calendars, skips_of
from thrive_points.core.event import Outcome, Step
from thrive_points.core.streaks import Skips
from thrive_points.exceptions import InvalidImport, PointsError, Refused
from thrive_points.ledger.columns import Entry, decode, encode
from thrive_points.ledger.posting import announce_imported, store_for_writing
from thrive_points.ledger.profile import Standing
from thrive_points.ledger.store import DatabaseStore, Recorded
from thrive_points.ledger.streaks import runs_with
from thrive_points.models import UserThriveProfile
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.sql.values import writing_connection
from thrive_points.validation import check_instant, check_note, check_user, split_metadata

NEEDED = ("user", "activity_type", "points", "occurred_at", "event_key")
FIELDS = (*NEEDED, "note", "metadata")
"""Names of what a row says, those it cannot do without first."""

_ALLOWED = frozenset(FIELDS)

MOST_POINTS = 1_000_000_000
MOST_REFUSED = 10_000
ROWS_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of the rows of an import.

    Args:
        imported: how many became entries, or would in a dry run.
        duplicates: how many were in the ledger or in the rows already.
        refused: which were refused, and why.
    """

    imported: int
    duplicates: int
    refused: tuple[Refused, ...]


class _Row(NamedTuple):
    """A row that was looked at: whose it is, when, under which key, and what it says."""

    line: int
    member: str
    at: str
    key: str
    activity_type: str
    points: int
    note: str
    metadata: str

    @property
    def user_id(self) -> Any:
        """Return the member's key as Django has it."""
        return get_user_model()._meta.pk.to_python(self.member)


_COLUMNS = ", ".join(_Row._fields)


def import_rows(
    rows: Iterable[Any],
    *,
    skip_refused: bool,
    dry_run: bool,
    announce: bool,
    progress: Callable[[int], object] | None,
) -> ImportReport:
    """Import rows; see PointsService.import_history.

    Args:
        rows: mappings, or `Refused` for what could not even be read; each may come with its
            line, as `(line, row)`.
        skip_refused: import the rest where some are refused.
        dry_run: write nothing.
        announce: send `points_recorded` for each entry.
        progress: called with the number of rows done with since its last call; each is done
            with twice, once looked at and once written.
    """
    with closing(_Waiting()) as waiting:
        refused = waiting.add(rows, progress)
        refused += waiting.settle_doubles()
        refused += _settle_with_ledger(waiting, progress if dry_run else None)
        if len(refused) > MOST_REFUSED:
            raise InvalidImport(
                f"more than {MOST_REFUSED:,} rows are refused, the first because of: {refused[0]}",
                refused,
            )
        refused.sort(key=attrgetter("line"))
        if refused and not (skip_refused or dry_run):
            raise InvalidImport(
                f"{len(refused)} rows are refused and nothing was imported; the first: "
                f"{refused[0]}",
                refused,
            )
        imported = waiting.left()
        if not dry_run:
            for batch in waiting.batches():
                _write(batch, announce)
                if progress is not None:
                    progress(len(batch))
        return ImportReport(
            imported=imported, duplicates=waiting.duplicates, refused=tuple(refused)
        )


class _Waiting:
    """The rows that are to be written, in a temporary file of SQLite's."""

    def __init__(self) -> None:
        # Kept in memory while it is small, and gone with the connection.
        self._rows = sqlite3.connect("")
        self._rows.execute(
            "CREATE TABLE row (line INTEGER, member TEXT, at TEXT, key TEXT, activity_type TEXT, "
            "points INTEGER, note TEXT, metadata TEXT)"
        )
        self.duplicates = 0

    def close(self) -> None:
        """Take the file away."""
        self._rows.close()

    def add(self, rows: Iterable[Any], progress: Callable[[int], object] | None) -> list[Refused]:
        """Look at rows and keep those that are as they should be; return the others."""
        now = timezone.now()
        refused: list[Refused] = []
        numbered = enumerate(rows, 1)
        while some := list(islice(numbered, ROWS_AT_ONCE)):
            good = []
            looks = _Looks(now)
            for line, row in some:
                if isinstance(row, tuple):
                    line, row = row
                try:
                    good.append(looks.at(line, row))
                except PointsError as error:
                    refused.append(error if isinstance(error, Refused) else Refused(line, error))
            self._rows.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", good)
            if progress is not None:
                progress(len(some))
            if len(refused) > MOST_REFUSED:
                break
        return refused

    def settle_doubles(self) -> list[Refused]:
        """Drop rows that say the same as an earlier one, and refuse those that say otherwise."""
        self._rows.execute("CREATE INDEX by_key ON row (member, key)")
        doubled = self._rows.execute(
            "SELECT later.rowid, later.line, first.line, "
            "(later.at, later.activity_type, later.points, later.note, later.metadata) "
            "= (first.at, first.activity_type, first.points, first.note, first.metadata) "
            "FROM row AS later JOIN row AS first ON first.rowid = (SELECT MIN(rowid) FROM row "
            "WHERE member = later.member AND key = later.key) WHERE later.rowid > first.rowid"
        ).fetchall()
        refused = [
            Refused(line, f"its event_key is that of line {first}, which says something else")
            for _, line, first, same in doubled
            if not same
        ]
        self.duplicates += len(doubled) - len(refused)
        self.drop(row for row, *_ in doubled)
        return refused

    def drop(self, rowids: Iterable[int]) -> None:
        """Take rows out."""
        self._rows.executemany("DELETE FROM row WHERE rowid = ?", ((one,) for one in rowids))

    def left(self) -> int:
        """Return how many rows are left."""
        return int(self._rows.execute("SELECT COUNT(*) FROM row").fetchone()[0])

    def members(self, count: int) -> Iterator[list[str]]:
        """Yield the members' keys as text, a limited number at a time."""
        last = ""
        while True:
            found = self._rows.execute(
                "SELECT DISTINCT member FROM row WHERE member > ? ORDER BY member LIMIT ?",
                [last, count],
            ).fetchall()
            if not found:
                return
            last = found[-1][0]
            yield [member for (member,) in found]

    def of(self, members: Sequence[str]) -> Iterator[list[tuple[int, _Row]]]:
        """Yield the rows of members with their row ids, a limited number at a time."""
        rows = self._rows.execute(
            f"SELECT rowid, {_COLUMNS} FROM row WHERE member IN (SELECT value FROM json_each(?))",
            [json.dumps(members)],
        )
        while some := rows.fetchmany(ROWS_AT_ONCE):
            yield [(rowid, _Row._make(row)) for rowid, *row in some]

    def batches(self) -> Iterator[list[_Row]]:
        """Yield the rows that are left by member and instant, a limited number at a time."""
        rows = self._rows.execute(f"SELECT {_COLUMNS} FROM row ORDER BY member, at, line")
        while some := rows.fetchmany(ROWS_AT_ONCE):
            yield list(map(_Row._make, some))


class _Looks:
    """Looks at rows, and remembers for some thousands of them what is the same again and again."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._book = rulebook()
        self._members: dict[Any, str] = {}
        self._activities = {ADJUSTMENT: ADJUSTMENT}

    def at(self, line: int, row: Any) -> _Row:
        """Return a row with everything about it checked that the ledger is not needed for.

        Raises:
            PointsError: it is not as it should be.
        """
        if isinstance(row, Refused):
            raise row
        if not isinstance(row, Mapping):
            raise Refused(line, f"it is a {type(row).__name__}; a mapping is needed")
        if not _ALLOWED.issuperset(row):
            unknown = sorted(row.keys() - _ALLOWED, key=str)
            raise Refused(line, f"it has {unknown}; allowed are {', '.join(FIELDS)}")
        if missing := [name for name in NEEDED if row.get(name) in (None, "")]:
            raise Refused(line, f"it has no {' and no '.join(missing)}")
        points, metadata, note = row["points"], row.get("metadata"), row.get("note")
        if not isinstance(points, int) or isinstance(points, bool):
            raise Refused(line, f"points is {points!r}; a whole number is needed")
        if abs(points) > MOST_POINTS:
            raise Refused(
                line, f"points is {points}; at most {MOST_POINTS:,} either way are allowed"
            )
        if metadata and not isinstance(metadata, Mapping):
            raise Refused(line, f"metadata is a {type(metadata).__name__}; a mapping is needed")
        key, facts = split_metadata(metadata or {}, row["event_key"])
        return _Row(
            line=line,
            member=self._member(line, row["user"]),
            at=check_instant(row["occurred_at"], self._now).isoformat(timespec="microseconds"),
            key=key,
            activity_type=self._activity(row["activity_type"]),
            points=points,
            note=check_note(note) if note else "",
            metadata=encode(facts) if facts else "{}",
        )

    def _activity(self, given: Any) -> str:
        name = self._activities.get(given) if isinstance(given, str) else None
        if name is None:
            name = self._activities[given] = self._book.name_of(given)
        return name

    def _member(self, line: int, user: Any) -> str:
        """Return the key of the member that a row names by object or by key, as text."""
        if hasattr(user, "_meta"):
            check_user(user)
            return str(user.pk)
        known = self._members.get(user) if isinstance(user, Hashable) else None
        if known is None:
            pk = get_user_model()._meta.pk
            try:
                known = self._members[user] = str(pk.to_python(user))
            except (ValidationError, TypeError) as error:
                label = get_user_model()._meta.label
                raise Refused(line, f"user is {user!r}, which is no key of {label}") from error
        return known


def _settle_with_ledger(
    waiting: _Waiting, progress: Callable[[int], object] | None
) -> list[Refused]:
    """Drop rows that the ledger has already; refuse those whose key or member it has not so."""
    store = store_for_writing()
    alias = writing_connection(UserThriveProfile).alias
    users, profiles = get_user_model()._base_manager.using(alias), UserThriveProfile.objects
    refused = []
    to_key = get_user_model()._meta.pk.to_python
    for members in waiting.members(1_000):
        keys = {to_key(member): member for member in members}
        there = set(users.filter(pk__in=list(keys)).values_list("pk", flat=True))
        known = set(
            profiles.using(alias)
            .filter(pk__in=list(keys), last_number__gt=0)
            .values_list("pk", flat=True)
        )
        nobody = {member for key, member in keys.items() if key not in there}
        again = [member for key, member in keys.items() if key in known]
        for rows in waiting.of([*nobody]):
            refused += [
                Refused(row.line, f"user is {row.member!r}, and there is no such member")
                for _, row in rows
            ]
            waiting.drop(rowid for rowid, _ in rows)
        for rows in waiting.of([one for one in again if one not in nobody]):
            taken = {
                (entry.user_id, entry.event_key): entry
                for entry in store.find_many((row.user_id, row.key) for _, row in rows)
            }
            done = []
            for rowid, row in rows:
                if (entry := taken.get((row.user_id, row.key))) is None:
                    continue
                done.append(rowid)
                if _is_same(entry, row):
                    waiting.duplicates += 1
                else:
                    refused.append(
                        Refused(
                            row.line,
                            f"its event_key is used by entry {entry.number} of the member, "
                            f"{entry.outcome} {entry.points:+d} for {entry.activity_type}",
                        )
                    )
            waiting.drop(done)
        if len(refused) > MOST_REFUSED:
            break
    if progress is not None:
        progress(waiting.left())
    return refused


def _is_same(entry: Entry, row: _Row) -> bool:
    """Return whether an entry is what a row says."""
    return (
        entry.outcome == Outcome.IMPORTED
        and (entry.activity_type, entry.points) == (row.activity_type, row.points)
        and entry.occurred_at == datetime.fromisoformat(row.at)
    )


def _write(rows: list[_Row], announce: bool) -> None:
    """Write rows, given by member and instant, in one transaction."""
    store = store_for_writing()
    now = timezone.now()
    calendars = Calendars()
    alias = writing_connection(UserThriveProfile).alias
    by_member = {
        get_user_model()._meta.pk.to_python(member): list(group)
        for member, group in groupby(rows, key=attrgetter("member"))
    }
    users = get_user_model()._base_manager.using(alias).in_bulk(by_member)
    with store.transaction():
        standings = dict(store.lock_many(list(by_member)))
        known = {user_id for user_id, standing in standings.items() if standing.last_number}
        # Looked up again: another import may have been quicker.
        taken = {
            (entry.user_id, entry.event_key)
            for entry in store.find_many(
                (user_id, row.key) for user_id in known for row in by_member[user_id]
            )
        }
        skips = skips_of(list(by_member))
        entries: list[Entry] = []
        accounts = []
        for user_id, its_rows in by_member.items():
            before = standings[user_id]
            new = (row for row in its_rows if (user_id, row.key) not in taken)
            mine = [
                _entry(user_id, number, users[user_id], row, calendars, now)
                for number, row in enumerate(new, before.last_number + 1)
            ]
            after = _after(store, user_id, before, mine, partial(skips, user_id))
            entries += mine
            accounts.append(Recorded(user_id, before.last_number, after))
        if entries:
            store.record_many(entries, accounts)
        if announce:
            totals = {one.user_id: one.standing.total_xp for one in accounts}
            for entry in entries:
                announce_imported(users[entry.user_id], entry, totals[entry.user_id])


def _entry(
    user_id: Any, number: int, user: Any, row: _Row, calendars: Calendars, now: datetime
) -> Entry:
    """Return the entry that a row becomes."""
    at = datetime.fromisoformat(row.at)
    points = row.points
    return Entry(
        user_id=user_id,
        number=number,
        activity_type=row.activity_type,
        points=points,
        outcome=Outcome.IMPORTED.value,
        event_key=row.key,
        occurred_at=at,
        recorded_at=now,
        day=calendars.calendar_for(user, at).period_of(at).day,
        arithmetic=(Step("imported", points), Step("final", points)),
        metadata=decode(row.metadata) if row.metadata != "{}" else {},
        description=row.note,
        # A day on which something was earned is an active one. A balance was earned on no day.
        awards=int(points > 0 and row.activity_type != ADJUSTMENT),
    )


def _after(
    store: DatabaseStore, user_id: Any, before: Standing, entries: Sequence[Entry], skips: Skips
) -> Standing:
    """Return where a member stands with more entries, given in the order of their instants."""
    days: dict[str, set[date]] = {}
    standing = before
    for entry in entries:
        if entry.awards:
            days.setdefault(entry.activity_type, set()).add(entry.day)
        monday = date.fromordinal(entry.day.toordinal() - entry.day.weekday())
        standing = standing.plus(entry.points, monday, before.streaks)
    looks_back = store if before.last_number else None
    return standing._replace(streaks=runs_with(looks_back, user_id, before.streaks, days, skips))
