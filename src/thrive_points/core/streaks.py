"""Streaks: how a run of days or weeks goes on, is forgiven, breaks, and reaches a mark.

A run is three numbers, so that the profile can keep it and an award need not look
back. Days are counted by their ordinal, weeks by their Monday's ordinal over seven.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

Skips = Callable[[int], bool]
"""Whether nobody could be active at an ordinal: a date that a member's calendar skips."""

MOST_SKIPPED = 3
"""Dates in a row that a calendar can skip, at the very most."""


class Unit(StrEnum):
    """What a streak counts."""

    DAY = "day"
    WEEK = "week"

    def ordinal(self, day: date) -> int:
        """Return the number of the day, or of the week the day is in."""
        return day.toordinal() if self is Unit.DAY else (day.toordinal() - 1) // 7

    def week(self, ordinal: int) -> int:
        """Return the number of the week that an ordinal is in."""
        return (ordinal - 1) // 7 if self is Unit.DAY else ordinal

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


def adjoin(earlier: int, later: int, forgiven: int, skips: Skips | None = None) -> bool:
    """Return whether activity at two ordinals belongs to one run, with none between them.

    Args:
        earlier, later: the ordinals.
        forgiven: how many misses between the two do not break the run.
        skips: which ordinals are no misses; None where each can be one.
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
    skips: Skips | None = None,
) -> Run | None:
    """Return the latest run after activity at an ordinal, or None if that needs a look around.

    Activity before the run's last day was delivered late. What it does may depend on days
    that the run does not know: those of an older run, or its own gaps.

    Args:
        run: the latest run so far, None for none.
        ordinal: day or week of the activity.
        forgiven: how many misses between two active ones do not break the run.
        again: whether the ordinal was active before; None if that is not known.
        skips: see `adjoin`.
    """
    if run is None:
        return Run(first=ordinal, last=ordinal, active=1)
    if ordinal > run.last:
        if adjoin(run.last, ordinal, forgiven, skips):
            return Run(first=run.first, last=ordinal, active=run.active + 1)
        return Run(first=ordinal, last=ordinal, active=1)
    if again or ordinal in (run.first, run.last):
        return run
    if ordinal > run.first and not forgiven:
        return run  # A run that forgives nothing has no gaps to be filled.
    if ordinal > run.first and again is False:
        return Run(first=run.first, last=run.last, active=run.active + 1)
    return None


def rerun(descending: Iterable[int], forgiven: int, skips: Skips | None = None) -> Run | None:
    """Return the latest run of active ordinals given newest first; stops reading at its start.

    Args:
        descending: the ordinals.
        forgiven: how many misses between two active ones do not break the run.
        skips: see `adjoin`.
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


def counts_before(
    active: Sequence[int], ordinal: int, forgiven: int, skips: Skips | None = None
) -> tuple[int, ...]:
    """Return how many active ordinals each run had of which late activity has made one.

    Args:
        active: the ordinals of the one run, in order.
        ordinal: the one among them that is new.
        forgiven: how many misses between two active ones do not break a run.
        skips: see `adjoin`.
    """
    earlier = [one for one in active if one < ordinal]
    later = [one for one in active if one > ordinal]
    if earlier and later and adjoin(earlier[-1], later[0], forgiven, skips):
        return (len(earlier) + len(later),)
    return len(earlier), len(later)


def marks_missing(before: Iterable[int], after: int, every: int, taken: int) -> int:
    """Return how many marks a run has newly reached that nothing was recorded for.

    Args:
        before: the counts of the run, or of the runs it was, before.
        after: its count now.
        every: a mark is each multiple of it.
        taken: how many marks of the run have an entry. A run that lost days by a reversal has
            more of them than its count says, and reaches none until it has earned those again.
    """
    return after // every - max(sum(count // every for count in before), taken)


def places_of_marks(
    active: Sequence[int], every: int, taken: Iterable[int], missing: int, unit: Unit
) -> list[int]:
    """Return the ordinals at which missing marks are paid: those they have in order.

    A mark that was paid before a late day was known keeps its own ordinal. It stands for the
    mark in its place or else in its week, so that a cap by the week meets as many marks as it
    would have in order.

    Args:
        active: the run's active ordinals, in order.
        every: each so many are a mark.
        taken: the ordinals of marks that were paid.
        missing: how many are to be paid; the latest are chosen.
        unit: what an ordinal counts.
    """
    kept = set(taken)
    in_order = active[every - 1 :: every]
    free = [one for one in in_order if one not in kept]
    for week in [unit.week(one) for one in kept.difference(in_order)]:
        same = next((one for one in free if unit.week(one) == week), None)
        if same is not None:
            free.remove(same)
    return free[-missing:]
