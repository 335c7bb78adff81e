"""Forming the week's circles: members of one circle level, grouped with neighbours in XP."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of
from thrive_circles.models import Circle, Membership
from thrive_circles.selectors import week_going_on
from thrive_points.calendar.zones import site_period
from thrive_points.models import UserThriveProfile
from thrive_points.selectors import balance
from thrive_points.signals import news_written
from thrive_points.sql.values import writing_connection

SMALLEST, IDEAL, LARGEST = 5, 25, 30
ATTEMPTS = 5
"""How often a place is looked for again where somebody else was quicker."""
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

    It may run days before the week begins, or late: until then last week's circles go on.

    Args:
        week: Monday of the week, which is the site's.
        progress: called with the number of members placed since its last call.

    Returns:
        What was formed, or found.

    Raises:
        ValueError: the day is not a Monday.
    """
    if week.weekday():
        raise ValueError(f"{week} is a {week:%A}; a week starts on a Monday")
    alias = writing_connection(Membership).alias
    for attempt in range(ATTEMPTS):
        if found := _found(alias, week):
            return found
        try:
            return _form(alias, week, progress)
        except IntegrityError:
            # Another process formed them meanwhile, and its circles stand; or a newcomer joined.
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _found(alias: str, week: date) -> Assignment | None:
    circles = Circle.objects.using(alias).filter(week=week, overflow=False).count()
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
            first = _next_number(alias, week, group.name)
            circles = Circle.objects.using(alias).bulk_create(
                [
                    Circle(week=week, level=group.name, number=first + n, overflow=False)
                    for n in range(group.circles)
                ],
                batch_size=_ROWS_A_STATEMENT,
            )
            news_written.send(
                sender=Circle,
                kind="circle.formed",
                items=[
                    (
                        str(circle),
                        {"week": week.isoformat(), "level": circle.level, "members": size},
                    )
                    for circle, size in zip(circles, group.sizes, strict=True)
                ],
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


def _next_number(alias: str, week: date, level: str) -> int:
    """Return the number of the next circle of a level: newcomers may have opened some already."""
    circles = Circle.objects.using(alias).filter(week=week, level=level)
    return (circles.aggregate(last=Max("number"))["last"] or 0) + 1


def _active_members(alias: str, week: date) -> tuple[list[int], list[Any]]:
    """Return how many members are active on each circle level, and their keys in order of XP.

    Active is who gained XP in the weeks before, or joined a circle then. One query of the profiles
    gives both numbers and order: members who earn meanwhile could make two disagree.
    """
    since = week - timedelta(weeks=ACTIVE_WEEKS)
    memberships = Membership.objects.using(alias)
    joined = memberships.filter(week__gte=since, week__lt=week, joined_at__isnull=False)
    placed = memberships.filter(week=week).values("user_id")
    profiles = UserThriveProfile.objects.using(alias)
    active = profiles.filter(Q(week__gte=since) | Q(user_id__in=joined.values("user_id")))
    rows = active.exclude(user_id__in=placed).order_by("total_xp", "user_id")
    without_xp = (
        joined.exclude(user_id__in=profiles.values("user_id"))
        .exclude(user_id__in=placed)
        .order_by("user_id")
        .values_list("user_id", flat=True)
        .distinct()
    )
    counts = [0] * len(CIRCLE_LEVELS)
    members = []
    nothing = ((0, user_id) for user_id in without_xp)
    for total_xp, user_id in merge(nothing, rows.values_list("total_xp", "user_id").iterator()):
        counts[CIRCLE_LEVELS.index(circle_level_of(total_xp))] += 1
        members.append(user_id)
    return counts, members


def join_circle(user: Any) -> Circle:
    """Place a member who has no circle in one that has room, of their circle level if possible.

    Where all are full, or none has been formed yet, they open one for newcomers. Where a coming
    week's circles have been formed already, they get a place there too.

    Args:
        user: the member.

    Returns:
        The circle that they are in now.
    """
    alias = writing_connection(Membership).alias
    now = timezone.now()
    this_week = site_period(now).week
    total_xp = balance(user)
    current = week_going_on(now, using=alias) or this_week
    formed = Circle.objects.using(alias).filter(week__gt=this_week, overflow=False)
    to_come = formed.order_by("week").values_list("week", flat=True).distinct()
    with transaction.atomic(using=alias):
        circle, *_ = [_place(alias, user, total_xp, week, now) for week in (current, *to_come)]
    return circle


def _place(alias: str, user: Any, total_xp: int, week: date, now: datetime) -> Circle:
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic(using=alias):
                circle = _circle_with_room(alias, user, total_xp, week)
                place = Membership.objects.using(alias).get_or_create
                membership, _ = place(
                    user_id=user.pk, week=week, defaults={"circle": circle, "joined_at": now}
                )
                return membership.circle
        except IntegrityError:
            # Another newcomer opened the same circle meanwhile.
            if attempt + 1 == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


def _circle_with_room(alias: str, user: Any, total_xp: int, week: date) -> Circle:
    """Return the circle of a member, or one with room, locked; open one where there is none."""
    found = Membership.objects.using(alias).filter(user_id=user.pk, week=week)
    if membership := found.select_related("circle").first():
        return membership.circle
    circles = Circle.objects.using(alias).filter(week=week)
    while circle := _smallest(circles, total_xp):
        # The lock keeps two members from taking the last place of a circle at once.
        locked = circles.select_for_update().get(pk=circle.pk)
        if locked.memberships.count() < LARGEST:
            return locked
    level = circle_level_of(total_xp).name
    number = _next_number(alias, week, level)
    return circles.create(week=week, level=level, number=number, overflow=True)


def open_circle_for(user: Any) -> Circle | None:
    """Return the circle that `join_circle` would place a member in now.

    None means that it would open one for them.
    """
    current = week_going_on(timezone.now())
    return _smallest(Circle.objects.filter(week=current), balance(user)) if current else None


def _smallest(circles: QuerySet[Circle], total_xp: int) -> Circle | None:
    """Return the smallest circle with room of the level that is nearest to a total."""
    with_room = circles.annotate(size=Count("memberships")).filter(size__lt=LARGEST)
    found = {circle.level: circle for circle in with_room.order_by("-size", "-pk")}
    return next((found[level] for level in _nearest_levels(total_xp) if level in found), None)


def _nearest_levels(total_xp: int) -> list[str]:
    """Return the names of the circle levels, the member's own first and neighbours next."""
    names = [level.name for level in CIRCLE_LEVELS]
    own = names.index(circle_level_of(total_xp).name)
    return sorted(names, key=lambda name: abs(names.index(name) - own))
