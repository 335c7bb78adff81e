"""Rules as plain data, for the database, rule files and fingerprints. Django-free."""

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import blake2s
from typing import Any, NoReturn

from thrive_points.core.activities import Category
from thrive_points.core.modifiers import MODIFIERS
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Modifier, Rule, Tier
from thrive_points.exceptions import InvalidRule

_ENUMS = {"category": Category, "effort": Effort, "impact": Impact, "frequency": Frequency}
_NUMBERS = (
    "base_points",
    "max_per_day",
    "max_per_week",
    "max_points_per_day",
    "max_points_per_week",
)
_TEXTS = ("label", "notes", "exception")
_A_DAY = 24 * 60 * 60
FIELDS = (*_TEXTS, *_ENUMS, *_NUMBERS, "over_cap", "cooldown_seconds", "modifiers", "enabled")


def to_definition(rule: Rule) -> dict[str, Any]:
    """Return a rule's fields as JSON-ready data, leaving out what has its default."""
    definition: dict[str, Any] = {name: getattr(rule, name) for name in _TEXTS}
    definition |= {name: str(getattr(rule, name)) for name in _ENUMS}
    definition |= {name: getattr(rule, name) for name in _NUMBERS}
    definition["over_cap"] = [list(tier) for tier in rule.over_cap]
    definition["cooldown_seconds"] = rule.cooldown and int(rule.cooldown.total_seconds())
    definition["modifiers"] = [modifier.name for modifier in rule.modifiers]
    definition = {name: value for name, value in definition.items() if value not in (None, "", [])}
    if not rule.enabled:
        definition["enabled"] = False
    return definition


def from_definition(
    definition: Mapping[str, Any],
    *,
    revision: str,
    modifiers: Mapping[str, Modifier] = MODIFIERS,
) -> Rule:
    """Return the rule that plain data describes.

    Args:
        definition: as `to_definition` gives it.
        revision: the name of this version.
        modifiers: what modifier names may be used.

    Raises:
        InvalidRule: a field is unknown, missing or not of its kind; its `field` says which.
    """
    if not isinstance(definition, Mapping):
        raise InvalidRule(f"a rule is {definition!r}; fields are needed", given=definition)
    if unknown := sorted(set(definition) - set(FIELDS)):
        raise InvalidRule(
            f"unknown fields {unknown}; allowed are {sorted(FIELDS)}",
            field=unknown[0],
            given=unknown,
            allowed=sorted(FIELDS),
        )
    values: dict[str, Any] = {"revision": revision}
    for name, enum in _ENUMS.items():
        given = definition.get(name)
        try:
            values[name] = enum(str(given))
        except ValueError:
            allowed = [member.value for member in enum]
            raise InvalidRule(
                f"{name} is {given!r}; allowed are {', '.join(allowed)}",
                field=name,
                given=given,
                allowed=allowed,
            ) from None
    for name in _NUMBERS:
        given = definition.get(name)
        if given is not None and (not isinstance(given, int) or isinstance(given, bool)):
            _refuse(name, given, "a whole number")
        if given is not None or name == "base_points":
            values[name] = given
    if values["base_points"] is None:
        raise InvalidRule("base_points is missing", field="base_points")
    for name in _TEXTS:
        given = definition.get(name, "")
        if not isinstance(given, str):
            _refuse(name, given, "text")
        values[name] = given
    if not values["label"]:
        raise InvalidRule(
            "label is missing: it completes '20 for ...' for the member", field="label", given=""
        )
    values["over_cap"] = _tiers(definition.get("over_cap", []))
    values["cooldown"] = _cooldown(definition.get("cooldown_seconds"))
    values["modifiers"] = _modifiers(definition.get("modifiers", []), modifiers)
    values["enabled"] = definition.get("enabled", True)
    if not isinstance(values["enabled"], bool):
        _refuse("enabled", values["enabled"], "true or false")
    try:
        return Rule(**values)
    except InvalidRule as error:
        if error.field == "cooldown":
            error.field = "cooldown_seconds"
        raise


def fingerprint(rule: Rule) -> str:
    """Return the revision name of a rule that lives in code: it changes when the rule does."""
    canonical = json.dumps(to_definition(rule), sort_keys=True)
    return f"code:{blake2s(canonical.encode(), digest_size=4).hexdigest()}"


def _tiers(given: Any) -> tuple[Tier, ...]:
    allowed = "a list of [awards, percent], such as [[5, 50]]"
    if not isinstance(given, list | tuple):
        _refuse("over_cap", given, allowed)
    for tier in given:
        whole = isinstance(tier, list | tuple) and [type(number) for number in tier] == [int, int]
        if not whole:
            _refuse("over_cap", given, allowed)
    return tuple(Tier(awards, percent) for awards, percent in given)


def _cooldown(given: Any) -> timedelta | None:
    if given is None:
        return None
    if not isinstance(given, int) or isinstance(given, bool) or not 0 < given <= _A_DAY:
        _refuse("cooldown_seconds", given, f"a whole number, 1 to {_A_DAY:,}")
    return timedelta(seconds=given)


def _modifiers(given: Any, known: Mapping[str, Modifier]) -> tuple[Modifier, ...]:
    if not isinstance(given, list | tuple) or not all(isinstance(name, str) for name in given):
        _refuse("modifiers", given, "a list of names")
    for name in given:
        if name not in known:
            raise InvalidRule(
                f"modifier {name!r} is unknown; allowed are {sorted(known)}",
                field="modifiers",
                given=name,
                allowed=sorted(known),
            )
    return tuple(known[name] for name in given)


def _refuse(field: str, given: object, needed: str) -> NoReturn:
    raise InvalidRule(
        f"{field} is {given!r}; {needed} is needed", field=field, given=given, allowed=needed
    )
