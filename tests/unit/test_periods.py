"""The one clock, against an independent reading of the zones, over every change of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.periods import day_starts, period_of, week_name, week_of

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)


def offset(zone, instant):
    return instant.astimezone(zone).utcoffset()


def changes(zone):
    """Yield every instant from 2000 to 2037 at which a zone's offset changes."""
    step, instant = timedelta(days=7), START
    while instant < END:
        after = instant + step
        if offset(zone, instant) != offset(zone, after):
            low, high = instant, after
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) / 2
                if offset(zone, low) == offset(zone, middle):
                    low = middle
                else:
                    high = middle
            yield high.replace(microsecond=0)
        instant = after


@pytest.fixture(scope="module")
def every_change():
    """Return (zone name, instant) of every change of the clocks; aliases are read once."""
    seen = {}
    for name in ZONES:
        zone = ZoneInfo(name)
        found = tuple(changes(zone))
        offsets = tuple(offset(zone, instant) for instant in (START, *found))
        seen.setdefault((found, offsets), name)
    return [(name, instant) for (found, _), name in seen.items() for instant in found]


def test_days_and_weeks_around_every_change_of_the_clocks(every_change):
    assert len(every_change) > 3_000
    for name, instant in every_change:
        independent = tz.gettz(name)
        for shift in (-90_000, -3_601, -1, 0, 1, 3_600, 90_000):
            at = instant + timedelta(seconds=shift)
            expected = at.astimezone(independent).date()
            if shift >= 0:
                # Some clocks were set back a minute after midnight: the new day goes on.
                just_before = (instant - timedelta(seconds=1)).astimezone(independent).date()
                expected = max(expected, just_before)
            period = period_of(at, ZoneInfo(name))
            assert period.day == expected, (name, at)
            year, week, _ = expected.isocalendar()
            assert period.week == date.fromisocalendar(year, week, 1)


def test_a_day_starts_where_the_instant_before_is_another_day(every_change):
    for name, instant in every_change:
        zone = ZoneInfo(name)
        for shift in (-1, 0, 1):
            day = instant.astimezone(zone).date() + timedelta(days=shift)
            starts = day_starts(day, zone)
            assert starts.astimezone(zone).date() >= day, (name, day)
            before = starts - timedelta(microseconds=1)
            assert before.astimezone(zone).date() < day, (name, day)


def test_a_day_the_date_line_swallowed_starts_with_the_next_one():
    apia = ZoneInfo("Pacific/Apia")
    missing = date(2011, 12, 30)
    assert day_starts(missing, apia) == day_starts(date(2011, 12, 31), apia)
    assert period_of(day_starts(missing, apia), apia).day == date(2011, 12, 31)


def test_a_naive_instant_names_no_moment():
    with pytest.raises(ValueError, match="naive"):
        period_of(datetime(2026, 1, 1), UTC)


@given(st.dates(date(1970, 1, 5), date(2100, 1, 1)))
def test_weeks_start_on_mondays_and_carry_iso_names(day):
    monday = week_of(day)
    assert monday.weekday() == 0
    assert timedelta() <= day - monday < timedelta(days=7)
    assert datetime.strptime(f"{week_name(monday)}-1", "%G-W%V-%u").date() == monday
