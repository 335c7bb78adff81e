"""Rule files: rules as TOML or JSON, to be reviewed and carried from one site to another.

A file lists rules. Each says the whole rule, its activity type, and if need be from when
until when and for what share of the members it is in force. A file that has a mistake is
refused whole, with the line.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from thrive_points.core.rule import Modifier, Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.rules.definitions import FIELDS, from_definition

PLACING = ("activity_type", "effective_from", "effective_until", "share", "reason")
SUFFIXES = (".toml", ".json")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_RULES = re.compile(r'"rule"\s*:\s*\[')


class InvalidRuleFile(InvalidRule):
    """A rule file cannot be used; the message names the file, the line and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule of a file.

    Args:
        line: where it starts.
        activity_type: whose rule it is.
        rule: what it earns.
        effective_from, effective_until, share, reason: as for publishing; None if left out.
    """

    line: int
    activity_type: str
    rule: Rule
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    share: int = 100
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    """A rule's raw fields and its text, in which lines are looked up."""

    values: Mapping[str, Any]
    text: str
    line: int
    assigns: str

    def line_of(self, field: str) -> int:
        """Return the line of a field, or the rule's own if the field is not there."""
        found = re.search(self.assigns.format(re.escape(field)), self.text, re.MULTILINE)
        return self.line + (self.text.count("\n", 0, found.start()) if found else 0)


def read(
    path: Path, activities: Iterable[str], modifiers: Mapping[str, Modifier]
) -> list[RuleEntry]:
    """Return the rules of a TOML or JSON file, in its order.

    Args:
        path: the file, whose suffix says which format it has.
        activities: activity types that have a rule.
        modifiers: modifiers a rule may name.

    Raises:
        InvalidRuleFile: it cannot be read, or any of its rules cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRuleFile(f"{path} cannot be read: {error}") from error
    if path.suffix not in SUFFIXES:
        raise InvalidRuleFile(f"{path} is neither {' nor '.join(SUFFIXES)}")
    items = (_toml if path.suffix == ".toml" else _json)(path, text)
    known = set(activities)
    entries: list[RuleEntry] = []
    for item in items:
        entry = _entry(path, item, known, modifiers)
        for other in entries:
            if _clash(other, entry):
                _refuse(
                    path,
                    item.line_of("effective_from"),
                    f"the dates of {entry.activity_type} overlap those of the rule in line "
                    f"{other.line}",
                )
        entries.append(entry)
    return entries


def to_toml(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return rules as TOML, each a mapping of the fields of a definition and its placing."""
    parts = []
    for entry in entries:
        lines = [f"{name} = {_toml_value(entry[name])}" for name in _ordered(entry)]
        parts.append("\n".join(["[[rule]]", *lines]))
    return "\n\n".join(parts) + "\n"


def to_json(entries: Iterable[Mapping[str, Any]]) -> str:
    """Return rules as JSON; see `to_toml`."""
    rules = [
        {
            name: value.isoformat() if isinstance(value := entry[name], datetime) else value
            for name in _ordered(entry)
        }
        for entry in entries
    ]
    return json.dumps({"rule": rules}, indent=2, ensure_ascii=False) + "\n"


def _ordered(entry: Mapping[str, Any]) -> list[str]:
    return [name for name in (*PLACING, *FIELDS) if entry.get(name) is not None]


def _toml_value(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    # TOML's basic strings, numbers, booleans and arrays are written as JSON writes them.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml(path: Path, text: str) -> list[_Item]:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidRuleFile(f"{path} is not TOML: {error}") from error
    rules = _listed(path, values)
    starts = [found.start() for found in _HEADER.finditer(text)]
    if len(starts) != len(rules):
        starts = [0] * len(rules)
    return [
        _Item(rule, text[start:end], text.count("\n", 0, start) + 1, r'^[ \t]*"?{}"?[ \t]*=')
        for rule, start, end in zip(rules, starts, [*starts[1:], len(text)], strict=True)
    ]


def _json(path: Path, text: str) -> list[_Item]:
    try:
        rules = _listed(path, json.loads(text))
    except json.JSONDecodeError as error:
        _refuse(path, error.lineno, f"this is not JSON: {error.msg}")
    found = _RULES.search(text)
    assert found is not None
    items = []
    decoder, end = json.JSONDecoder(), found.end()
    for rule in rules:
        start = re.compile(r"[\s,]*").match(text, end).end()  # type: ignore[union-attr]
        _, end = decoder.raw_decode(text, start)
        line = text.count("\n", 0, start) + 1
        items.append(_Item(rule, text[start:end], line, r'"{}"\s*:'))
    return items


def _listed(path: Path, values: Any) -> list[Any]:
    rules = values.get("rule") if isinstance(values, dict) else None
    if not isinstance(rules, list) or not rules:
        _refuse(path, 1, 'it lists no rules; a list named "rule" is needed')
    if unknown := sorted(set(values) - {"rule"}):
        _refuse(path, 1, f'{unknown[0]!r} is unknown beside the list "rule"')
    for position, rule in enumerate(rules, 1):
        if not isinstance(rule, dict):
            _refuse(path, 1, f"rule {position} is no table of fields")
    return rules


def _entry(
    path: Path, item: _Item, known: set[str], modifiers: Mapping[str, Modifier]
) -> RuleEntry:
    values = item.values
    name = values.get("activity_type")
    if not isinstance(name, str) or name not in known:
        from difflib import get_close_matches

        close = get_close_matches(str(name), known, n=1, cutoff=0.8)
        hint = (
            f"; did you mean {close[0]}?"
            if close
            else "; declare it in THRIVE_POINTS['RULES'] first, since a file tunes rules in code"
        )
        _refuse(path, item.line_of("activity_type"), f"activity_type {name!r} has no rule{hint}")
    share = values.get("share", 100)
    if not isinstance(share, int) or isinstance(share, bool) or not 1 <= share <= 100:
        _refuse(path, item.line_of("share"), f"share is {share!r}; allowed are 1 to 100")
    starts, ends = _instant(path, item, "effective_from"), _instant(path, item, "effective_until")
    if starts and ends and ends <= starts:
        _refuse(
            path, item.line_of("effective_until"), "effective_until is not after effective_from"
        )
    reason = values.get("reason")
    if reason is not None and not isinstance(reason, str):
        _refuse(path, item.line_of("reason"), f"reason is {reason!r}; text is needed")
    definition = {field: value for field, value in values.items() if field not in PLACING}
    try:
        rule = from_definition(definition, revision="draft", modifiers=modifiers)
    except InvalidRule as error:
        _refuse(path, _line_for(item, str(error)), str(error))
    return RuleEntry(
        line=item.line,
        activity_type=name,
        rule=rule,
        effective_from=starts,
        effective_until=ends,
        share=share,
        reason=reason,
    )


def _line_for(item: _Item, message: str) -> int:
    # A rule's errors name their field, or one of its items, before anything else.
    words = (form for word in re.findall(r"\w+", message) for form in (word, f"{word}s"))
    named = next((word for word in words if word in item.values), "")
    return item.line_of(named) if named else item.line


def _instant(path: Path, item: _Item, field: str) -> datetime | None:
    given = item.values.get(field)
    if given is None:
        return None
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            _refuse(path, item.line_of(field), f"{field} is {given!r}, not an ISO 8601 instant")
    if not isinstance(given, datetime) or given.tzinfo is None:
        kind = "a date" if isinstance(given, date) else "an instant"
        _refuse(path, item.line_of(field), f"{field} is {kind} without a time zone; add one")
    return given


def _clash(one: RuleEntry, other: RuleEntry) -> bool:
    """Return whether two rules claim the same members at the same time.

    A smaller share of the members over a larger one is a rollout, not a clash.
    """
    if (one.activity_type, one.share) != (other.activity_type, other.share):
        return False

    def before(end: datetime | None, start: datetime | None) -> bool:
        return end is not None and start is not None and end <= start

    return not before(one.effective_until, other.effective_from) and not before(
        other.effective_until, one.effective_from
    )


def _refuse(path: Path, line: int, reason: str) -> NoReturn:
    raise InvalidRuleFile(f"{path}, line {line}: {reason}")
