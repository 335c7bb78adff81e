"""What a user object gains: `user.total_points` and `user.level`, whatever the user model."""

from typing import Any

from django.contrib.auth import get_user_model

from thrive_points.models import UserThriveProfile


def _profile(user: Any) -> UserThriveProfile | None:
    try:
        profile: UserThriveProfile = user.thrive_profile
    except UserThriveProfile.DoesNotExist:
        return None
    return profile


def total_points(user: Any) -> int:
    """Return the user's total in points; it is the profile's total XP, not a copy."""
    profile = _profile(user)
    return profile.total_xp if profile else 0


def level(user: Any) -> int:
    """Return the user's level, 1 before the first award."""
    profile = _profile(user)
    return profile.level if profile else 1


ATTACHED = {"total_points": total_points, "level": level}


def clashes() -> list[str]:
    """Return the names the user model already gives a meaning of its own."""
    model = get_user_model()
    return [
        name
        for name, getter in ATTACHED.items()
        if hasattr(model, name) and getattr(getattr(model, name), "fget", None) is not getter
    ]


def attach() -> None:
    """Add the properties to the user model, except where it has such a name already."""
    taken = clashes()
    for name, getter in ATTACHED.items():
        if name not in taken:
            setattr(get_user_model(), name, property(getter))
