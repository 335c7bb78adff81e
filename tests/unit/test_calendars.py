"""The law of the calendar, over random journeys, against a clockwork that walks through them."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thrive_points.calendar.zones import Zones
from thrive_points.core.periods import Calendar, ZoneChange, week_of

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
PLACES = (
    *("UTC", "Pacific/Kiritimati", "Pacific/Niue", "Pacific/Pago_Pago", "Pacific/Apia"),
    *("Pacific/Chatham", "Asia/Tokyo", "Asia/Kathmandu", "Asia/Beirut", "Europe/London"),
    *("America/St_Johns", "America/Havana", "America/Santiago", "Africa/Cairo"),
    *("Australia/Lord_Howe", "America/Los_Angeles"),
)
# With the day that Samoa skipped, and a clock that was set back a minute after midnight.
STARTS = (
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2011, 12, 20, tzinfo=UTC),
    datetime(2010, 10, 30, tzinfo=UTC),
)


@st.composite
def journeys(draw, most=6, apart=0):
    """Return a first zone, and changes of zone as (instant, name), some days apart at least."""
    at = draw(st.sampled_from(STARTS))
    changes = []
    for _ in range(draw(st.integers(0, most))):
        at += timedelta(days=apart, minutes=draw(st.integers(0, 4 * 24 * 60)))
        changes.append((at, draw(st.sampled_from(PLACES))))
    return draw(st.sampled_from(PLACES)), changes


def travelled(first, changes):
    zones = Zones(first)
    for at, zone in changes:
        zones = zones.changed_to(zone, at)
    return zones


def span_of(changes):
    first = changes[0][0] if changes else STARTS[0]
    last = changes[-1][0] if changes else STARTS[0]
    return first - 3 * DAY, last + 4 * DAY


def instants(since, until, step=timedelta(minutes=30)):
    while since < until:
        yield since
        since += step


@given(journeys())
def test_dates_never_go_back_and_what_was_counted_stays(journey):
    first, changes = journey
    zones = Zones(first)
    since, until = span_of(changes)
    days, ahead = {}, list(instants(since, until))
    for at, zone in [*changes, (until, first)]:
        while ahead and ahead[0] <= at:
            instant = ahead.pop(0)
            days[instant] = zones.calendar.period_of(instant).day
        changed = zones.changed_to(zone, at)
        assert changed.calendar.period_of(at) == zones.calendar.period_of(at)
        zones = changed
    # Days as they were counted at the time are those that late events find.
    calendar = zones.calendar
    assert {at: calendar.period_of(at).day for at in days} == days
    assert all(earlier <= later for earlier, later in pairwise(days.values()))


@given(journeys(apart=5))
def test_a_change_waits_for_both_clocks(journey):
    """Walk through the journey with a clock that changes hands as the law says it."""
    first, changes = journey
    calendar = travelled(first, changes).calendar
    since, until = span_of(changes)
    zone: tzinfo = ZoneInfo(first)
    waiting: tuple[date, tzinfo] | None = None
    ahead, shown = list(changes), date.min
    for at in instants(since, until, timedelta(minutes=10)):
        while ahead and ahead[0][0] <= at:
            made, name = ahead.pop(0)
            waiting = (calendar.period_of(made).day, ZoneInfo(name))
        clock = at.astimezone(zone).date()
        if waiting and clock > waiting[0]:
            new = at.astimezone(waiting[1]).date()
            if new > waiting[0]:
                zone, waiting, clock = waiting[1], None, new
            else:
                clock = waiting[0]
        shown = max(shown, clock)
        assert calendar.period_of(at).day == shown, at


@given(journeys(), st.integers(1, 12), st.integers(0, 60 * 24))
def test_some_days_touch_few_dates(journey, days, minutes):
    first, changes = journey
    calendar = travelled(first, changes).calendar
    since = span_of(changes)[0] + timedelta(minutes=minutes)
    before, after = (calendar.period_of(at).day for at in (since, since + timedelta(days=days)))
    assert (after - before).days + 1 <= days + (3 if calendar.changes else 2)


@given(journeys())
def test_a_day_starts_at_the_first_instant_that_reaches_it(journey):
    first, changes = journey
    calendar = travelled(first, changes).calendar
    since, until = span_of(changes)
    day = calendar.period_of(since).day
    while day <= calendar.period_of(until).day:
        starts = calendar.starts(day)
        assert calendar.period_of(starts).day >= day
        assert calendar.period_of(starts - timedelta(microseconds=1)).day < day
        assert calendar.skips(day.toordinal()) == (calendar.period_of(starts).day > day)
        day += DAY


@given(journeys(most=4), st.randoms(use_true_random=False))
def test_changes_of_any_kind_give_dates_that_never_go_back(journey, random):
    """Even a text that no service wrote."""
    first, changes = journey
    since, until = span_of(changes)
    kept = tuple(
        ZoneChange(at.date() + timedelta(days=random.randint(-3, 3)), ZoneInfo(name))
        for at, name in changes
    )
    calendar = Calendar(ZoneInfo(first), kept)
    days = [calendar.period_of(at).day for at in instants(since, until)]
    assert days == sorted(days)


def test_a_change_goes_by_the_later_of_both_midnights():
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    west = Zones("UTC").changed_to("Pacific/Niue", noon)
    assert west.text == "UTC 2026-11-25 Pacific/Niue"
    assert west.pending(noon) == datetime(2026, 11, 26, 11, tzinfo=UTC)
    east = Zones("UTC").changed_to("Pacific/Kiritimati", noon)
    assert east.pending(noon) == datetime(2026, 11, 26, tzinfo=UTC)
    assert east.pending(noon + DAY) is None
    assert Zones("UTC").pending(noon) is None


def test_a_date_may_be_skipped_and_is_not_lived():
    niue = datetime(2026, 11, 25, 12, tzinfo=UTC)
    calendar = Zones("Pacific/Niue").changed_to("Pacific/Kiritimati", niue).calendar
    days = {calendar.period_of(niue + n * HOUR).day.day for n in range(72)}
    assert days == {25, 27, 28, 29}
    assert [day for day in range(24, 30) if calendar.skips(date(2026, 11, day).toordinal())] == [26]
    assert Zones("Pacific/Apia").calendar.skips(date(2011, 12, 30).toordinal())
    assert not Zones("Pacific/Apia").calendar.skips(date(2011, 12, 31).toordinal())


def test_while_a_change_waits_it_may_be_made_anew_or_taken_back():
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    waiting = Zones("UTC").changed_to("Pacific/Niue", noon)
    assert waiting.changed_to("Asia/Tokyo", noon + HOUR).text == "UTC 2026-11-25 Asia/Tokyo"
    assert waiting.changed_to("UTC", noon + HOUR).text == "UTC"
    assert waiting.locked_until(noon + HOUR) is None


def test_once_it_is_seen_it_stays_for_a_week(settings):
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    zones = Zones("UTC").changed_to("Pacific/Niue", noon)
    # By the old clock the day is over, and by the new one it is not: it goes on.
    late = datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert zones.calendar.period_of(late).day == date(2026, 11, 25)
    assert zones.locked_until(late) == date(2026, 12, 2)
    assert zones.locked_until(noon + 6 * DAY) == date(2026, 12, 2)
    assert zones.locked_until(noon + 8 * DAY) is None
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "ZONE_CHANGE_DAYS": 2}
    assert zones.locked_until(noon + 3 * DAY) is None


@pytest.mark.parametrize("changes", [10, 500])
def test_what_a_date_costs_does_not_grow_with_the_changes(changes):
    zones = Zones("UTC")
    at = STARTS[0]
    for n in range(changes):
        at += 8 * DAY
        zones = zones.changed_to(PLACES[n % len(PLACES)], at)
    asked = []

    class Clock(tzinfo):
        """Counts how often a clock is looked at."""

        def __init__(self, zone):
            self.zone = zone

        def fromutc(self, instant):
            asked.append(instant)
            return self.zone.fromutc(instant.replace(tzinfo=self.zone)).replace(tzinfo=self)

        def utcoffset(self, instant):
            return self.zone.utcoffset(instant)

        def dst(self, instant):
            return self.zone.dst(instant)

        def tzname(self, instant):
            return self.zone.tzname(instant)

    read = zones.calendar
    counted = Calendar(
        Clock(read.zone), tuple(ZoneChange(after, Clock(zone)) for after, zone in read.changes)
    )
    now = at + 2 * DAY
    assert counted.period_of(now) == read.period_of(now)
    assert len(asked) <= 2


def test_weeks_are_those_of_the_days():
    calendar = Zones("UTC 2026-11-25 Asia/Tokyo").calendar
    period = calendar.period_of(datetime(2026, 11, 29, 15, tzinfo=UTC))
    assert period == (date(2026, 11, 30), week_of(date(2026, 11, 30)))


@pytest.mark.parametrize("text", ["UTC", "UTC 2026-11-25 Asia/Tokyo"])
def test_a_naive_instant_names_no_moment(text):
    with pytest.raises(ValueError, match="naive"):
        Zones(text).calendar.period_of(datetime(2026, 1, 1))
