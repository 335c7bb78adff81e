"""The one settings dict, `THRIVE_POINTS`, read once and checked."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from thrive_points.core.rule import Rule
    from thrive_points.core.streaks import Goal, Streak

DEFAULTS: dict[str, Any] = {
    "RULES": "thrive_points.rules.registry.POINT_RULES",
    "STREAKS": "thrive_points.rules.registry.STREAKS",
    "GOALS": "thrive_points.rules.registry.GOALS",
    "USER_ZONE": None,
    "ACTIVITY_URL": None,
    "RULES_REFRESH_SECONDS": 5,
    "RENAMED": {},
    "SCOPE": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsSettings:
    """The settings with every dotted path imported."""

    rules: "Mapping[str, Rule]"
    streaks: "tuple[Streak, ...]"
    goals: "tuple[Goal, ...]"
    user_zone: Callable[[Any], Any] | None
    activity_url: Callable[[str], str | None] | None
    rules_refresh_seconds: float
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
    if unknown := sorted(set(given) - set(DEFAULTS)):
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
    user_zone = _imported(values, "USER_ZONE")
    if user_zone is not None and not callable(user_zone):
        raise ImproperlyConfigured("THRIVE_POINTS['USER_ZONE'] must be a function of the user")
    activity_url = _imported(values, "ACTIVITY_URL")
    if activity_url is not None and not callable(activity_url):
        raise ImproperlyConfigured(
            "THRIVE_POINTS['ACTIVITY_URL'] must be a function of the activity type"
        )
    scope = _imported(values, "SCOPE")
    if scope is not None and not callable(scope):
        raise ImproperlyConfigured("THRIVE_POINTS['SCOPE'] must be a function of the connection")
    renamed = _renamed(values["RENAMED"], {str(name) for name in rules})

    def kept(name: Any) -> Any:
        return name if name is None else renamed.get(str(name), name)

    streaks, goals = tuple(_imported(values, "STREAKS")), tuple(_imported(values, "GOALS"))
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
    return PointsSettings(
        rules={str(kept(name)): rule for name, rule in rules.items()},
        streaks=streaks,
        goals=goals,
        renamed=renamed,
        scope=scope,
        user_zone=user_zone,
        activity_url=activity_url,
        rules_refresh_seconds=float(values["RULES_REFRESH_SECONDS"]),
    )


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


def _imported(values: Mapping[str, Any], key: str) -> Any:
    value = values[key]
    if not isinstance(value, str):
        return value
    try:
        return import_string(value)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS[{key!r}] is {value!r}, which cannot be imported: {error}"
        ) from error


def _forget(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        points_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="thrive_points.conf")
