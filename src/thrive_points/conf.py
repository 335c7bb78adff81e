"""The one settings dict, `THRIVE_POINTS`, read once and checked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from inspect import signature
from ipaddress import IPv4Network, IPv6Network, ip_network
from math import inf
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from thrive_points.core.levels import LEVELS, Levels
from thrive_points.core.rule import Rule
from thrive_points.core.streaks import Goal, Streak
from thrive_points.exceptions import PointsError

DEFAULTS: dict[str, Any] = {
    "RULES": "thrive_points.rules.registry.POINT_RULES",
    "STREAKS": "thrive_points.rules.registry.STREAKS",
    "GOALS": "thrive_points.rules.registry.GOALS",
    "LEVELS": LEVELS,
    "ELIGIBLE": "thrive_points.validation.is_active",
    "USER_ZONE": None,
    "ZONE_CHANGE_DAYS": 7,
    "ACTIVITY_URL": None,
    "ACTIVE_MEMBERS": None,
    "OPEN_ACTIVITIES": None,
    "RULES_REFRESH_SECONDS": 5,
    "MEMBER": None,
    "WEBHOOK_NETWORKS": (),
    "RENAMED": {},
    "SCOPE": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsSettings:
    """The settings with every dotted path imported."""

    rules: Mapping[str, Rule]
    streaks: tuple[Streak, ...]
    goals: tuple[Goal, ...]
    levels: Levels
    eligible: Callable[[Any], bool | str]
    user_zone: Callable[..., Any] | None
    user_zone_by_instant: bool
    zone_change_days: int
    activity_url: Callable[[str], str | None] | None
    active_members: Callable[[datetime, datetime], Iterable[Any]] | None
    open_activities: Callable[[Any], Collection[str]] | None
    rules_refresh_seconds: float
    member: Callable[[Any], Any] | None
    webhook_networks: tuple[IPv4Network | IPv6Network, ...]
    renamed: Mapping[str, str]
    """For each new name of an activity type the one it began with, which everything here has."""
    scope: Callable[[Any], Any] | None


@cache
def points_settings() -> PointsSettings:
    """Return the site's settings.

    Raises:
        ImproperlyConfigured: a key is unknown, a path cannot be imported, or a value is
            not of its kind.
    """
    given = getattr(django_settings, "THRIVE_POINTS", {})
    if not isinstance(given, Mapping):
        raise ImproperlyConfigured(f"THRIVE_POINTS is {given!r}; a dict is needed")
    if unknown := sorted(set(given) - set(DEFAULTS), key=str):
        raise ImproperlyConfigured(
            f"THRIVE_POINTS has unknown keys {unknown}; allowed are {sorted(DEFAULTS)}"
        )
    values = {**DEFAULTS, **given}
    rules = _imported(values, "RULES")
    if not isinstance(rules, Mapping):
        raise ImproperlyConfigured(
            f"THRIVE_POINTS['RULES'] gives a {type(rules).__name__}; a mapping of activity "
            "type to Rule is needed"
        )
    for name, rule in rules.items():
        if not isinstance(name, str) or not isinstance(rule, Rule):
            raise ImproperlyConfigured(
                f"THRIVE_POINTS['RULES'] has {name!r}: {rule!r}; the name of an activity type and "
                "a Rule are needed"
            )
        if not isinstance(rule.label, str):
            raise ImproperlyConfigured(
                f"THRIVE_POINTS['RULES'][{str(name)!r}] has the label {rule.label!r}, a "
                f"{type(rule.label).__name__}; plain text is needed, since every entry keeps it"
            )
    levels = _imported(values, "LEVELS")
    if not isinstance(levels, Levels):
        raise ImproperlyConfigured(f"THRIVE_POINTS['LEVELS'] is {levels!r}; Levels are needed")
    renamed = _renamed(values["RENAMED"], {str(name) for name in rules})

    def kept(name: Any) -> Any:
        return name if name is None else renamed.get(str(name), name)

    streaks, goals = _all_of(Streak, values, "STREAKS"), _all_of(Goal, values, "GOALS")
    if renamed:
        streaks = tuple(
            replace(
                streak,
                activity=kept(streak.activity),
                pays=tuple((every, kept(name)) for every, name in streak.pays),
            )
            for streak in streaks
        )
        goals = tuple(
            replace(goal, activity=kept(goal.activity), pays=kept(goal.pays)) for goal in goals
        )
    user_zone = _optional_function(values, "USER_ZONE", "of the user, and of an instant")
    return PointsSettings(
        rules={str(kept(name)): rule for name, rule in rules.items()},
        streaks=streaks,
        goals=goals,
        renamed=renamed,
        scope=_optional_function(values, "SCOPE", "of the connection"),
        levels=levels,
        eligible=_function(values, "ELIGIBLE", "of the user"),
        user_zone=user_zone,
        user_zone_by_instant=user_zone is not None and _takes_two(user_zone),
        zone_change_days=_days(values, "ZONE_CHANGE_DAYS"),
        activity_url=_optional_function(values, "ACTIVITY_URL", "of the activity type"),
        active_members=_optional_function(values, "ACTIVE_MEMBERS", "of two instants"),
        open_activities=_optional_function(values, "OPEN_ACTIVITIES", "of the user"),
        rules_refresh_seconds=_seconds(values, "RULES_REFRESH_SECONDS"),
        member=_optional_function(values, "MEMBER", "of what a service calls a member by"),
        webhook_networks=_networks(values, "WEBHOOK_NETWORKS"),
    )


def _all_of(kind: type[Any], values: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    given = _imported(values, key)
    if not isinstance(given, Sequence) or not all(isinstance(one, kind) for one in given):
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {given!r}; a sequence of {kind.__name__} is needed"
        )
    return tuple(given)


def _function(values: Mapping[str, Any], key: str, what: str) -> Callable[..., Any]:
    found = _imported(values, key)
    if not callable(found):
        raise ImproperlyConfigured(f"THRIVE_POINTS[{key!r}] must be a function {what}")
    return found  # type: ignore[no-any-return]


def _optional_function(values: Mapping[str, Any], key: str, what: str) -> Callable[..., Any] | None:
    return None if values[key] is None else _function(values, key, what)


def _seconds(values: Mapping[str, Any], key: str) -> float:
    given = values[key]
    if isinstance(given, bool) or not isinstance(given, int | float) or not 0 <= given < inf:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {given!r}; a number of seconds, 0 or more, is needed"
        )
    return float(given)


def _days(values: Mapping[str, Any], key: str) -> int:
    given = values[key]
    if type(given) is not int or given < 0:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {given!r}; a whole number of days, 0 or more, is needed"
        )
    return given


def _networks(values: Mapping[str, Any], key: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(map(ip_network, values[key]))
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {values[key]!r}; a list of networks such as '10.0.0.0/8' "
            "is needed"
        ) from error


def _renamed(given: Any, rules: Collection[str]) -> dict[str, str]:
    """Return for each new name the one its activity type began with.

    Raises:
        ImproperlyConfigured: it is no mapping of old names to new ones that have a rule.
    """
    if not isinstance(given, Mapping) or not all(
        isinstance(name, str) for pair in given.items() for name in pair
    ):
        raise ImproperlyConfigured(
            f"THRIVE_POINTS['RENAMED'] is {given!r}; a mapping of an old name to the new one is "
            "needed"
        )
    old_of: dict[str, str] = {}
    for old, new in given.items():
        old, new = str(old), str(new)
        if old in rules:
            raise ImproperlyConfigured(
                f"THRIVE_POINTS['RENAMED'] names {old!r}, which still has a rule; give the rule "
                f"to {new!r} alone"
            )
        if new in old_of:
            raise ImproperlyConfigured(
                f"THRIVE_POINTS['RENAMED'] makes {new!r} of both {old_of[new]!r} and {old!r}; two "
                "activity types cannot become one"
            )
        if new not in rules and new not in given:
            raise ImproperlyConfigured(
                f"THRIVE_POINTS['RENAMED'] makes {new!r} of {old!r}, but no rule names {new!r}"
            )
        old_of[new] = old

    def first(name: str) -> str:
        seen = {name}
        while name in old_of:
            name = old_of[name]
            if name in seen:
                raise ImproperlyConfigured(f"THRIVE_POINTS['RENAMED'] leads {name!r} in a circle")
            seen.add(name)
        return name

    # Those that have a rule last: they are what a name is shown as.
    return {new: first(new) for new in sorted(old_of, key=lambda name: name in rules)}


def _takes_two(function: Callable[..., Any]) -> bool:
    """Return whether a function can be called with two arguments."""
    try:
        signature(function).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True


def _imported(values: Mapping[str, Any], key: str) -> Any:
    value = values[key]
    if not isinstance(value, str):
        return value
    try:
        return import_string(value)
    except (ImportError, ValueError, PointsError) as error:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {value!r}, which cannot be imported: {error}"
        ) from error


def _forget(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        points_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="thrive_points.conf")
