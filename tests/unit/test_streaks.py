"""Streaks: the run kept step by step equals the run read from all the days at once."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.streaks import Run, Unit, advance, joined, marks_reached, rerun


def runs(ordinals, forgiven):
    """Return the run after each activity, as the service keeps it."""
    run, active, kept = None, set(), []
    for ordinal in ordinals:
        before, again = run, ordinal in active
        active.add(ordinal)
        run = advance(before, ordinal, forgiven, again=again)
        if run is None:
            # Nothing but an earlier run, of which the kept one knows nothing, is ever read.
            earlier = sorted((one for one in active if one < before.first), reverse=True)
            run = joined(rerun(earlier, forgiven), before)
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


@given(st.lists(st.integers(1, 60), min_size=1, max_size=60), st.integers(2, 7))
def test_in_order_every_mark_of_a_run_is_reached_once(ordinals, every):
    before, reached = None, []
    for run in runs(sorted(ordinals), forgiven=1):
        reached += [(run.first, mark) for mark in marks_reached(before, run, every)]
        before = run
    assert len(reached) == len(set(reached))
    counts = {}
    for run in runs(sorted(ordinals), forgiven=1):
        counts[run.first] = run.active
    assert len(reached) == sum(count // every for count in counts.values())


def test_a_lengthened_front_reaches_only_new_marks():
    before, after = Run(first=3, last=9, active=7), Run(first=2, last=9, active=8)
    assert marks_reached(before, after, 7) == []
    joined = Run(first=1, last=20, active=17)
    assert marks_reached(Run(first=15, last=20, active=6), joined, 7) == [7, 14]


def test_weeks_are_counted_by_their_mondays():
    monday = date(2026, 11, 16)
    assert {Unit.WEEK.ordinal(monday.replace(day=d)) for d in range(16, 23)} == {
        Unit.WEEK.ordinal(monday)
    }
    assert Unit.WEEK.first_day(Unit.WEEK.ordinal(date(2026, 11, 22))) == monday
    assert Unit.DAY.first_day(Unit.DAY.ordinal(monday)) == monday
