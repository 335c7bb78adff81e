"""Carrying rules between sites: what to write into a rule file, and what reading one changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule
from thrive_points.rules.current import known_modifiers, rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import Difference, differences
from thrive_points.rules.files import InvalidRuleFile, RuleEntry, read
from thrive_points.rules.revisions import (
    check_reason,
    check_span,
    introduced,
    publish,
    serialised,
)
from thrive_points.rules.rulebook import RuleBook

Layers = list[tuple[int, Rule]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one rule of a file would change.

    Args:
        entry: the rule as the file has it.
        before: the definition everybody has at that time without it.
        differences: the fields it changes; none for a change of dates or share alone.
    """

    entry: RuleEntry
    before: Mapping[str, Any]
    differences: list[Difference]


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
    return read(path, rulebook().activity_types(), known_modifiers())


def changes(path: Path, entries: Sequence[RuleEntry]) -> list[Change]:
    """Return what importing the rules of a file would change; those that are in force are not.

    Raises:
        InvalidRuleFile: a rule starts in the past, or contradicts the rubric or similar rules.
    """
    book = rulebook()
    whole = {entry.activity_type: entry.rule for entry in entries if entry.share == 100}
    found = []
    for entry in entries:
        try:
            starts = check_span(entry.effective_from, entry.effective_until)
            errors = introduced(entry.activity_type, entry.rule, starts, whole)
        except InvalidRule as error:
            raise InvalidRuleFile(f"{path}, line {entry.line}: {error}") from error
        if errors:
            found_wrong = " ".join(map(str, errors))
            raise InvalidRuleFile(f"{path}, line {entry.line}: {found_wrong}")
        if not _in_force(book, entry, starts):
            before = to_definition(book.layers_at(entry.activity_type, starts)[0][1])
            after = to_definition(entry.rule)
            found.append(Change(entry=entry, before=before, differences=differences(before, after)))
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
    with serialised():
        return [
            publish(
                change.entry.activity_type,
                change.entry.rule,
                reason=change.entry.reason or reason,
                author=author,
                effective_from=change.entry.effective_from,
                effective_until=change.entry.effective_until,
                share=change.entry.share,
                alongside=whole,
            )
            for change in found
        ]


def _timeline(book: RuleBook, name: str, now: datetime) -> list[dict[str, Any]]:
    """Return an activity's rules from now on, one stretch of time after another."""
    stretches: list[tuple[datetime, Layers]] = []
    for start in [now, *_edges(book, name, now)]:
        layers = book.layers_at(name, start)
        if not stretches or _plain(stretches[-1][1]) != _plain(layers):
            stretches.append((start, layers))
    ends = [start for start, _ in stretches[1:]]
    return [
        {
            "activity_type": name,
            "effective_from": None if start == now else start,
            "effective_until": end,
            "share": None if share == 100 else share,
            **to_definition(rule),
        }
        for (start, layers), end in zip(stretches, [*ends, None], strict=True)
        for share, rule in layers
    ]


def _edges(book: RuleBook, name: str, after: datetime) -> list[datetime]:
    edges = {
        edge
        for revision in book.revisions_of(name)
        for edge in (revision.effective_from, revision.effective_until)
        if edge is not None and edge > after
    }
    return sorted(edges)


def _plain(layers: Layers) -> list[tuple[int, dict[str, Any]]]:
    return [(share, to_definition(rule)) for share, rule in layers]


def _in_force(book: RuleBook, entry: RuleEntry, starts: datetime) -> bool:
    """Return whether an entry says what is, or is scheduled to be, in force all its time."""
    name, ends = entry.activity_type, entry.effective_until
    wanted = (entry.share, to_definition(entry.rule))
    edges = [edge for edge in _edges(book, name, starts) if ends is None or edge < ends]
    return all(wanted in _plain(book.layers_at(name, at)) for at in [starts, *edges])
