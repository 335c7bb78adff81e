"""Whose day it is: a member's zones, by the host's hook or the site's default."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as site
from django.contrib.auth import get_user_model
from django.core.signals import setting_changed
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.core.periods import Calendar, Period, ZoneChange, period_of
from thrive_points.exceptions import InvalidZone

_log = logging.getLogger(__name__)
_UNREADABLE = (KeyError, ValueError, TypeError, OSError)
"""What `ZoneInfo` raises for a name that it cannot read."""


@dataclass(frozen=True, slots=True)
class Zones:
    """A member's zones: the first, then for each change the last date before it and the new zone.

    A host keeps it as text, such as "Europe/Rome 2026-11-25 Asia/Tokyo", by a `ZonesField` or in
    its own way, and gives it as the answer of its hook. The name of a zone is a history too.

    Args:
        text: as it is kept.
    """

    text: str

    @property
    def calendar(self) -> Calendar:
        """Return the calendar these zones make; a zone that cannot be read is the site's."""
        return _calendar_of(self.text)

    @property
    def zone(self) -> str:
        """Return the name of the latest zone, in effect or not."""
        return self.text.rpartition(" ")[2]

    def pending(self, now: datetime) -> datetime | None:
        """Return when the latest change takes effect, None if it has or there is none."""
        changes = self.calendar.changes
        if not changes:
            return None
        starts = self.calendar.starts(changes[-1].after + timedelta(days=1))
        return starts if starts > now else None

    def locked_until(self, now: datetime) -> date | None:
        """Return the first date on which the zone may change again, None where that is today.

        A change that waits for its day may be made anew, or taken back.
        """
        settled = self._settled(now).calendar
        if not settled.changes:
            return None
        free = settled.changes[-1].after + timedelta(days=points_settings().zone_change_days)
        return free if settled.period_of(now).day < free else None

    def changed_to(self, zone: str, now: datetime) -> "Zones":
        """Return the zones after a change, which takes effect when the member's date has ended.

        Whether the member may change yet is another question: see `locked_until`.

        Args:
            zone: name of the new zone.
            now: when it is changed.

        Raises:
            InvalidZone: the name is empty or has a space.
        """
        if not zone or " " in zone:
            raise InvalidZone(f"zone is {zone!r}; the name of an IANA zone is needed")
        settled = self._settled(now)
        if settled.zone == zone:
            return settled
        today = settled.calendar.period_of(now).day
        return Zones(f"{settled.text} {today} {zone}")

    def _settled(self, now: datetime) -> "Zones":
        """Return the zones without a change of whose effect nothing is to be seen yet."""
        *before, (after, _) = self.calendar.changes or ((None, None),)
        if after is None:
            # A text of no sense has no changes either: it begins anew with the zone that counted.
            return Zones(site.TIME_ZONE) if " " in self.text else self
        earlier = Calendar(self.calendar.zone, tuple(before))
        if earlier.period_of(now).day > after:
            return self
        return Zones(self.text.rsplit(" ", 2)[0])


def calendar_of(user: Any, instant: datetime) -> Calendar:
    """Return the calendar by which an instant counts for a user.

    Where the hook's answer cannot be read, that is the site's, and the log says so once.

    Args:
        user: whose.
        instant: for a hook that wants to know; any other answers for the present.
    """
    settings = points_settings()
    hook = settings.user_zone
    if hook is None:
        return Calendar(timezone.get_default_timezone())
    try:
        answer = hook(user, instant) if settings.user_zone_by_instant else hook(user)
    except _UNREADABLE as error:
        return Calendar(_site_instead_of(f"{type(error).__name__}: {error}"))
    if isinstance(answer, Zones):
        return _calendar_of(answer.text)
    return Calendar(answer if isinstance(answer, tzinfo) else _zone_named(answer))


def period_for(user: Any, instant: datetime) -> Period:
    """Return the day and week of an aware instant for a user."""
    return calendar_of(user, instant).period_of(instant)


def skips_of(user_ids: Sequence[Any]) -> Callable[[Any, int], bool]:
    """Return a function that tells whether the calendar of one of some members skips an ordinal.

    They are read at once, as soon as one is asked for, which is when a streak depends on it.

    Args:
        user_ids: the members' keys; the calendar of a key that is nobody's skips nothing.
    """

    @cache
    def calendars() -> dict[Any, Calendar]:
        now = timezone.now()
        users = get_user_model()._base_manager.in_bulk(user_ids)
        return {key: calendar_of(user, now) for key, user in users.items()}

    def skips(user_id: Any, ordinal: int) -> bool:
        calendar = calendars().get(user_id)
        return calendar is not None and calendar.skips(ordinal)

    return skips


class Calendars:
    """The calendars of one batch: each user's is asked for once.

    Users are distinguished by the object, which the batch keeps alive.
    """

    def __init__(self) -> None:
        self._calendars: dict[Any, Calendar] = {}
        self._by_instant = points_settings().user_zone_by_instant

    def calendar_for(self, user: Any, instant: datetime) -> Calendar:
        """Return the calendar by which an instant counts for a user."""
        key = (id(user), instant) if self._by_instant else id(user)
        calendar = self._calendars.get(key)
        if calendar is None:
            calendar = self._calendars[key] = calendar_of(user, instant)
        return calendar


def site_period(instant: datetime) -> Period:
    """Return the day and week of an aware instant by the site's clock."""
    return period_of(instant, timezone.get_default_timezone())


def today_of(user: Any) -> date:
    """Return the user's date at this moment."""
    return period_for(user, timezone.now()).day


@lru_cache(maxsize=10_000)
def _calendar_of(text: str) -> Calendar:
    """Return the calendar of zones as they are kept."""
    names, dates = text.split(" ")[::2], text.split(" ")[1::2]
    try:
        after = [date.fromisoformat(day) for day in dates]
        first, *later = map(_zone_named, names)
        changes = zip(after, later, strict=True)
        return Calendar(first, tuple(ZoneChange(*change) for change in changes))
    except ValueError as error:
        return Calendar(_site_instead_of(f"{text!r}: {error}"))


def _zone_named(name: Any) -> tzinfo:
    """Return a zone by its name."""
    if not isinstance(name, str):
        return _site_instead_of(f"{name!r} is neither a tzinfo nor the name of an IANA zone")
    try:
        return ZoneInfo(name)
    except _UNREADABLE as error:
        return _site_instead_of(f"{name!r}: {error}")


def _site_instead_of(what: str) -> tzinfo:
    _say_once(what)
    return timezone.get_default_timezone()


@lru_cache(maxsize=1_000)
def _say_once(what: str) -> None:
    _log.warning("A zone of a member cannot be read, so the site's counts: %s", what)


def _forget(*, setting: str, **_: object) -> None:
    if setting in ("TIME_ZONE", "THRIVE_POINTS"):
        _calendar_of.cache_clear()
        _say_once.cache_clear()


setting_changed.connect(_forget, dispatch_uid="thrive_points.calendar.zones")
