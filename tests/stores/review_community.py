"""A community to review: ordinary members with habits, and events that tests plant among them."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from allthrive.accounts.models import User
from thrive_points.review.span import Span, span_of
from thrive_points.services import PointsService

ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin", "Australia/Sydney")

HABITS: Mapping[str, float] = {
    "quiz_completed": 1.2,
    "tutorial_completed": 0.4,
    "side_quest_completed": 0.3,
    "battle_participated": 0.3,
    "project_created": 0.3,
    "feedback_given": 0.7,
    "circle_reaction": 1.0,
    "circle_visited": 0.6,
}
"""How often a typical member does it on a day they are here."""
WITH_OTHERS = ("battle_participated", "feedback_given", "circle_reaction")
FRIENDS = 6


def user(name: str, zone: str = "UTC") -> User:
    """Return a new member."""
    return User.objects.create(username=name, timezone=zone)


def noon(day: dt.date, **later: float) -> dt.datetime:
    """Return noon UTC of a day, or so much later."""
    return dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC) + dt.timedelta(**later)


def event(
    who: User, activity_type: str, when: dt.datetime, other: User | None = None, **facts: Any
) -> dict[str, Any]:
    """Return the arguments of an award, perhaps with a counterpart."""
    metadata = facts if other is None else {**facts, "counterpart": other.pk}
    return {
        "user": who,
        "activity_type": activity_type,
        "metadata": metadata,
        "occurred_at": when,
    }


def award(events: Sequence[dict[str, Any]]) -> None:
    """Award events in the order they happened."""
    ordered: list[Any] = sorted(events, key=lambda given: given["occurred_at"])
    PointsService.award_many(ordered)


def days(span: Span) -> list[dt.date]:
    """Return the days of a span."""
    return [span.since + dt.timedelta(n) for n in range(span.days)]


def last_weeks(weeks: int = 4, now: dt.datetime | None = None) -> Span:
    """Return whole days up to the day before yesterday, which is over in every zone."""
    until = (now or timezone.now()).date() - dt.timedelta(days=2)
    return span_of(until - dt.timedelta(days=7 * weeks - 1), until)


def ordinary_community(members: int, span: Span, rng: random.Random) -> list[User]:
    """Create members who live by their habits in a span, with friends they prefer; award it."""
    people = [user(f"member{n}", rng.choice(ZONES)) for n in range(members)]
    friends = {person.pk: rng.sample(people, FRIENDS) for person in people}
    award([given for person in people for given in _life(person, people, friends, span, rng)])
    return people


def _life(
    person: User,
    people: Sequence[User],
    friends: Mapping[Any, Sequence[User]],
    span: Span,
    rng: random.Random,
) -> Iterator[dict[str, Any]]:
    energy = rng.lognormvariate(0, 0.6)
    presence = rng.uniform(0.2, 0.95)
    tastes = {name: rng.lognormvariate(0, 0.7) for name in HABITS}
    zone = ZoneInfo(person.timezone)
    for day in days(span):
        if rng.random() > presence:
            continue
        yield event(person, "daily_login", _moment(day, zone, rng))
        for name, mean in HABITS.items():
            rate = mean * energy * tastes[name]
            for _ in range(int(rate) + (rng.random() < rate % 1)):
                other = None
                if name in WITH_OTHERS:
                    known = friends[person.pk] if rng.random() < 0.5 else people
                    other = rng.choice([one for one in known if one != person])
                yield event(person, name, _moment(day, zone, rng), other)


def _moment(day: dt.date, zone: ZoneInfo, rng: random.Random) -> dt.datetime:
    clock = dt.time(rng.randrange(7, 24), rng.randrange(60), rng.randrange(60))
    return dt.datetime.combine(day, clock, tzinfo=zone).astimezone(dt.UTC)
