"""Whose clock counts: the zone in which a member's days and weeks begin."""

from datetime import tzinfo
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone

from thrive_points.calendar.zones import Zones

if TYPE_CHECKING:
    from allthrive.accounts.models import User


@cache
def zone_names() -> tuple[str, ...]:
    """Return the names of all zones a member can choose, sorted, area/city forms only."""
    return ("UTC", *sorted(n for n in available_timezones() if "/" in n and n[:4] != "Etc/"))


def validate_zone(name: str) -> None:
    """Refuse a name that is no zone of the database on this machine.

    Raises:
        ValidationError: the name is unknown.
    """
    if name not in zone_names():
        raise ValidationError("Choose a time zone of the list, such as Europe/Rome.")


def zones_of(user: "User") -> Zones:
    """Return the zones of a member's days: the hook `THRIVE_POINTS["USER_ZONE"]` names."""
    return Zones(user.zones or user.timezone)


def clock_of(user: "User") -> tzinfo:
    """Return the zone whose time of day a member is shown, the site's if it is unknown here."""
    if user.timezone in zone_names():
        return ZoneInfo(user.timezone)
    return get_default_timezone()
