"""The community a feature is asked to fill, and the shape of what it hands back.

A feature takes part by a module of `allthrive.demo.seeding`, named there, with one function:

    def seed(community: Community) -> Iterator[Event]:

It creates the feature's business rows (with `bulk_create`, their times set from
`Community.moment`, so model times use `default=timezone.now`, never `auto_now_add`) and yields one
event per award, in any order. The command sorts all events by time and hands them to
`PointsService.award_many`; a feature never awards here. A feature that answers to what others
earned, such as reactions in a feed, offers as well or instead

    def seed_responses(community, since, until) -> Iterator[Event]:

It is called for some hours after the others, when what happened before them has been awarded, and
its events are awarded among those of these hours.

Draw every random number from `community.rng("<feature>")`: one feature then never disturbs
another's draw. Event keys are those of the feature's own service. What the site would refuse is
left out: `Community.writes` and `Community.counts` say so.
"""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict
from zoneinfo import ZoneInfo

from allthrive.accounts.models import User
from allthrive.standing import DAYS, WORK
from allthrive.writing.models import Piece
from allthrive.writing.services import PIECES_A_DAY
from allthrive.writing.substance import check_substance, digest_of

BINGES, BINGE = 0.02, 6
"""How often somebody gets carried away, and how much more they do then: caps are for them."""


class Event(TypedDict):
    """The keyword arguments of one `PointsService.award_points` call."""

    user: User
    activity_type: str
    metadata: dict[str, Any]
    occurred_at: dt.datetime


def event_of(user: User, activity_type: str, metadata: dict[str, Any], at: dt.datetime) -> Event:
    """Return what a member did at an instant."""
    return Event(user=user, activity_type=activity_type, metadata=metadata, occurred_at=at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A member and their habits.

    Attributes:
        user: the saved account.
        zone: where their days begin and end.
        days: the local calendar days on which they are here, ascending.
        energy: how much they do on such a day, about 0.2 (light) to 3.0 (heavy); 1.0 is typical.
        tastes: by category ("creation", "learning", ...), how much they like it; 1.0 is typical.
    """

    user: User
    zone: ZoneInfo
    days: tuple[dt.date, ...]
    energy: float
    tastes: Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Community:
    """Everybody, over a span of days.

    Attributes:
        members: everybody who does something, never empty.
        staff: the account that acts for the house (authors quizzes, holds events).
        start, end: the first and last day of the span, both included.
        now: the instant the span ends: nothing happens later.
        seed: the seed of every random draw.
        pieces: what was written and counted, to be saved when everything is seeded.
    """

    members: Sequence[Member]
    staff: User
    start: dt.date
    end: dt.date
    now: dt.datetime
    seed: int
    by_day: Mapping[dt.date, Sequence[Member]] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    _written: dict[tuple[int, dt.date], int] = field(default_factory=lambda: defaultdict(int))
    _digests: set[tuple[int, str]] = field(default_factory=set)
    _abouts: set[tuple[int, str]] = field(default_factory=set)
    _worked: dict[int, set[dt.date]] = field(default_factory=lambda: defaultdict(set))

    def rng(self, feature: str) -> random.Random:
        """Return the feature's own generator, in the same state at every call."""
        return random.Random(f"{self.seed}:{feature}")

    def days(self) -> list[dt.date]:
        """Return every day of the span, ascending."""
        return [self.start + dt.timedelta(n) for n in range((self.end - self.start).days + 1)]

    def present(self, day: dt.date) -> Sequence[Member]:
        """Return the members who are here on that day of theirs."""
        return self.by_day.get(day, ())

    def moment(self, member: Member, day: dt.date, rng: random.Random) -> dt.datetime:
        """Return an aware instant within the member's waking hours of that day, never after now."""
        clock = dt.time(rng.randrange(7, 23), rng.randrange(60), rng.randrange(60))
        instant = dt.datetime.combine(day, clock, tzinfo=member.zone).astimezone(dt.UTC)
        if instant <= self.now:
            return instant
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=member.zone).astimezone(dt.UTC)
        return midnight + rng.random() * max(self.now - midnight, dt.timedelta())

    def writes(self, member: Member, text: str, about: str, at: dt.datetime, least: int) -> bool:
        """Have a piece of writing count, as the site would; False where it would not.

        Args:
            member: who writes.
            text: what they write.
            about: what it is written for, such as "feedback:12".
            at: when.
            least: how many different words it needs.
        """
        day = at.astimezone(member.zone).date()
        written = self._written[member.user.pk, day]
        digest = digest_of(text)
        if written >= PIECES_A_DAY or (member.user.pk, digest) in self._digests:
            return False
        if (member.user.pk, about) in self._abouts:
            return False
        check_substance(text, least)
        self._written[member.user.pk, day] = written + 1
        self._digests.add((member.user.pk, digest))
        self._abouts.add((member.user.pk, about))
        self.pieces.append(
            Piece(member=member.user, day=day, place=written + 1, about=about, digest=digest)
        )
        return True

    def note(self, event: Event) -> None:
        """Remember an event that shows that a member takes part."""
        if event["activity_type"] in WORK:
            zone = ZoneInfo(event["user"].timezone)
            day = event["occurred_at"].astimezone(zone).date()
            self._worked[event["user"].pk].add(day)

    def counts(self, user: User, at: dt.datetime) -> bool:
        """Return whether a member's word counted for others' points at an instant."""
        return self._counts_on(user, at.astimezone(ZoneInfo(user.timezone)).date())

    def counted_by(self, member: Member, day: dt.date) -> bool:
        """Return whether a member's word counted for others' points when a day of theirs began."""
        return self._counts_on(member.user, day)

    def _counts_on(self, user: User, day: dt.date) -> bool:
        return sum(worked < day for worked in self._worked[user.pk]) >= DAYS

    def times(self, member: Member, mean: float, rng: random.Random, category: str) -> int:
        """Return how often the member does something on one day.

        Args:
            member: whose energy and taste scale the mean.
            mean: how often a typical member does it on a day they are here.
            rng: the feature's generator.
            category: the category the taste is read for.
        """
        rate = mean * member.energy * member.tastes.get(category, 1.0)
        if rng.random() < BINGES:
            rate *= BINGE
        whole = int(rate)
        return whole + (rng.random() < rate - whole)
