"""Forming the week's circles: members of one circle level, grouped with neighbours in XP."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count

from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of
from thrive_circles.models import Circle, UserThriveProfile
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.sql.dialect import Dialect, writing_connection
from thrive_points.sql.named import load

SMALLEST, IDEAL, LARGEST = 5, 25, 30
ACTIVE_WEEKS = 4
"""A member who gained XP in this many weeks before the new one is active."""

_SQL = load("thrive_circles.sql", "statements.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Neighbouring circle levels that are cut into circles together.

    Args:
        levels: indexes into CIRCLE_LEVELS, ascending.
        members: how many active members they have.
        name: the level the circles are called by, that of most members.
    """

    levels: tuple[int, ...]
    members: int
    name: str

    @property
    def circles(self) -> int:
        """Return into how many circles the members are cut."""
        return max(1, round(self.members / IDEAL), -(-self.members // LARGEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What `assign_circles` did: circles and members, or that the week had its circles."""

    week: date
    circles: int
    members: int
    formed: bool


def group_levels(counts: Sequence[int]) -> list[Group]:
    """Return the groups for the numbers of active members by circle level, lowest first.

    A level with fewer than five joins the next one up; what is left over at the top joins
    the group below. Fewer than five in all make no circle.
    """
    groups: list[list[int]] = []
    waiting: list[int] = []
    for index in range(len(counts)):
        waiting.append(index)
        if sum(counts[i] for i in waiting) >= SMALLEST:
            groups.append(waiting)
            waiting = []
    if waiting and groups:
        groups[-1] += waiting
    return [
        Group(
            levels=tuple(levels),
            members=sum(counts[i] for i in levels),
            name=CIRCLE_LEVELS[max(levels, key=lambda i: counts[i])].name,
        )
        for levels in groups
    ]


def assign_circles(week: date, *, progress: Callable[[int], object] | None = None) -> Assignment:
    """Form the circles of a week, once: a second run finds them and changes nothing.

    Args:
        week: Monday of the week.
        progress: called with the number of members placed since its last call.

    Returns:
        What was formed, or found.

    Raises:
        ValueError: the day is not a Monday.
    """
    if week.weekday():
        raise ValueError(f"{week} is a {week:%A}; a week starts on a Monday")
    connection = writing_connection(UserThriveProfile)
    if found := _found(connection, week):
        return found
    try:
        return _form(connection, week, progress)
    except IntegrityError:
        # Another process formed them meanwhile, and its circles stand.
        if found := _found(connection, week):
            return found
        raise


def _found(connection: BaseDatabaseWrapper, week: date) -> Assignment | None:
    circles = Circle.objects.using(connection.alias).filter(week=week).count()
    if not circles:
        return None
    placed = UserThriveProfile.objects.using(connection.alias).filter(circle__week=week)
    return Assignment(week=week, circles=circles, members=placed.count(), formed=False)


def _form(
    connection: BaseDatabaseWrapper, week: date, progress: Callable[[int], object] | None
) -> Assignment:
    with transaction.atomic(using=connection.alias):
        active_since = Dialect(connection).day(week - timedelta(weeks=ACTIVE_WEEKS))
        if connection.features.has_select_for_update:
            with connection.cursor() as cursor:
                cursor.execute(_SQL["lock_members"], _bounds(_LEVELS, active_since))
        groups = group_levels([_count(connection, i, active_since) for i in _LEVELS])
        for group in groups:
            Circle.objects.using(connection.alias).bulk_create(
                [Circle(week=week, level=group.name, number=n + 1) for n in range(group.circles)],
                batch_size=1_000,
            )
            bounds = _bounds(group.levels, active_since)
            circles = {
                "circles": group.circles,
                "level": group.name,
                "week": Dialect(connection).day(week),
            }
            with connection.cursor() as cursor:
                cursor.execute(_SQL["place_members"], {**bounds, **circles})
            if progress is not None:
                progress(group.members)
    return Assignment(
        week=week,
        circles=sum(group.circles for group in groups),
        members=sum(group.members for group in groups),
        formed=True,
    )


def join_circle(user: Any) -> Circle | None:
    """Place a member who has no circle this week in the smallest one of their circle level.

    Args:
        user: the member.

    Returns:
        The circle, or None while no circle with room has been formed for the week.
    """
    week = week_of(today_of(user))
    alias = writing_connection(UserThriveProfile).alias
    with transaction.atomic(using=alias):
        profiles = UserThriveProfile.objects.using(alias).select_related("circle")
        profile, _ = profiles.get_or_create(user=user)
        if profile.circle and profile.circle.week == week:
            return profile.circle
        for level in _nearest_levels(profile.total_xp):
            circles = Circle.objects.using(alias).filter(week=week, level=level)
            # The locks keep two members from taking the last place of a circle at once.
            locked = {circle.pk: circle for circle in circles.select_for_update().order_by("pk")}
            sizes = circles.annotate(size=Count("members")).values_list("size", "pk")
            size, smallest = min(sizes, default=(LARGEST, 0))
            if size < LARGEST:
                profile.circle = locked[smallest]
                profile.save(using=alias, update_fields=["circle"])
                return profile.circle
    return None


def _nearest_levels(total_xp: int) -> list[str]:
    """Return the names of the circle levels, the member's own first and neighbours next."""
    names = [level.name for level in CIRCLE_LEVELS]
    own = names.index(circle_level_of(total_xp).name)
    return sorted(names, key=lambda name: abs(names.index(name) - own))


_LEVELS = range(len(CIRCLE_LEVELS))
_NO_LIMIT = 2**62


def _bounds(levels: Sequence[int], active_since: Any) -> dict[str, Any]:
    """Return the totals that bound levels; the lowest level takes in totals below zero."""
    following = levels[-1] + 1
    return {
        "lowest": CIRCLE_LEVELS[levels[0]].starts_at if levels[0] else -_NO_LIMIT,
        "below": CIRCLE_LEVELS[following].starts_at if following in _LEVELS else _NO_LIMIT,
        "active_since": active_since,
    }


def _count(connection: Any, level: int, active_since: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SQL["count_active"], _bounds([level], active_since))
        return int(cursor.fetchone()[0])
