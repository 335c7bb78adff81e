"""Rule files: rules as TOML or JSON, to be reviewed and carried from one site to another.

A file lists rules. Each says the whole rule, its activity type, and if need be from when
until when and for what share of the members it is in force. A rule for everybody that has an end is
a campaign, unless another rule of the file takes over as it ends, down to one without an end. A
file that has a mistake is refused whole, with the line.
"""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from thrive_points.core.rule import Modifier, Rule
from thrive_points.exceptions import InvalidRule, UnknownActivityType
from thrive_points.rules.definitions import FIELDS, from_definition
from thrive_points.rules.revisions import Draft
from thrive_points.rules.rulebook import Layer

PLACING = ("activity_type", "effective_from", "effective_until", "share", "reason")
SUFFIXES = (".toml", ".json")
_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)
_ASSIGNMENT = re.compile(r"""^[ \t]*["']?(\w+)["']?[ \t]*=""", re.MULTILINE)
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


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
        followed: whether another of the file takes over as it ends, so that it is no campaign.
        lines: where each of its fields is.
    """

    line: int
    activity_type: str
    rule: Rule
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    share: int = 100
    reason: str | None = None
    followed: bool = False
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, field: str | None) -> int:
        """Return the line of a field, or the rule's own if the field is not there."""
        return self.lines.get(field or "", self.line)

    @property
    def layer(self) -> Layer:
        """Return which layer of the rules it belongs to."""
        if self.share < 100:
            return Layer.ROLLOUT
        return Layer.BASE if self.followed or self.effective_until is None else Layer.CAMPAIGN

    @property
    def draft(self) -> Draft:
        """Return what is published of it."""
        ends = None if self.layer is Layer.BASE else self.effective_until
        return Draft(
            activity_type=self.activity_type,
            rule=self.rule,
            effective_from=self.effective_from,
            effective_until=ends,
            share=self.share,
        )


@dataclass(frozen=True, slots=True)
class _Item:
    """A rule's raw fields, and the lines of the rule and of each field."""

    values: Mapping[str, Any]
    line: int
    lines: Mapping[str, int]

    def line_of(self, field: str | None) -> int:
        """Return the line of a field, or the rule's own if the field is not there."""
        return self.lines.get(field or "", self.line)


def read(
    path: Path, name_of: Callable[[object], str], modifiers: Mapping[str, Modifier]
) -> list[RuleEntry]:
    """Return the rules of a TOML or JSON file, in its order.

    Args:
        path: the file, whose suffix says which format it has.
        name_of: returns an activity type by its name, or raises UnknownActivityType.
        modifiers: modifiers a rule may name.

    Raises:
        InvalidRuleFile: it cannot be read, or any of its rules cannot be used.
    """
    try:
        # With or without the byte order mark that some editors begin with; any line ends.
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRuleFile(f"{path} cannot be read: {error}") from error
    if path.suffix not in SUFFIXES:
        raise InvalidRuleFile(f"{path} is neither {' nor '.join(SUFFIXES)}")
    items = (_toml if path.suffix == ".toml" else _json)(path, text)
    entries = _followed([_entry(path, item, name_of, modifiers) for item in items])
    for position, entry in enumerate(entries):
        for other in entries[:position]:
            if _clash(other, entry):
                _refuse(
                    path,
                    entry.line_of("effective_from"),
                    f"the dates of {entry.activity_type} overlap those of the rule in line "
                    f"{other.line}",
                    field="effective_from",
                )
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
    items = []
    for rule, start, end in zip(rules, starts, [*starts[1:], len(text)], strict=True):
        lines: dict[str, int] = {}
        for found in _ASSIGNMENT.finditer(text, start, end):
            lines.setdefault(found[1], _line_at(text, found.start(1)))
        items.append(_Item(rule, _line_at(text, start), lines))
    return items


def _json(path: Path, text: str) -> list[_Item]:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        _refuse(path, error.lineno, f"this is not JSON: {error.msg}")
    # JSON itself would take the last of two equal keys without a word.
    lines = _lines_of_keys(path, text)
    rules = _listed(path, values)
    # Objects in the order they begin: the file's own, then the rules, which hold none.
    return [_Item(rule, line, keys) for rule, (line, keys) in zip(rules, lines[1:], strict=True)]


def _lines_of_keys(path: Path, text: str) -> list[tuple[int, dict[str, int]]]:
    """Return for each object of JSON text its line and those of its keys.

    Raises:
        InvalidRuleFile: an object has a key twice.
    """
    found: list[tuple[int, dict[str, int]]] = []
    inside: list[dict[str, int] | None] = []
    before: re.Match[str] | None = None
    for token in _JSON_TOKEN.finditer(text):
        match token[0]:
            case "{":
                own: dict[str, int] = {}
                inside.append(own)
                found.append((_line_at(text, token.start()), own))
            case "[":
                inside.append(None)
            case "}" | "]":
                inside.pop()
            case ":":
                keys = inside[-1]
                assert before is not None
                assert keys is not None
                key, line = json.loads(before[0]), _line_at(text, before.start())
                if key in keys:
                    _refuse(
                        path, line, f"{key!r} is given twice, first in line {keys[key]}", field=key
                    )
                keys[key] = line
        before = token
    return found


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


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
    path: Path,
    item: _Item,
    name_of: Callable[[object], str],
    modifiers: Mapping[str, Modifier],
) -> RuleEntry:
    values = item.values
    given = values.get("activity_type")
    try:
        name = name_of(given)
    except UnknownActivityType as error:
        hint = (
            f"; did you mean {error.close[0]}?"
            if error.close
            else "; declare it in THRIVE_POINTS['RULES'] first, since a file tunes rules in code"
        )
        line = item.line_of("activity_type")
        _refuse(path, line, f"activity_type {given!r} has no rule{hint}", field="activity_type")
    share = values.get("share", 100)
    if not isinstance(share, int) or isinstance(share, bool) or not 1 <= share <= 100:
        what = f"share is {share!r}; allowed are 1 to 100"
        _refuse(path, item.line_of("share"), what, field="share")
    starts, ends = _instant(path, item, "effective_from"), _instant(path, item, "effective_until")
    if starts and ends and ends <= starts:
        line = item.line_of("effective_until")
        what = "effective_until is not after effective_from"
        _refuse(path, line, what, field="effective_until")
    reason = values.get("reason")
    if reason is not None and not isinstance(reason, str):
        line = item.line_of("reason")
        _refuse(path, line, f"reason is {reason!r}; text is needed", field="reason")
    definition = {field: value for field, value in values.items() if field not in PLACING}
    try:
        rule = from_definition(definition, revision="draft", modifiers=modifiers)
    except InvalidRule as error:
        _refuse(path, item.line_of(error.field), str(error), field=error.field)
    return RuleEntry(
        line=item.line,
        activity_type=name,
        rule=rule,
        effective_from=starts,
        effective_until=ends,
        share=share,
        reason=reason,
        lines=item.lines,
    )


def _instant(path: Path, item: _Item, field: str) -> datetime | None:
    given = item.values.get(field)
    if given is None:
        return None
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            what = f"{field} is {given!r}, not an ISO 8601 instant"
            _refuse(path, item.line_of(field), what, field=field)
    if not isinstance(given, datetime) or given.tzinfo is None:
        kind = "a date" if isinstance(given, date) else "an instant"
        what = f"{field} is {kind} without a time zone; add one"
        _refuse(path, item.line_of(field), what, field=field)
    return given


def _followed(entries: Sequence[RuleEntry]) -> list[RuleEntry]:
    """Mark the rules that are no campaigns: a chain from now on leads over them to one for good."""

    def leads_on(entry: RuleEntry) -> list[RuleEntry] | None:
        if entry.effective_until is None:
            return [entry]
        for other in entries:
            if (other.activity_type, other.share, other.effective_from) == (
                entry.activity_type,
                100,
                entry.effective_until,
            ):
                chain = leads_on(other)
                if chain is not None:
                    return [entry, *chain]
        return None

    chained: list[RuleEntry] = []
    for entry in entries:
        if entry.share == 100 and entry.effective_from is None:
            chained += leads_on(entry) or []
    return [replace(entry, followed=entry in chained) for entry in entries]


def _clash(one: RuleEntry, other: RuleEntry) -> bool:
    """Return whether two rules of one layer claim the same members at the same time.

    A campaign lies over the rule that goes on beneath it, and a rollout over both.
    """
    if (one.activity_type, one.layer) != (other.activity_type, other.layer):
        return False

    def before(end: datetime | None, start: datetime | None) -> bool:
        return end is not None and start is not None and end <= start

    return not before(one.effective_until, other.effective_from) and not before(
        other.effective_until, one.effective_from
    )


def _refuse(path: Path, line: int, reason: str, field: str | None = None) -> NoReturn:
    raise InvalidRuleFile(f"{path}, line {line}: {reason}", field=field)
