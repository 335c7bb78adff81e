"""Forming the week's circles: members of one circle level, grouped with neighbours in XP."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count

from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of
from thrive_circles.models import Circle, Membership
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.models import UserThriveProfile
from thrive_points.selectors import balance
from thrive_points.sql.values import writing_connection

SMALLEST, IDEAL, LARGEST = 5, 25, 30
ACTIVE_WEEKS = 4
"""A member who gained XP in this many weeks before the new one is active."""

_ROWS_A_STATEMENT = 1_000


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

    @property
    def sizes(self) -> Iterator[int]:
        """Yield the size of each circle; they differ by one member at most."""
        least, larger = divmod(self.members, self.circles)
        return (least + (position < larger) for position in range(self.circles))


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
    alias = writing_connection(Membership).alias
    if found := _found(alias, week):
        return found
    try:
        return _form(alias, week, progress)
    except IntegrityError:
        # Another process formed them meanwhile, and its circles stand.
        if found := _found(alias, week):
            return found
        raise


def _found(alias: str, week: date) -> Assignment | None:
    circles = Circle.objects.using(alias).filter(week=week).count()
    if not circles:
        return None
    members = Membership.objects.using(alias).filter(week=week).count()
    return Assignment(week=week, circles=circles, members=members, formed=False)


def _form(alias: str, week: date, progress: Callable[[int], object] | None) -> Assignment:
    with transaction.atomic(using=alias):
        counts, members = _active_members(alias, week)
        groups = group_levels(counts)
        placed = iter(members)
        for group in groups:
            circles = Circle.objects.using(alias).bulk_create(
                [Circle(week=week, level=group.name, number=n + 1) for n in range(group.circles)],
                batch_size=_ROWS_A_STATEMENT,
            )
            memberships = (
                Membership(user_id=user_id, week=week, circle=circle)
                for circle, size in zip(circles, group.sizes, strict=True)
                for user_id in islice(placed, size)
            )
            while rows := list(islice(memberships, _ROWS_A_STATEMENT)):
                Membership.objects.using(alias).bulk_create(rows)
                if progress is not None:
                    progress(len(rows))
    return Assignment(
        week=week,
        circles=sum(group.circles for group in groups),
        members=sum(group.members for group in groups),
        formed=True,
    )


def _active_members(alias: str, week: date) -> tuple[list[int], list[Any]]:
    """Return how many members are active on each circle level, and their keys in order of XP.

    One query gives both: members who earn meanwhile could make two disagree.
    """
    counts = [0] * len(CIRCLE_LEVELS)
    members = []
    active = UserThriveProfile.objects.using(alias).filter(
        week__gte=week - timedelta(weeks=ACTIVE_WEEKS)
    )
    rows = active.order_by("total_xp", "user_id").values_list("user_id", "total_xp")
    for user_id, total_xp in rows.iterator():
        counts[CIRCLE_LEVELS.index(circle_level_of(total_xp))] += 1
        members.append(user_id)
    return counts, members


def join_circle(user: Any) -> Circle | None:
    """Place a member who has no circle this week in the smallest one of their circle level.

    Args:
        user: the member.

    Returns:
        The circle, or None while no circle with room has been formed for the week.
    """
    week = week_of(today_of(user))
    alias = writing_connection(Membership).alias
    memberships = Membership.objects.using(alias)
    with transaction.atomic(using=alias):
        for level in _nearest_levels(balance(user)):
            circles = Circle.objects.using(alias).filter(week=week, level=level)
            # The locks keep two members from taking the last place of a circle at once.
            locked = {circle.pk: circle for circle in circles.select_for_update().order_by("pk")}
            found = memberships.filter(user_id=user.pk, week=week).select_related("circle").first()
            if found is not None:
                return found.circle
            sizes = circles.annotate(size=Count("memberships")).values_list("size", "pk")
            size, smallest = min(sizes, default=(LARGEST, 0))
            if size < LARGEST:
                memberships.create(user_id=user.pk, week=week, circle=locked[smallest])
                return locked[smallest]
    return None


def open_circle_for(user: Any) -> Circle | None:
    """Return the circle of this week that `join_circle` would place a member in, None for none."""
    week = week_of(today_of(user))
    with_room = Circle.objects.filter(week=week).annotate(size=Count("memberships"))
    found = {circle.level: circle for circle in with_room.order_by("-size", "-pk")}
    for level in _nearest_levels(balance(user)):
        circle = found.get(level)
        if circle is not None and circle.size < LARGEST:
            return circle
    return None


def _nearest_levels(total_xp: int) -> list[str]:
    """Return the names of the circle levels, the member's own first and neighbours next."""
    names = [level.name for level in CIRCLE_LEVELS]
    own = names.index(circle_level_of(total_xp).name)
    return sorted(names, key=lambda name: abs(names.index(name) - own))
