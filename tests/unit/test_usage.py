"""Usage: what counts around an event, by hand."""

from datetime import UTC, date, datetime, timedelta

from thrive_points.core.usage import (
    NOTHING,
    DayTotal,
    Nearest,
    Usage,
    days_that_count,
    nearest_among,
    usage_of,
)

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def day(number):
    return MONDAY + timedelta(days=number)


def at(number):
    return NOON + timedelta(days=number - 2)


def test_a_decision_looks_at_its_week_and_the_day_before():
    assert days_that_count(day(0), MONDAY) == (day(-1), day(6))
    assert days_that_count(day(1), MONDAY) == (day(0), day(6))
    assert days_that_count(day(6), MONDAY) == (day(0), day(6))


def test_a_total_adds_up_and_keeps_the_latest_award():
    total = NOTHING.plus(1, 20, 0, at(2)).plus(1, 10, 0, at(1)).plus(0, 0, 1, at(3))
    assert total == DayTotal(awards=2, points=30, capped=1, last_awarded_at=at(2))
    assert total.plus(-1, -20, 0, at(4)) == DayTotal(1, 10, 1, at(2))
    assert NOTHING.plus(1, 5, 0, at(2)).plus(2, 5, 0, at(4)).last_awarded_at == at(4)
    assert NOTHING.plus(0, 5, 0, at(2)).last_awarded_at is None


def test_the_week_is_counted_from_monday_to_sunday_and_the_day_by_itself():
    days = {day(n): DayTotal(1, 10 + n, 0, at(n)) for n in range(-2, 9)}
    assert usage_of(days, day(2), MONDAY) == Usage(
        day_awards=1,
        day_points=12,
        week_awards=7,
        week_points=sum(range(10, 17)),
        last_awarded_at=at(6),
    )


def test_the_day_before_monday_counts_for_a_cooldown_alone():
    assert usage_of({day(-1): DayTotal(3, 30, 0, at(-1))}, day(0), MONDAY) == Usage(
        last_awarded_at=at(-1)
    )
    days = {day(0): DayTotal(1, 10, 0, at(1)), day(1): DayTotal(1, 10, 0, at(0))}
    assert usage_of(days, day(1), MONDAY).last_awarded_at == at(1)


def test_nothing_was_had_where_there_are_no_days():
    assert usage_of({}, day(0), MONDAY) == Usage()
    assert usage_of({}, day(0), MONDAY, Nearest(at(1), at(2))) == Usage(
        last_awarded_at=at(1), next_awarded_at=at(2)
    )


def test_exact_instants_take_the_place_of_the_latest():
    days = {day(3): DayTotal(1, 10, 0, at(3))}
    usage = usage_of(days, day(1), MONDAY, Nearest(None, at(3)))
    assert (usage.last_awarded_at, usage.next_awarded_at) == (None, at(3))


def test_the_nearest_of_some_instants():
    known = [at(1), at(3), at(5)]
    assert nearest_among(known, at(0)) == (None, at(1))
    assert nearest_among(known, at(2)) == (at(1), at(3))
    assert nearest_among(known, at(3)) == (at(3), at(3))
    assert nearest_among(known, at(6)) == (at(5), None)
    assert nearest_among([], at(3)) == (None, None)
