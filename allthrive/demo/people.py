"""Making up the members: who they are, when they joined, how often and how much they do."""

import datetime as dt
import random
from collections import defaultdict
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from allthrive.accounts.models import User
from allthrive.demo import content
from allthrive.demo.plan import Community, Member
from thrive_points import Category

ALICE, BRUNO, NEWCOMER, STAFF = "alice", "bruno", "nova", "sofia"
LOGINS = (
    (ALICE, "does a lot, nearly every day"),
    (BRUNO, "looks in a few times a week"),
    (NEWCOMER, "joined today and has nothing yet"),
    (STAFF, "staff: the admin, taking down, the points economy"),
)
NAMES = content.read("names")
BEFORE_WAKING = dt.timedelta(hours=10)
"""How long a day of a member's must have lasted to be lived at all."""
_KNOWN = {
    ALICE: ("Alice", "Moreau", "Europe/Berlin", 0.97, 2.6),
    BRUNO: ("Bruno", "Costa", "America/Sao_Paulo", 0.45, 0.9),
}


def found_community(
    *, size: int, start: dt.date, end: dt.date, now: dt.datetime, seed: int, password: str | None
) -> Community:
    """Save the accounts of a community and decide everybody's habits.

    Args:
        size: how many members do something; at least 2, for Alice and Bruno.
        start, end: first and last day, both included.
        now: the instant nothing happens after.
        seed: decides everything random.
        password: everybody's password; None leaves the accounts without one.
    """
    rng = random.Random(f"{seed}:people")
    secret = make_password(password)
    known = [
        _account(name, first, last, zone, start, secret)
        for name, (first, last, zone, _, _) in _KNOWN.items()
    ]
    others = _others(size - len(known), rng, secret)
    staff = _account(STAFF, "Sofia", "Lindqvist", "Europe/London", start, secret)
    staff.is_staff = staff.is_superuser = True
    newcomer = _account(NEWCOMER, "Nova", "", "UTC", end, secret)
    newcomer.date_joined = now
    members = [
        *(
            _habits(user, start, end, now, rng, presence=_KNOWN[user.username][3:])
            for user in known
        ),
        *(_habits(user, start, end, now, rng) for user in others),
    ]
    User.objects.bulk_create([*(member.user for member in members), staff, newcomer])
    by_day: dict[dt.date, list[Member]] = defaultdict(list)
    for member in members:
        for day in member.days:
            by_day[day].append(member)
    return Community(
        members=members, staff=staff, start=start, end=end, now=now, seed=seed, by_day=dict(by_day)
    )


def _account(username: str, first: str, last: str, zone: str, joined: dt.date, secret: str) -> User:
    return User(
        username=username,
        first_name=first,
        last_name=last,
        email=f"{username}@example.org",
        timezone=zone,
        password=secret,
        date_joined=_morning_of(joined),
    )


def _others(count: int, rng: random.Random, secret: str) -> list[User]:
    zones, weights = list(NAMES["zones"]), list(NAMES["zones"].values())
    taken: set[str] = {ALICE, BRUNO, NEWCOMER, STAFF}
    users: list[User] = []
    while len(users) < count:
        first, last = rng.choice(NAMES["first"]), rng.choice(NAMES["last"])
        username = slugify(f"{first} {last}")
        if username in taken:
            username = f"{username}{len(users)}"
        taken.add(username)
        (zone,) = rng.choices(zones, weights)
        users.append(_account(username, first, last, zone, dt.date(2000, 1, 1), secret))
    return users


def _habits(
    user: User,
    start: dt.date,
    end: dt.date,
    now: dt.datetime,
    rng: random.Random,
    presence: tuple[float, float] | None = None,
) -> Member:
    """Decide when a member is here. `presence` fixes their daily chance and energy."""
    zone = ZoneInfo(user.timezone)
    # A day that has hardly begun would be lived through in a rush, which no member does.
    begun = (now.astimezone(zone) - BEFORE_WAKING).date()
    span = (min(end, begun) - start).days
    if presence is None:
        chance, energy = _temperament(rng)
        arrives = 0 if rng.random() < 0.5 else rng.randint(0, span)
        leaves = rng.randint(arrives, span) if rng.random() < 0.2 else span
        user.date_joined = _morning_of(start + dt.timedelta(arrives))
    else:
        (chance, energy), arrives, leaves = presence, 0, span
    pause = rng.randint(0, span) if chance < 0.8 and rng.random() < 0.3 else None
    days = []
    for offset in range(arrives, leaves + 1):
        day = start + dt.timedelta(offset)
        away = pause is not None and pause <= offset < pause + 10
        if not away and (offset == arrives or rng.random() < chance * _weekend(day)):
            days.append(day)
    tastes = {category.value: rng.uniform(0.4, 1.7) for category in Category}
    return Member(user=user, zone=zone, days=tuple(days), energy=energy, tastes=tastes)


def _temperament(rng: random.Random) -> tuple[float, float]:
    """Return the chance of being here on a day, and the energy: few heavy, many light."""
    kind = rng.random()
    if kind < 0.09:
        return rng.uniform(0.85, 0.99), rng.uniform(1.7, 3.0)
    if kind < 0.6:
        return rng.uniform(0.35, 0.8), rng.uniform(0.6, 1.5)
    return rng.uniform(0.06, 0.3), rng.uniform(0.2, 0.6)


def _weekend(day: dt.date) -> float:
    return 0.8 if day.weekday() >= 5 else 1.0


def _morning_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(0, 30), tzinfo=dt.UTC)
