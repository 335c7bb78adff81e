"""Streaks: how a run of days or weeks goes on, is forgiven, breaks, and reaches a mark.

A run is three numbers, so that the profile can keep it and an award need not look
back. Days are counted by their ordinal, weeks by their Monday's ordinal over seven.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Skips = Callable[[date], bool]
"""Whether a member's calendar has no instant of a date."""

MOST_SKIPPED = 3
"""Dates in a row that a calendar can skip, at the very most."""


class Unit(StrEnum):
    """What a streak counts."""

    DAY = "day"
    WEEK = "week"

    def ordinal(self, day: date) -> int:
        """Return the number of the day, or of the week the day is in."""
        return day.toordinal() if self is Unit.DAY else (day.toordinal() - 1) // 7

    def skips(self, skips: Skips) -> Callable[[int], bool] | None:
        """Return by ordinal what a calendar says of its dates; None for weeks, which all exist."""
        return (lambda ordinal: skips(date.fromordinal(ordinal))) if self is Unit.DAY else None

    def first_day(self, ordinal: int) -> date:
        """Return the day, or the Monday of the week, with a number."""
        return date.fromordinal(ordinal if self is Unit.DAY else ordinal * 7 + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """A run of active days or weeks that pays every so many.

    Args:
        name: stable key under which the profile keeps the run; never reuse one.
        activity: the activity type that makes a day or week active; None for any award.
        unit: days or weeks.
        forgiven: misses between two active ones that do not break the run.
        pays: (every, activity type) pairs: each multiple of `every` earns the activity.
    """

    name: str
    activity: str | None
    unit: Unit
    pays: tuple[tuple[int, str], ...]
    forgiven: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A number of awards of one activity in one ISO week that pays once that week.

    Args:
        activity: the activity type that is counted.
        awards: how many of its awards in a week reach the goal.
        pays: the activity type the goal earns.
    """

    activity: str
    awards: int
    pays: str


class Run(NamedTuple):
    """A run of active days or weeks. The profile keeps it as its three numbers.

    Args:
        first, last: ordinals of its first and last active day or week.
        active: how many of them were active; forgiven misses are not.
    """

    first: int
    last: int
    active: int

    def stands(self, today: int, forgiven: int, skips: Callable[[int], bool] | None = None) -> bool:
        """Return whether the run can still go on at an ordinal."""
        return adjoin(self.last, today, forgiven, skips)


def adjoin(
    earlier: int, later: int, forgiven: int, skips: Callable[[int], bool] | None = None
) -> bool:
    """Return whether two active ordinals belong to one run.

    Args:
        earlier, later: the ordinals.
        forgiven: how many misses between the two do not break the run.
        skips: whether nobody could be active at an ordinal, so that it is no miss.
    """
    missed = later - earlier - 1
    if missed <= forgiven or skips is None or missed > forgiven + MOST_SKIPPED:
        return missed <= forgiven
    return missed - sum(map(skips, range(earlier + 1, later))) <= forgiven


def advance(
    run: Run | None,
    ordinal: int,
    forgiven: int,
    *,
    again: bool | None = None,
    skips: Callable[[int], bool] | None = None,
) -> Run | None:
    """Return the run after activity at an ordinal, or None if that needs a look back.

    Activity before the run's last day was delivered late. Whether it counts may depend on
    days the run does not know: `joined` answers from those before the run, `rerun` from all.

    Args:
        run: the run so far, None for none.
        ordinal: day or week of the activity.
        forgiven: how many misses between two active ones do not break the run.
        again: whether the ordinal was active before; None if that is not known.
        skips: whether nobody could be active at an ordinal.
    """
    if run is None:
        return Run(first=ordinal, last=ordinal, active=1)
    if ordinal < run.first:
        return None if adjoin(ordinal, run.first, forgiven, skips) else run
    if ordinal < run.last:
        # A run that forgives nothing has no gaps to be filled.
        if again or not forgiven:
            return run
        return None if again is None else Run(first=run.first, last=run.last, active=run.active + 1)
    if ordinal == run.last:
        return run
    if not run.stands(ordinal, forgiven, skips):
        return Run(first=ordinal, last=ordinal, active=1)
    return Run(first=run.first, last=ordinal, active=run.active + 1)


def rerun(
    descending: Iterable[int], forgiven: int, skips: Callable[[int], bool] | None = None
) -> Run | None:
    """Return the latest run of active ordinals given newest first; stops reading at its start.

    Args:
        descending: the ordinals.
        forgiven: how many misses between two active ones do not break the run.
        skips: whether nobody could be active at an ordinal.
    """
    first = last = count = 0
    for ordinal in descending:
        if count and not adjoin(ordinal, first, forgiven, skips):
            break
        if count and ordinal == first:
            continue
        first = ordinal
        last = last or ordinal
        count += 1
    return Run(first=first, last=last, active=count) if count else None


def joined(earlier: Run, run: Run) -> Run:
    """Return the run that two runs make between which late activity has closed the gap."""
    return Run(first=earlier.first, last=run.last, active=earlier.active + run.active)


def marks_reached(before: Run | None, after: Run, every: int) -> list[int]:
    """Return the multiples of `every` that a run's count has newly reached.

    A run that merely lost and regained its tail, or was lengthened at its front by a late
    event, reaches only what its count had not reached before.
    """
    had = before.active if before and before.last >= after.first else 0
    return [mark for mark in range(every, after.active + 1, every) if mark > had]
