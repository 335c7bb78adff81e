"""Where a member stands: the numbers of a profile, and what an amount of XP makes of them."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from thrive_points.core.levels import level_of
from thrive_points.core.streaks import Run

NO_RUNS: Mapping[str, Run] = MappingProxyType({})


class Standing(NamedTuple):
    """The derived numbers of one member.

    Args:
        total_xp: sum of everything ever added.
        week: Monday of the latest week XP was added to, None before the first.
        week_xp: XP of that week.
        streaks: the runs by streak name.
    """

    total_xp: int = 0
    week: date | None = None
    week_xp: int = 0
    streaks: Mapping[str, Run] = NO_RUNS

    @property
    def level(self) -> int:
        """Return the level, a pure function of the total."""
        return level_of(self.total_xp)

    def plus(self, amount: int, week: date, streaks: Mapping[str, Run] | None = None) -> "Standing":
        """Return the standing after an amount of XP in the week that starts on a Monday.

        XP of a week before the latest one counts in the total alone.
        """
        total = self.total_xp + amount
        runs = self.streaks if streaks is None else streaks
        if self.week is None or week > self.week:
            return Standing(total_xp=total, week=week, week_xp=amount, streaks=runs)
        if week < self.week:
            amount = 0
        return Standing(total_xp=total, week=self.week, week_xp=self.week_xp + amount, streaks=runs)


class XP(NamedTuple):
    """One amount of XP, as the feed keeps it.

    Args:
        user_id: whose it is.
        amount: below zero for a reversal or a downward adjustment.
        source: the activity type it came from.
        description: one sentence for the circle's feed.
        created_at: when the feed says it happened.
    """

    user_id: Any
    amount: int
    source: str
    description: str
    created_at: datetime


def streaks_to_json(streaks: Mapping[str, Run]) -> dict[str, list[int]]:
    """Return runs as the profile keeps them: first, last and count by name."""
    return {name: [run.first, run.last, run.count] for name, run in streaks.items()}


def streaks_from_json(kept: Mapping[str, list[int]]) -> dict[str, Run]:
    """Return the runs a profile keeps."""
    return {
        name: Run(first=first, last=last, count=count)
        for name, (first, last, count) in kept.items()
    }
