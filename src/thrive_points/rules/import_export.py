"""Carrying rules between sites: what to write into a rule file, and what reading one changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule
from thrive_points.rules.current import known_modifiers, rulebook, rulebook_as_written
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import Difference, differences
from thrive_points.rules.effects import Effect
from thrive_points.rules.files import InvalidRuleFile, RuleEntry, read
from thrive_points.rules.publishing import one_change
from thrive_points.rules.revisions import (
    after_publishing,
    check_reason,
    check_span,
    publish_within,
)
from thrive_points.rules.rulebook import Layer, RuleBook

_NOW = datetime.min.replace(tzinfo=UTC)
_Said = tuple[int, dict[str, Any]]
"""A share, and the definition it earns by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one rule of a file would change.

    Args:
        entry: the rule as the file has it.
        before: the definition everybody has at that time without it.
        differences: the fields it changes; none for a change of dates or share alone.
        effects: what it displaces, and what lies over it.
    """

    entry: RuleEntry
    before: Mapping[str, Any]
    differences: list[Difference]
    effects: list[Effect]


def exported(names: Iterable[str] | None = None) -> list[dict[str, Any]]:
    """Return the rules in force and those scheduled, as the mappings of a rule file.

    Args:
        names: activity types, all by default.
    """
    book, now = rulebook(), timezone.now()
    return [
        entry for name in names or book.activity_types() for entry in _timeline(book, name, now)
    ]


def read_entries(path: Path) -> list[RuleEntry]:
    """Return the rules of a file, checked against this site's activities.

    Raises:
        InvalidRuleFile: the file cannot be used.
    """
    return read(path, rulebook().name_of, known_modifiers())


def changes(path: Path, entries: Sequence[RuleEntry]) -> list[Change]:
    """Return what importing the rules of a file would change; those that are in force are not.

    Raises:
        InvalidRuleFile: a rule starts in the past, or contradicts the rubric or similar rules.
    """
    book = rulebook_as_written()
    whole = {entry.activity_type: entry.rule for entry in entries if entry.share == 100}
    found = []
    # What begins later is published later: within a layer the newest counts.
    for entry in sorted(entries, key=lambda entry: (entry.effective_from or _NOW, entry.layer)):
        try:
            starts = check_span(entry.effective_from, entry.effective_until)
            if _in_force(book, entry, starts):
                continue
            before = to_definition(book.layers_at(entry.activity_type, starts)[0][1])
            book, displaced = after_publishing(book, entry.draft, whole)
        except InvalidRule as error:
            raise InvalidRuleFile(
                f"{path}, line {entry.line_of(error.field)}: {error}",
                field=error.field,
                given=error.given,
                allowed=error.allowed,
            ) from error
        after = to_definition(entry.rule)
        found.append(
            Change(
                entry=entry,
                before=before,
                differences=differences(before, after),
                effects=displaced,
            )
        )
    return found


def publish_all(found: Sequence[Change], *, reason: str, author: Any = None) -> list[PointRule]:
    """Publish what a file changes: all of it or nothing.

    Args:
        found: as `changes` gave it.
        reason: why, where the file itself gives no reason.
        author: the user who decided it.

    Raises:
        InvalidRule: any of it cannot be published.
    """
    check_reason(reason)
    whole = {c.entry.activity_type: c.entry.rule for c in found if c.entry.share == 100}
    with one_change() as transaction:
        return [
            publish_within(
                transaction,
                change.entry.draft,
                reason=change.entry.reason or reason,
                author=author,
                alongside=whole,
            )
            for change in found
        ]


def _timeline(book: RuleBook, name: str, now: datetime) -> list[dict[str, Any]]:
    """Return an activity's rules from now on: layer by layer, one stretch of time after another."""
    found = []
    for layer in Layer:
        stretches: list[tuple[datetime, _Said | None]] = []
        for start in [now, *book.edges(name, now)]:
            said = _said(book, name, layer, start)
            if not stretches or stretches[-1][1] != said:
                stretches.append((start, said))
        ends = [start for start, _ in stretches[1:]]
        found += [
            {
                "activity_type": name,
                "effective_from": None if start == now else start,
                "effective_until": end,
                "share": None if said[0] == 100 else said[0],
                **said[1],
            }
            for (start, said), end in zip(stretches, [*ends, None], strict=True)
            if said is not None
        ]
    return found


def _said(book: RuleBook, name: str, layer: Layer, instant: datetime) -> _Said | None:
    """Return what a layer says at an instant; the lowest always says something."""
    revision = book.revision_at(name, layer, instant)
    if revision is None and layer is not Layer.BASE:
        return None
    rule = (revision and revision.rule) or book.in_code(name)
    return revision.share if revision else 100, to_definition(rule)


def _in_force(book: RuleBook, entry: RuleEntry, starts: datetime) -> bool:
    """Return whether an entry says what is, or is scheduled to be, in force all its time."""
    name, ends = entry.activity_type, entry.effective_until
    wanted = (entry.share, to_definition(entry.rule))
    layers = [entry.layer] if entry.layer is not Layer.CAMPAIGN else [Layer.CAMPAIGN, Layer.BASE]

    def said(instant: datetime) -> _Said | None:
        return next(filter(None, (_said(book, name, layer, instant) for layer in layers)), None)

    edges = [edge for edge in book.edges(name, starts) if ends is None or edge < ends]
    return all(said(at) == wanted for at in [starts, *edges])
