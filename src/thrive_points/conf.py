"""The one settings dict, `THRIVE_POINTS`, read once and checked."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
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
    "OPEN_ACTIVITIES": None,
    "RULES_REFRESH_SECONDS": 5,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsSettings:
    """The settings with every dotted path imported."""

    rules: "Mapping[str, Rule]"
    streaks: "tuple[Streak, ...]"
    goals: "tuple[Goal, ...]"
    user_zone: Callable[[Any], Any] | None
    activity_url: Callable[[str], str | None] | None
    open_activities: Callable[[Any], Collection[str]] | None
    rules_refresh_seconds: float


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
    open_activities = _imported(values, "OPEN_ACTIVITIES")
    if open_activities is not None and not callable(open_activities):
        raise ImproperlyConfigured(
            "THRIVE_POINTS['OPEN_ACTIVITIES'] must be a function of the user"
        )
    return PointsSettings(
        rules={str(name): rule for name, rule in rules.items()},
        streaks=tuple(_imported(values, "STREAKS")),
        goals=tuple(_imported(values, "GOALS")),
        user_zone=user_zone,
        activity_url=activity_url,
        open_activities=open_activities,
        rules_refresh_seconds=float(values["RULES_REFRESH_SECONDS"]),
    )


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
