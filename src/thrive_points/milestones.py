"""Which streaks and goals an award moves, and what it thereby completes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple, Protocol

from django.core.signals import setting_changed

from thrive_points.conf import points_settings
from thrive_points.core.periods import week_name
from thrive_points.core.streaks import Run, advance, marks_reached, rerun
from thrive_points.core.types import Event, Usage
from thrive_points.rules.milestones import Goal, Streak
from thrive_points.validation import own_key


class ActiveDays(Protocol):
    """Looks back: a store of the ledger, or a member's history in memory."""

    def active_days(self, user_id: Any, activity_type: str | None) -> Iterator[date]:
        """Yield the days with an award of an activity type, or of any, newest first."""
        ...


class Progress(NamedTuple):
    """The runs after an award, and the events of the streaks and goals it completed."""

    streaks: Mapping[str, Run]
    completed: tuple[Event, ...]


def progress_of(
    store: ActiveDays, user_id: Any, runs: Mapping[str, Run], event: Event, usage: Usage
) -> Progress:
    """Return what an award, already appended, does to the streaks and goals.

    Args:
        store: looks back at active days, only for an event delivered late.
        user_id: whose award it is.
        runs: the runs before it.
        event: the event that was awarded.
        usage: the usage the decision saw.
    """
    after = runs
    completed: list[Event] = []
    streaks, goals = _moved_by(event.activity_type)
    for streak in streaks:
        before = runs.get(streak.name)
        run = advance(before, streak.unit.ordinal(event.day), streak.forgiven)
        if run is None:
            run = run_from_ledger(store, user_id, streak)
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
    store: ActiveDays, user_id: Any, runs: Mapping[str, Run], event: Event
) -> Mapping[str, Run]:
    """Return the runs after an award of an event was reversed, read from what is left."""
    after = dict(runs)
    for streak in points_settings().streaks:
        run = after.get(streak.name)
        if run is None or streak.activity not in (None, event.activity_type):
            continue
        if not run.first <= streak.unit.ordinal(event.day) <= run.last:
            continue
        if left := run_from_ledger(store, user_id, streak):
            after[streak.name] = left
        else:
            del after[streak.name]
    return after


def run_from_ledger(store: ActiveDays, user_id: Any, streak: Streak) -> Run | None:
    """Return a streak's latest run as the daily totals tell it."""
    days = store.active_days(user_id, streak.activity)
    return rerun((streak.unit.ordinal(day) for day in days), streak.forgiven)


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


setting_changed.connect(_forget, dispatch_uid="thrive_points.milestones")


def _goal_key(goal: Goal, event: Event) -> str:
    return own_key("goal", goal.activity, goal.awards, week_name(event.week), goal.pays)


def _completed(event: Event, pays: str, event_key: str, count: int) -> Event:
    return replace(
        event,
        activity_type=str(pays),
        event_key=event_key,
        metadata={"count": count, "completed_by": event.event_key},
    )
