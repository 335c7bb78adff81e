"""What a user object gains: `user.total_points` and `user.level`, whatever the user model."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model

from thrive_points.conf import points_settings
from thrive_points.models import UserThriveProfile


def _profile(user: Any) -> UserThriveProfile | None:
    try:
        profile: UserThriveProfile = user.thrive_profile
        if profile.was_rolled_back:
            del user._state.fields_cache["thrive_profile"]
            profile = user.thrive_profile
    except UserThriveProfile.DoesNotExist:
        return None
    return profile


def total_points(user: Any) -> int:
    """Return the user's total in points; it is the profile's total XP, not a copy."""
    profile = _profile(user)
    return profile.total_xp if profile else 0


def level(user: Any) -> int:
    """Return the user's level, 1 before the first award."""
    return points_settings().levels.level_of(total_points(user))


class Shown(property):
    """An attribute that shows a figure, and makes way for whatever the host sets by that name.

    So `annotate(total_points=...)`, `User(level=3)` and an attribute of an instance work as if the
    app were not installed.
    """

    def __init__(self, name: str, getter: Callable[[Any], int]) -> None:
        super().__init__(self._value_of, self._set)
        self.__doc__ = getter.__doc__
        self._name = name
        self.getter_of_figure = getter

    def _value_of(self, user: Any) -> Any:
        own = user.__dict__
        return own[self._name] if self._name in own else self.getter_of_figure(user)

    def _set(self, user: Any, value: Any) -> None:
        user.__dict__[self._name] = value


ATTACHED = {"total_points": total_points, "level": level}


def clashes() -> list[str]:
    """Return the names the user model already gives a meaning of its own."""
    model = get_user_model()
    return [
        name
        for name in ATTACHED
        if hasattr(model, name) and not isinstance(getattr(model, name), Shown)
    ]


def attach() -> None:
    """Add the attributes to the user model, except where it has such a name already."""
    taken = clashes()
    for name, getter in ATTACHED.items():
        if name not in taken:
            setattr(get_user_model(), name, Shown(name, getter))
