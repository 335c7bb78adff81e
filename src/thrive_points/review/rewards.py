"""Who rewards whom: how often each member earned points together with which other one.

A feature names the other member of an event as `metadata["counterpart"]`.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thrive_points.review.extras import review_library
from thrive_points.review.records import EventRow

LEAST_AWARDS = 3
"""Fewer awards between two members are never kept: they would prove nothing."""
SEVERAL = 5
"""Whoever earned by fewer others cannot have earned by a set of puppets."""
LOGIN = "daily_login"
CHANCE = 0.001
"""How rarely chance alone may make any pair of the whole community look closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """What one member earned with one other.

    Args:
        awards, points: how often and how much.
        share: of the member's awards that name anyone.
        since, until: first and last day.
        activity_types: by what.
    """

    awards: int
    points: int
    share: float
    since: date
    until: date
    activity_types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """What one member earned by one activity with several others, and when."""

    others: frozenset[str]
    points: int
    since: date
    until: date


@dataclass(slots=True)
class RewardGraph:
    """The rewards of a span between members, gathered member by member."""

    everybody: dict[str, Any] = field(default_factory=dict)
    """The member behind each name."""
    members: dict[str, Any] = field(default_factory=dict)
    """Those who earned several times by one other."""
    rewards: dict[tuple[str, str], Reward] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)
    named: Counter[str] = field(default_factory=Counter)
    links: set[tuple[str, str]] = field(default_factory=set)
    """Who named whom at all."""
    earned: dict[str, int] = field(default_factory=dict)
    """Points of each member's deeds, with and without others, logins aside."""
    deeds: dict[str, int] = field(default_factory=dict)
    """How many those are."""
    several: dict[tuple[str, str], Several] = field(default_factory=dict)
    """Members and activity types by which they earned with several others."""

    def add(
        self, member: Any, events: Sequence[EventRow], completions: Collection[str] = ()
    ) -> None:
        """Take in one member's events; completions are what streaks and goals pay."""
        me = str(member)
        self.everybody[me] = member
        paid = [e for e in events if e.paid and e.activity_type not in completions]
        deeds = [event for event in paid if event.activity_type != LOGIN]
        self.earned[me] = sum(event.points for event in deeds)
        self.deeds[me] = len(deeds)
        with_others = [(other, event) for event in paid for other in event.others if other != me]
        if not with_others:
            return
        counts = Counter(other for other, _ in with_others)
        self.named.update(counts)
        self.links.update((me, other) for other in counts)
        own: dict[str, list[EventRow]] = {}
        for other, event in with_others:
            own.setdefault(other, []).append(event)
        rewards = {other: _reward(mine, len(with_others)) for other, mine in own.items()}
        by_activity: dict[str, list[EventRow]] = {}
        for event in paid:
            if event.others:
                by_activity.setdefault(event.activity_type, []).append(event)
        for activity_type, mine in by_activity.items():
            others = frozenset(other for event in mine for other in event.others) - {me}
            if len(others) >= SEVERAL:
                self.several[me, activity_type] = Several(
                    others=others,
                    points=sum(event.points for event in mine),
                    since=min(event.day for event in mine),
                    until=max(event.day for event in mine),
                )
        close = [other for other, awards in counts.items() if awards >= LEAST_AWARDS]
        if close:
            self.members[me] = member
            self.given[me] = len(with_others)
            self.rewards.update({(me, other): rewards[other] for other in close})

    def beyond_chance(self, least_share: float) -> Iterator[tuple[str, str, Reward]]:
        """Yield the rewards that members who chose freely would hardly give so often.

        Each is tested against a binomial draw in which a member meets everyone as often as
        the rest of the community does, and at least as often as anyone else; the level is
        divided by the number of tests.

        Args:
            least_share: of a member's awards with others that must be with the one.

        Raises:
            MissingExtra: scipy is not installed.
        """
        binomial = review_library("scipy.stats").binom
        everything = self.named.total()
        for (me, other), reward in self.rewards.items():
            if reward.share < least_share:
                continue
            mine = self.given[me]
            by_others = self.named[other] - reward.awards + 1
            choices = len(self.named) - (me in self.named)
            odds = min(1.0, max(1 / choices, by_others / max(1, everything - mine + 1)))
            if binomial.sf(reward.awards - 1, mine, odds) < CHANCE / len(self.rewards):
                yield me, other, reward


def _reward(own: Sequence[EventRow], with_anyone: int) -> Reward:
    return Reward(
        awards=len(own),
        points=sum(event.points for event in own),
        share=len(own) / with_anyone,
        since=min(event.day for event in own),
        until=max(event.day for event in own),
        activity_types=frozenset(event.activity_type for event in own),
    )
