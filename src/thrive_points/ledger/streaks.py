"""Which streaks and goals an award moves, and what it completes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from heapq import merge
from typing import Any, NamedTuple, Protocol

from django.core.signals import setting_changed

from thrive_points.conf import points_settings
from thrive_points.core.event import Event
from thrive_points.core.periods import week_name, week_of
from thrive_points.core.streaks import (
    Goal,
    Run,
    Skips,
    Streak,
    Unit,
    adjoin,
    advance,
    counts_before,
    marks_missing,
    places_of_marks,
    rerun,
)
from thrive_points.core.usage import DayTotal, Usage
from thrive_points.validation import own_key

Runs = Mapping[str, Sequence[int]]
"""The first, last and count of each streak's run, by name, as the profile keeps them."""


class ActiveDay(NamedTuple):
    """A day with a paid award, and the instant of the latest one."""

    day: date
    at: datetime


class Mark(NamedTuple):
    """An entry of a streak: its key, what it pays and the day it was paid for."""

    event_key: str
    activity_type: str
    day: date


class Past(Protocol):
    """Looks back: a store of the ledger, or a member's history in memory."""

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[ActiveDay]:
        """Yield a member's days before one with an award of an activity, or of any, newest first.

        Args:
            user_id: whose days.
            activity_type: None for any.
            before: the day to look back from.
            less: activity type and day of an award that is about to be taken back.
        """
        ...

    def active_days_from(
        self, user_id: Any, activity_type: str | None, since: date
    ) -> Iterator[ActiveDay]:
        """Yield a member's days from one on with an award of an activity, or any, oldest first."""
        ...

    def marks(self, user_id: Any, first_key: str, last_key: str) -> list[Mark]:
        """Return a member's entries between two keys of one kind, paid or not."""
        ...


class Progress(NamedTuple):
    """The runs after an award, and the events of the streaks and goals it completed."""

    streaks: Runs
    completed: tuple[Event, ...] = ()


def progress_of(
    past: Past,
    user_id: Any,
    runs: Runs,
    event: Event,
    usage: Usage,
    days: Mapping[date, DayTotal],
) -> Progress:
    """Return what an award, about to be recorded, does to the streaks and goals.

    Args:
        past: looks around in active days for an event delivered late, and for marks where one
            is reached.
        user_id: whose award it is.
        runs: the runs before it.
        event: the event that is awarded.
        usage: the usage the decision saw.
        days: the daily totals of its activity that the decision saw.
    """
    after = runs
    completed: list[Event] = []
    streaks, goals = _moved_by(event.activity_type)
    for streak in streaks:
        kept = runs.get(streak.name)
        latest = Run(*kept) if kept else None
        ordinal = streak.unit.ordinal(event.day)
        # The usage knows one activity alone.
        again = None if streak.activity is None else _was_active(streak, usage)
        # Weeks are never skipped.
        skips = event.skips if streak.unit is Unit.DAY else None
        run = advance(latest, ordinal, streak.forgiven, again=again, skips=skips)
        active: dict[int, ActiveDay] = {}
        if run is None:
            active = _run_around(past, user_id, streak, event)
            if not active:
                continue
            run = Run(first=min(active), last=max(active), active=len(active))
            counts = counts_before(list(active), ordinal, streak.forgiven, skips)
        elif run == latest:
            continue
        else:
            goes_on = latest is not None and run.first == latest.first
            counts = (run.active - 1,) if goes_on else (0,)
        if latest is None or run.last >= latest.last:
            after = {**after, streak.name: run}
        if any(run.active // every > sum(n // every for n in counts) for every, _ in streak.pays):
            completed += _marks_of(past, user_id, streak, run, counts, active, event)
    completed += [
        _goal_reached(goal, event, days) for goal in goals if usage.week_awards + 1 == goal.awards
    ]
    return Progress(streaks=after, completed=tuple(completed))


def _run_around(past: Past, user_id: Any, streak: Streak, event: Event) -> dict[int, ActiveDay]:
    """Return the run that a late event belongs to, its first active day by ordinal.

    No more is read than that run. Empty if the event's ordinal was active already.
    """
    unit, forgiven = streak.unit, streak.forgiven
    skips = event.skips if unit is Unit.DAY else None
    ordinal = at = unit.ordinal(event.day)
    start = unit.first_day(ordinal)
    later: dict[int, ActiveDay] = {}
    for one in past.active_days_from(user_id, streak.activity, start):
        here = unit.ordinal(one.day)
        if here == ordinal:
            return {}
        if not adjoin(at, here, forgiven, skips):
            break
        at = here
        later.setdefault(here, one)
    earlier: dict[int, ActiveDay] = {}
    at = ordinal
    for one in past.active_days(user_id, streak.activity, start):
        here = unit.ordinal(one.day)
        if not adjoin(here, at, forgiven, skips):
            break
        at = here
        earlier[here] = one
    own = ActiveDay(event.day, event.occurred_at)
    return {**dict(reversed(earlier.items())), ordinal: own, **later}


def _marks_of(
    past: Past,
    user_id: Any,
    streak: Streak,
    run: Run,
    counts: Sequence[int],
    active: dict[int, ActiveDay],
    event: Event,
) -> Iterator[Event]:
    """Yield the marks that a run has newly reached, each where it belongs in order of days.

    Args:
        past: where the marks of the run that have an entry are.
        user_id: whose run it is.
        streak: the run's.
        run: with the event.
        counts: of the run, or of the runs it was, without the event.
        active: the run's active days by ordinal; empty if they were not read yet.
        event: the one that moved the run.
    """
    unit = streak.unit
    ordinal = unit.ordinal(event.day)
    known = _marks_near(past, user_id, streak, run)
    for every, pays in streak.pays:
        # A mark of a run that lost its end by a reversal lies a little behind it.
        last = run.last + every + streak.forgiven
        taken = [
            at
            for mark in known
            if _is_mark_of(mark, every, pays)
            and run.first <= (at := unit.ordinal(mark.day)) <= last
        ]
        missing = marks_missing(counts, run.active, every, len(taken))
        if missing <= 0:
            continue
        in_week = any(unit.week(at) == unit.week(ordinal) for at in taken)
        if missing == 1 and ordinal == run.last and run.active % every == 0 and not in_week:
            places = [ordinal]  # Awards in order come here, so that they read no run.
        else:
            active = active or _run_around(past, user_id, streak, event)
            places = places_of_marks(list(active), every, taken, missing, unit)
        for place in places:
            on = event if place == ordinal else _moved(event, active[place])
            key = own_key("streak", streak.name, on.day, f"every{every}", pays)
            count = list(active).index(place) + 1 if active else run.active
            yield _completed(event, on, pays, key, count)


def _marks_near(past: Past, user_id: Any, streak: Streak, run: Run) -> list[Mark]:
    """Return the marks of a streak from a little before a run to a little behind it."""
    most = max(every for every, _ in streak.pays) + streak.forgiven
    # Keys of version 0.2 have the first day that the run had then, which may be gone.
    first = streak.unit.first_day(max(run.first - most, 1))
    last = streak.unit.first_day(run.last + most) + timedelta(days=7)
    prefix = own_key("streak", streak.name, "")
    found = past.marks(user_id, f"{prefix}{first}", f"{prefix}{last}")
    # A database may compare keys in ways that let others in between.
    return [mark for mark in found if mark.event_key.startswith(prefix)]


def _is_mark_of(mark: Mark, every: int, pays: str) -> bool:
    """Return whether a mark is one of those that come every so many and pay an activity.

    Keys of version 0.2 end in the run's count, not in what its marks are multiples of.
    """
    if mark.activity_type != pays:
        return False
    which = mark.event_key.removesuffix(f":{pays}").rpartition(":")[2]
    return int(which) % every == 0 if which.isdecimal() else which == f"every{every}"


def _goal_reached(goal: Goal, event: Event, days: Mapping[date, DayTotal]) -> Event:
    """Return the event of a goal, on the last of the awards that reach it together."""
    on = event
    for day, total in days.items():
        at = total.last_awarded_at
        later = at is not None and at > on.occurred_at and day >= on.day
        if at is not None and later and total.awards > 0 and week_of(day) == event.week:
            on = _moved(event, ActiveDay(day, at))
    key = own_key("goal", goal.activity, goal.awards, week_name(event.week), goal.pays)
    return _completed(event, on, goal.pays, key, goal.awards)


def _moved(event: Event, to: ActiveDay) -> Event:
    return replace(event, day=to.day, week=week_of(to.day), occurred_at=to.at)


def _completed(event: Event, on: Event, pays: str, event_key: str, count: int) -> Event:
    return replace(
        on,
        activity_type=str(pays),
        event_key=event_key,
        metadata={"count": count, "completed_by": event.event_key},
    )


def streaks_without(
    past: Past,
    user_id: Any,
    runs: Runs,
    event: Event,
    less: tuple[str, date] | None = None,
) -> Runs:
    """Return the runs once an award of an event is reversed, read from what is left.

    Args:
        past: looks back at active days.
        user_id: whose award it is.
        runs: the runs before the reversal.
        event: the event whose award is reversed.
        less: its activity type and day, where the past does not know of the reversal yet.
    """
    after = dict(runs)
    for streak in points_settings().streaks:
        kept = after.get(streak.name)
        if not kept or streak.activity not in (None, event.activity_type):
            continue
        run = Run(*kept)
        if not run.first <= streak.unit.ordinal(event.day) <= run.last:
            continue
        days = past.active_days(user_id, streak.activity, less=less)
        if left := _latest_run(days, streak, event):
            after[streak.name] = left
        else:
            del after[streak.name]
    return after


def runs_with(
    past: Past | None,
    user_id: Any,
    runs: Runs,
    days: Mapping[str, Iterable[date]],
    skips: Skips,
) -> Runs:
    """Return the runs once a member has more active days, found from all of them.

    Args:
        past: looks back at the days that are known; None where there are none.
        user_id: whose days.
        runs: the runs before.
        days: the days to come, by activity type.
        skips: tells whether the member's calendar skips a day.
    """
    after = dict(runs)
    for streak in points_settings().streaks:
        of = [days.get(streak.activity, ())] if streak.activity else days.values()
        new = sorted({day for some in of for day in some}, reverse=True)
        if not new:
            continue
        known = past.active_days(user_id, streak.activity) if past else iter(())
        every = merge(new, (one.day for one in known), reverse=True)
        some = skips if streak.unit is Unit.DAY else None
        if run := rerun((streak.unit.ordinal(day) for day in every), streak.forgiven, some):
            after[streak.name] = run
    return after


def _latest_run(days: Iterator[ActiveDay], streak: Streak, event: Event) -> Run | None:
    """Return a streak's latest run of active days, given newest first."""
    ordinals = (streak.unit.ordinal(one.day) for one in days)
    return rerun(ordinals, streak.forgiven, event.skips if streak.unit is Unit.DAY else None)


def _was_active(streak: Streak, usage: Usage) -> bool:
    """Return whether the event's day or week had an award of its activity already."""
    return (usage.day_awards if streak.unit is Unit.DAY else usage.week_awards) > 0


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
