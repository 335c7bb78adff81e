"""Then and now: what the ledger says and what the replay says, side by side."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import heappush, heappushpop
from typing import Any

from thrive_points.conf import points_settings
from thrive_points.core.event import Outcome
from thrive_points.core.periods import week_of

MOST_TOLD = 10


@dataclass(slots=True)
class Side:
    """One side of a comparison: how many entries, refused by a cap, and their points."""

    entries: int = 0
    capped: int = 0
    points: int = 0

    def plus(self, other: "Side") -> "Side":
        """Return the sum of two sides."""
        return Side(
            entries=self.entries + other.entries,
            capped=self.capped + other.capped,
            points=self.points + other.points,
        )

    @property
    def capped_share(self) -> float:
        """Return the share of events that a cap refused."""
        return self.capped / self.entries if self.entries else 0.0


@dataclass(slots=True)
class Pair:
    """The ledger's side and the replay's."""

    then: Side = field(default_factory=Side)
    now: Side = field(default_factory=Side)

    def plus(self, other: "Pair") -> "Pair":
        """Return the sum of two pairs."""
        return Pair(then=self.then.plus(other.then), now=self.now.plus(other.now))

    @property
    def change(self) -> int:
        """Return the points more, or less, than the ledger's."""
        return self.now.points - self.then.points


@dataclass(frozen=True, slots=True, order=True)
class Moved:
    """A member whose total would be another; `change` in points."""

    change: int
    user_id: Any = field(compare=False)
    then: int = field(compare=False)
    now: int = field(compare=False)


@dataclass(slots=True)
class Comparison:
    """What a replay adds up to.

    Args:
        since, until: first and last day that were decided again.
        activities: points and refusals by activity type.
        weeks: points by the Monday of the week, which is weekly XP.
        members: members with entries.
        gaining, losing: how many would have more, or less.
        levels: how many members would change from one level to another.
        as_recorded: events whose rule is gone from the code and were taken as recorded.
        unusable: events whose metadata a draft rule's modifier cannot use.
    """

    since: date
    until: date
    activities: dict[str, Pair] = field(default_factory=dict)
    weeks: dict[date, list[int]] = field(default_factory=dict)
    members: int = 0
    gaining: int = 0
    losing: int = 0
    levels: dict[tuple[int, int], int] = field(default_factory=dict)
    as_recorded: int = 0
    unusable: int = 0
    _most: list[Moved] = field(default_factory=list)
    _least: list[Moved] = field(default_factory=list)
    _mondays: dict[date, date] = field(default_factory=dict)

    def then(self, activity_type: str, day: date, outcome: str, points: int) -> None:
        """Count an entry of the ledger."""
        if self.since <= day <= self.until:
            _add(self._pair(activity_type).then, outcome, points)
            self._week(day)[0] += points

    def now(self, activity_type: str, day: date, outcome: str, points: int) -> None:
        """Count an answer of the replay."""
        if self.since <= day <= self.until:
            _add(self._pair(activity_type).now, outcome, points)
            self._week(day)[1] += points

    def member(self, user_id: Any, then: int, now: int) -> None:
        """Count a member by the totals of both sides."""
        self.members += 1
        if then == now:
            return
        moved = Moved(now - then, user_id, then, now)
        if now > then:
            self.gaining += 1
            _keep(self._most, moved)
        else:
            self.losing += 1
            _keep(self._least, Moved(then - now, user_id, then, now))
        level_of = points_settings().levels.level_of
        before, after = level_of(then), level_of(now)
        if before != after:
            self.levels[before, after] = self.levels.get((before, after), 0) + 1

    @property
    def total(self) -> Pair:
        """Return all activities together."""
        total = Pair()
        for pair in self.activities.values():
            total = total.plus(pair)
        return total

    def most(self) -> list[Moved]:
        """Return the members who would gain most, the first most of all."""
        return sorted(self._most, reverse=True)

    def least(self) -> list[Moved]:
        """Return the members who would lose most, the first most of all."""
        losing = sorted(self._least, reverse=True)
        return [Moved(-moved.change, moved.user_id, moved.then, moved.now) for moved in losing]

    def by_week(self) -> Iterator[tuple[date, int, int]]:
        """Yield each week's Monday with the points then and now."""
        for monday in sorted(self.weeks):
            then, now = self.weeks[monday]
            yield monday, then, now

    @property
    def reproduces(self) -> bool:
        """Return whether the replay gave what the ledger has, activity by activity."""
        return not self.gaining + self.losing and all(
            pair.then == pair.now for pair in self.activities.values()
        )

    def _pair(self, activity_type: str) -> Pair:
        pair = self.activities.get(activity_type)
        if pair is None:
            pair = self.activities[activity_type] = Pair()
        return pair

    def _week(self, day: date) -> list[int]:
        monday = self._mondays.get(day)
        if monday is None:
            monday = self._mondays[day] = week_of(day)
        return self.weeks.setdefault(monday, [0, 0])


def _add(side: Side, outcome: str, points: int) -> None:
    side.entries += 1
    side.points += points
    if outcome == Outcome.CAPPED:
        side.capped += 1


def _keep(heap: list[Moved], moved: Moved) -> None:
    if len(heap) < MOST_TOLD:
        heappush(heap, moved)
    else:
        heappushpop(heap, moved)
