"""Streaks: the run kept step by step equals the run read from all the days at once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.streaks import (
    Run,
    Unit,
    advance,
    counts_before,
    marks_missing,
    places_of_marks,
    rerun,
)


def around(active, ordinal, forgiven):
    """Return the ordinals of the run that one belongs to, in order."""
    run = [ordinal]
    for one in sorted((one for one in active if one < ordinal), reverse=True):
        if run[0] - one > 1 + forgiven:
            break
        run.insert(0, one)
    for one in sorted(one for one in active if one > ordinal):
        if one - run[-1] > 1 + forgiven:
            break
        run.append(one)
    return run


def runs(ordinals, forgiven):
    """Return the latest run after each activity, as the service keeps it."""
    run, active, kept = None, set(), []
    for ordinal in ordinals:
        before, again = run, ordinal in active
        active.add(ordinal)
        run = advance(before, ordinal, forgiven, again=again)
        if run is None:
            found = around(active, ordinal, forgiven)
            read = Run(first=found[0], last=found[-1], active=len(found))
            run = read if read.last >= before.last else before
        assert run == (rerun(sorted(active, reverse=True), forgiven))
        kept.append(run)
    return kept


def test_one_missed_day_is_forgiven_without_counting_and_two_break():
    assert runs([1, 2, 4], forgiven=1)[-1] == Run(first=1, last=4, active=3)
    assert runs([1, 2, 5], forgiven=1)[-1] == Run(first=5, last=5, active=1)
    assert runs([1, 2, 4], forgiven=0)[-1] == Run(first=4, last=4, active=1)


def test_a_second_visit_of_a_day_changes_nothing():
    assert runs([1, 1, 2, 2], forgiven=1)[-1].active == 2


def test_a_late_day_joins_two_runs():
    assert runs([1, 2, 5, 6, 3], forgiven=1)[-1] == Run(first=1, last=6, active=5)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=30), st.integers(0, 1))
def test_step_by_step_equals_all_at_once_in_any_order(ordinals, forgiven):
    expected = rerun(sorted(set(ordinals), reverse=True), forgiven)
    assert runs(ordinals, forgiven)[-1] == expected


@given(st.lists(st.integers(1, 60), min_size=1, max_size=60, unique=True), st.integers(2, 7))
def test_in_any_order_a_run_has_as_many_marks_as_it_reaches_and_no_two_in_a_week(ordinals, every):
    """The latter where that is so in order: every so many days of a run fill a week."""
    active, marks = set(), []
    for ordinal in ordinals:
        run = around(active, ordinal, 1)
        taken = [mark for mark in marks if run[0] <= mark <= run[-1]]
        missing = marks_missing(counts_before(run, ordinal, 1), len(run), every, len(taken))
        if missing > 0:
            marks += places_of_marks(run, every, taken, missing, Unit.DAY)
        active.add(ordinal)
        taken = [mark for mark in marks if run[0] <= mark <= run[-1]]
        assert len(taken) == len(run) // every
        assert len(set(marks)) == len(marks)
    if every == 7:
        assert len({Unit.DAY.week(mark) for mark in marks}) == len(marks)


@pytest.mark.parametrize(
    ("before", "after", "taken", "missing"),
    [
        ((6,), 7, 0, 1),
        ((7,), 8, 1, 0),
        ((6,), 7, 1, 0),  # It lost a day by a reversal, and earned it again.
        ((13,), 14, 1, 1),
        ((6, 6), 13, 0, 1),
        ((7, 7), 15, 2, 0),
        ((20,), 21, 0, 1),  # A streak that is new, or had another price, owes nothing.
        ((13,), 14, 3, -1),
    ],
)
def test_marks_that_are_missing(before, after, taken, missing):
    assert marks_missing(before, after, 7, taken) == missing


@pytest.mark.parametrize(
    ("active", "taken", "missing", "places"),
    [
        (range(1, 15), [], 2, [7, 14]),
        (range(1, 15), [7], 1, [14]),
        (range(1, 15), [9], 1, [7]),  # Its week is the second.
        (range(1, 15), [14], 1, [7]),
        (range(1, 22), [9], 1, [21]),
        (range(1, 22), [9, 21], 1, [7]),
        (range(5, 26), [30], 1, [25]),
    ],
)
def test_marks_are_paid_where_they_are_in_order(active, taken, missing, places):
    assert places_of_marks([*active], 7, taken, missing, Unit.DAY) == places


def test_counts_of_the_runs_that_a_late_day_joins():
    assert counts_before([1, 2, 3, 5, 6], 3, 1) == (2, 2)
    assert counts_before([1, 2, 3, 4, 5], 3, 1) == (4,)
    assert counts_before([1, 2, 3], 1, 1) == (0, 2)
    assert counts_before([1, 2, 3], 3, 1) == (2, 0)


def test_a_run_around_a_day_that_it_does_not_know_needs_a_look():
    run = Run(first=10, last=14, active=4)
    assert advance(run, 5, 1) is None
    assert advance(run, 9, 1) is None
    assert advance(run, 12, 1) is None
    assert advance(run, 12, 1, again=False) == Run(first=10, last=14, active=5)
    assert advance(run, 12, 0) == run
    assert advance(run, 5, 1, again=True) == run
    assert advance(run, 14, 1) == advance(run, 10, 1) == run


def test_weeks_are_counted_by_their_mondays():
    monday = date(2026, 11, 16)
    assert {Unit.WEEK.ordinal(monday.replace(day=d)) for d in range(16, 23)} == {
        Unit.WEEK.ordinal(monday)
    }
    assert Unit.WEEK.first_day(Unit.WEEK.ordinal(date(2026, 11, 22))) == monday
    assert Unit.DAY.first_day(Unit.DAY.ordinal(monday)) == monday
