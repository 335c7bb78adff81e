"""Whose day it is: the user's zone, by the host's hook or the site's default."""

from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.core.periods import Period, period_of


def zone_of(user: Any) -> tzinfo:
    """Return the zone whose calendar counts for a user.

    Raises:
        ImproperlyConfigured: the host's hook answered something that is not a zone.
    """
    hook = points_settings().user_zone
    if hook is None:
        return timezone.get_default_timezone()
    zone = hook(user)
    if isinstance(zone, tzinfo):
        return zone
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ImproperlyConfigured(
            f"THRIVE_POINTS['USER_ZONE'] answered {zone!r} for user {user.pk}; a tzinfo or "
            "the name of an IANA zone is needed"
        ) from error


def period_for(user: Any, instant: datetime) -> Period:
    """Return the day and week of an aware instant in a user's zone."""
    return period_of(instant, zone_of(user))


class Calendars:
    """The periods of one batch: each user's zone is asked for once, and each period found once.

    Users are distinguished by the object, which the batch keeps alive, and so are zones: those of
    dateutil cannot be hashed.
    """

    def __init__(self) -> None:
        self._zones: dict[int, tzinfo] = {}
        self._periods: dict[tuple[int, datetime], Period] = {}

    def period_for(self, user: Any, instant: datetime) -> Period:
        """Return the day and week of an aware instant in a user's zone."""
        zone = self._zones.get(id(user))
        if zone is None:
            zone = self._zones[id(user)] = zone_of(user)
        period = self._periods.get((id(zone), instant))
        if period is None:
            period = self._periods[id(zone), instant] = period_of(instant, zone)
        return period


def today_of(user: Any) -> date:
    """Return the user's calendar day at this moment."""
    return period_for(user, timezone.now()).day
