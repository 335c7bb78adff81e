"""Which streaks and goals an award moves, and what it completes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from heapq import merge
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from django.core.signals import setting_changed

from thrive_points.conf import points_settings
from thrive_points.core.event import Event
from thrive_points.core.periods import week_name
from thrive_points.core.streaks import (
    Goal,
    Run,
    Streak,
    Unit,
    advance,
    joined,
    marks_reached,
    rerun,
)
from thrive_points.core.usage import Usage
from thrive_points.validation import own_key

Runs = Mapping[str, Sequence[int]]
"""The first, last and count of each streak's run, by name, as the profile keeps them."""


class ActiveDays(Protocol):
    """Looks back: a store of the ledger, or a member's history in memory."""

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[date]:
        """Yield a member's days before one with an award of an activity, or of any, newest first.

        Args:
            user_id: whose days.
            activity_type: None for any.
            before: the day to look back from.
            less: activity type and day of an award that is about to be taken back.
        """
        ...


class Progress(NamedTuple):
    """The runs after an award, and the events of the streaks and goals it completed."""

    streaks: Runs
    completed: tuple[Event, ...] = ()


def progress_of(
    store: ActiveDays, user_id: Any, runs: Runs, event: Event, usage: Usage
) -> Progress:
    """Return what an award, about to be recorded, does to the streaks and goals.

    Args:
        store: looks back at active days, only for an event delivered late.
        user_id: whose award it is.
        runs: the runs before it.
        event: the event that is awarded.
        usage: the usage the decision saw.
    """
    after = runs
    completed: list[Event] = []
    streaks, goals = _moved_by(event.activity_type)
    for streak in streaks:
        kept = runs.get(streak.name)
        before = Run(*kept) if kept else None
        ordinal = streak.unit.ordinal(event.day)
        again = _was_active(streak, usage)
        run = advance(before, ordinal, streak.forgiven, again=again)
        if run is None:
            run = _look_back(store, user_id, streak, before, event.day)
        if run is None or run is before or run == before:
            continue
        after = {**after, streak.name: run}
        started = streak.unit.first_day(run.first)
        completed += [
            _completed(event, pays, own_key("streak", streak.name, started, mark, pays), mark)
            for every, pays in streak.pays
            for mark in marks_reached(before, run, every)
        ]
    completed += [
        _completed(event, goal.pays, _goal_key(goal, event), goal.awards)
        for goal in goals
        if usage.week_awards + 1 == goal.awards
    ]
    return Progress(streaks=after, completed=tuple(completed))


def streaks_without(
    store: ActiveDays,
    user_id: Any,
    runs: Runs,
    event: Event,
    less: tuple[str, date] | None = None,
) -> Runs:
    """Return the runs once an award of an event is reversed, read from what is left.

    Args:
        store: looks back at active days.
        user_id: whose award it is.
        runs: the runs before the reversal.
        event: the event whose award is reversed.
        less: its activity type and day, where the store does not know of the reversal yet.
    """
    after = dict(runs)
    for streak in points_settings().streaks:
        kept = after.get(streak.name)
        if not kept or streak.activity not in (None, event.activity_type):
            continue
        run = Run(*kept)
        if not run.first <= streak.unit.ordinal(event.day) <= run.last:
            continue
        days = store.active_days(user_id, streak.activity, less=less)
        if left := _latest_run(days, streak):
            after[streak.name] = left
        else:
            del after[streak.name]
    return after


def runs_with(
    store: ActiveDays | None, user_id: Any, runs: Runs, days: Mapping[str, Iterable[date]]
) -> Runs:
    """Return the runs once a member has more active days, found from all of them.

    Args:
        store: looks back at the days that are known; None where there are none.
        user_id: whose days.
        runs: the runs before.
        days: the days to come, by activity type.
    """
    after = dict(runs)
    for streak in points_settings().streaks:
        of = [days.get(streak.activity, ())] if streak.activity else days.values()
        new = sorted({day for some in of for day in some}, reverse=True)
        if not new:
            continue
        known = store.active_days(user_id, streak.activity) if store else iter(())
        if run := _latest_run(merge(new, known, reverse=True), streak):
            after[streak.name] = run
    return after


def _latest_run(days: Iterator[date], streak: Streak) -> Run | None:
    """Return a streak's latest run of active days, given newest first."""
    return rerun((streak.unit.ordinal(day) for day in days), streak.forgiven)


def _was_active(streak: Streak, usage: Usage) -> bool | None:
    """Return whether the event's day or week had an award that counts for a streak already."""
    if streak.activity is None:
        return None  # The usage knows one activity alone.
    return (usage.day_awards if streak.unit is Unit.DAY else usage.week_awards) > 0


def _look_back(
    store: ActiveDays, user_id: Any, streak: Streak, run: Run | None, day: date
) -> Run | None:
    """Return the run after a late award, read from no more of the ledger than need be."""
    whole = run is None or streak.unit.ordinal(day) >= run.first
    before = date.max if run is None or whole else streak.unit.first_day(run.first)
    known = store.active_days(user_id, streak.activity, before)
    # The award itself is not recorded yet, so its day joins those that are.
    days = (one for one, _ in groupby(merge([day], known, reverse=True)))
    found = _latest_run(days, streak)
    if whole or run is None:
        return found
    return joined(found, run) if found else run


@cache
def _moved_by(activity_type: str) -> tuple[tuple[Streak, ...], tuple[Goal, ...]]:
    """Return the streaks and the goals that an award of an activity type concerns."""
    site = points_settings()
    return (
        tuple(one for one in site.streaks if one.activity in (None, activity_type)),
        tuple(one for one in site.goals if one.activity == activity_type),
    )


def _forget(*, setting: str, **_: object) -> None:
    if setting == "THRIVE_POINTS":
        _moved_by.cache_clear()


setting_changed.connect(_forget, dispatch_uid="thrive_points.ledger.streaks")


def _goal_key(goal: Goal, event: Event) -> str:
    return own_key("goal", goal.activity, goal.awards, week_name(event.week), goal.pays)


def _completed(event: Event, pays: str, event_key: str, count: int) -> Event:
    return replace(
        event,
        activity_type=str(pays),
        event_key=event_key,
        metadata={"count": count, "completed_by": event.event_key},
    )
