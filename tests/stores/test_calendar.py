"""Journeys through the zones: caps, weeks, streaks and charts follow one calendar."""

import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as site
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stores.books import assert_books_agree
from thrive_points import checks
from thrive_points.calendar import zones as calendars
from thrive_points.calendar.zones import Zones, calendar_of, today_of
from thrive_points.core.streaks import Streak, Unit
from thrive_points.ledger.audit import audit
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile
from thrive_points.selectors import Bucket, by_category, progress
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLACES = ("UTC", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Tokyo", "America/Los_Angeles")


def move(user, zone):
    """Choose a zone, as the account page does."""
    user.timezone = zone
    user.save()


def at(instant):
    return time_machine.travel(instant, tick=False)


STEPS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from([*PLACES, *["login", "quiz", "late quiz", "challenge"] * 3]),
    ),
    min_size=1,
    max_size=25,
)


@given(st.sampled_from(PLACES), STEPS)
@settings(max_examples=25)
def test_on_any_journey_caps_weeks_charts_and_books_agree(make_user, first, steps):
    user = make_user(first)
    now = datetime(2026, 3, 6, tzinfo=UTC)
    with at(now) as clock:
        for number, (hours, what) in enumerate(steps):
            now += timedelta(hours=hours)
            clock.move_to(now)
            key = {"event_key": f"{what}:{number}"}
            if what in PLACES:
                before = today_of(user)
                move(user, what)
                assert today_of(user) == before
            elif what == "late quiz":
                PointsService.award_points(user, "quiz_completed", key, occurred_at=now - 40 * HOUR)
            else:
                activity = {"login": "daily_login", "quiz": "quiz_completed"}
                PointsService.award_points(
                    user, activity.get(what, "weekly_challenge_completed"), key
                )
            _check(user)
    paid = PointsHistory.objects.filter(user_id=user.pk, awards=1)
    assert _most(paid.filter(activity_type="daily_login"), lambda day: day) <= 1
    assert _most(paid.filter(activity_type="weekly_challenge_completed"), _week) <= 1
    assert list(audit()) == []


def _check(user):
    """Hold what is shown now to the ledger."""
    today = today_of(user)
    week = _week(today)
    own = PointsHistory.objects.filter(user_id=user.pk)
    ledger = own.filter(day__range=(week, week + 6 * DAY)).aggregate(sum=Sum("points"))["sum"] or 0
    assert progress(user).weekly_points == ledger
    assert [one.weekly_xp for one in UserThriveProfile.objects.filter(pk=user.pk)] in ([], [ledger])
    # Nothing lies in a future of the member's, and the chart up to today has all of it.
    assert not own.filter(day__gt=today).exists()
    chart = by_category(user, date(2026, 1, 1), today, Bucket.DAY)
    assert sum(chart.totals.values()) + chart.adjustments == progress(user).total_points
    # Days are in the order of their instants.
    days = list(own.order_by("occurred_at", "number").values_list("day", flat=True))
    assert days == sorted(days)


def _week(day):
    return day - timedelta(days=day.weekday())


def _most(entries, of):
    """Return the most entries of any day, or of any week."""
    counts = Counter(of(day) for day in entries.values_list("day", flat=True))
    return max(counts.values(), default=0)


def test_a_minute_of_zones_gives_one_day_of_caps(make_user):
    user = make_user("UTC")
    with at(datetime(2026, 11, 25, 10, 30, tzinfo=UTC)):
        for zone in ("Pacific/Niue", "UTC", "Pacific/Kiritimati"):
            move(user, zone)
            for n in range(12):
                PointsService.award_points(user, "quiz_completed", {"event_key": f"{zone}{n}"})
            PointsService.award_points(user, "daily_login", {"event_key": f"login{zone}"})
        assert user.total_points == 10 * 20 + 5
        assert progress(user).streak_days == 1


def test_a_minute_of_zones_gives_one_week_of_caps(make_user):
    user = make_user("UTC")
    with at(datetime(2026, 11, 23, 10, 30, tzinfo=UTC)):
        for zone in ("UTC", "Pacific/Niue"):
            move(user, zone)
            PointsService.award_points(user, "weekly_challenge_completed", {"event_key": zone})
    assert user.total_points == 75


def test_no_trip_mends_a_streak(make_user):
    user = make_user("UTC")
    for n in range(6):
        with at(datetime(2026, 11, 2 + n, 10, 30, tzinfo=UTC)):
            PointsService.award_points(user, "daily_login", {"event_key": f"{n}"})
    with at(datetime(2026, 11, 10, 10, 30, tzinfo=UTC)):
        assert progress(user).streak_days == 0
        for zone in ("Pacific/Niue", "UTC"):
            move(user, zone)
            PointsService.award_points(user, "daily_login", {"event_key": zone})
        assert progress(user).streak_days == 1


@pytest.mark.parametrize(
    "there", ["Asia/Tokyo", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Honolulu"]
)
def test_there_and_back_keeps_the_streak(make_user, there):
    user = make_user("America/Los_Angeles")
    for n in range(20):
        with at(datetime(2026, 3, 2, 5, tzinfo=UTC) + n * DAY):
            move(user, there if 6 <= n < 12 else "America/Los_Angeles")
            PointsService.award_points(user, "daily_login", {"event_key": f"n{n}"})
    with at(datetime(2026, 3, 21, 6, tzinfo=UTC)):
        assert progress(user).streak_days >= 18
    logins = PointsHistory.objects.filter(activity_type="daily_login")
    assert logins.aggregate(sum=Sum("points"))["sum"] <= 20 * 5
    assert_books_agree()


def test_a_late_event_counts_by_the_zone_of_its_instant(make_user):
    user = make_user("Asia/Tokyo")
    evening = datetime(2026, 3, 2, 16, tzinfo=UTC)  # Tuesday morning in Tokyo.
    with at(evening + HOUR):
        move(user, "America/Los_Angeles")
    with at(evening + 5 * DAY):
        PointsService.award_points(user, "quiz_completed", {"event_key": "q"}, occurred_at=evening)
        batch = [
            {
                "user": user,
                "activity_type": "quiz_completed",
                "metadata": {"event_key": "r"},
                "occurred_at": evening,
            }
        ]
        PointsService.award_many(batch)
    assert set(PointsHistory.objects.values_list("day", flat=True)) == {date(2026, 3, 3)}


def test_the_past_stays_after_a_change(make_user):
    user = make_user("Pacific/Auckland")
    for n in range(20):
        with at(datetime(2026, 3, 1, 11, 30, tzinfo=UTC) + n * DAY):
            PointsService.award_points(user, "daily_login", {"event_key": f"{n}"})
            PointsService.award_points(user, "quiz_completed", {"event_key": f"q{n}"})

    def seen():
        return by_category(user, date(2026, 2, 1), date(2026, 4, 1), Bucket.DAY), progress(user)

    with at(datetime(2026, 3, 20, 12, tzinfo=UTC)):
        before = seen()
        move(user, "America/Los_Angeles")
        assert seen() == before
        PointsService.reverse(user, "q3", "a wrong answer key")
        assert progress(user).total_points == before[1].total_points - 20
        assert progress(user).streak_days == 20
    assert_books_agree()


def login_on(user, *days):
    """Log in at noon by the clock of Samoa, which skipped 30 December 2011."""
    for day in days:
        with at(datetime(2011, 12, day, 12, tzinfo=ZoneInfo("Pacific/Apia"))):
            PointsService.award_points(user, "daily_login", {"event_key": f"{day}"})


def strict(settings, **values):
    """Let the login streak forgive nothing."""
    streak = Streak(name="login", activity="daily_login", unit=Unit.DAY, pays=((2, "week_streak"),))
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "STREAKS": (streak,), **values}


def test_a_day_that_samoa_skipped_breaks_no_streak(make_user, settings):
    strict(settings)
    user = make_user("Pacific/Apia")
    login_on(user, 29, 31)
    assert [one.day for one in PointsHistory.objects.filter(activity_type="daily_login")] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]
    assert PointsHistory.objects.filter(activity_type="week_streak").count() == 1
    with at(datetime(2011, 12, 31, 0, tzinfo=UTC)):
        assert progress(user).streak_days == 2
    assert_books_agree()


def test_a_day_that_somebody_missed_still_breaks_it(make_user, settings):
    strict(settings)
    user = make_user("Pacific/Apia")
    login_on(user, 28, 31)
    assert PointsHistory.objects.filter(activity_type="week_streak").count() == 0
    assert_books_agree()


def test_a_date_that_a_journey_skips_breaks_no_streak(make_user, settings):
    strict(settings)
    user = make_user("Pacific/Niue")
    with at(datetime(2026, 11, 25, 12, tzinfo=UTC)):
        move(user, "Pacific/Kiritimati")
        PointsService.award_points(user, "daily_login", {"event_key": "25"})
    with at(datetime(2026, 11, 26, 12, tzinfo=UTC)):
        result = PointsService.award_points(user, "daily_login", {"event_key": "27"})
        assert [one.activity_type for one in result.also_earned] == ["week_streak"]
        assert (today_of(user), progress(user).streak_days) == (date(2026, 11, 27), 2)
        PointsService.award_points(user, "quiz_completed", {"event_key": "q"})
        PointsService.reverse(user, "25", "not the member")
        assert progress(user).streak_days == 1
    assert_books_agree()


@given(st.sampled_from(PLACES), st.lists(st.sampled_from(PLACES), max_size=6))
@settings(max_examples=15)
def test_who_comes_on_every_date_there_is_has_a_streak_of_them_all(make_user, first, journey):
    """Without forgiveness, over changes of zone each nine days, delivered in order and replayed."""
    streak = Streak(name="login", activity="daily_login", unit=Unit.DAY, pays=((5, "week_streak"),))
    with override_settings(THRIVE_POINTS={**site.THRIVE_POINTS, "STREAKS": (streak,)}):
        user = make_user(first)
        now = datetime(2026, 3, 2, tzinfo=UTC)
        dates = set()
        with at(now) as clock:
            for zone in [*journey, first]:
                for _ in range(9 * 8):
                    now += 3 * HOUR
                    clock.move_to(now)
                    if today_of(user) not in dates:
                        dates.add(today_of(user))
                        PointsService.award_points(user, "daily_login")
                move(user, zone)
            assert progress(user).streak_days == len(dates)
            marks = PointsHistory.objects.filter(user_id=user.pk, activity_type="week_streak")
            assert marks.count() == len(dates) // 5
            assert list(audit()) == []


class TestBareHook:
    """A host whose hook knows the present alone: days can be lived twice, but none is lost."""

    @pytest.fixture
    def bare(self, settings):
        settings.THRIVE_POINTS = {
            **settings.THRIVE_POINTS,
            "USER_ZONE": lambda user: user.timezone,
        }

    @pytest.mark.usefixtures("bare")
    def test_weekly_xp_is_the_ledgers_after_moving_back_over_monday(self, make_user):
        user = make_user("Pacific/Kiritimati")
        sunday = datetime(2026, 3, 8, 9, tzinfo=UTC)
        with at(sunday):
            PointsService.award_points(user, "quiz_completed", {"event_key": "sunday"})
        with at(sunday + 3 * HOUR):  # Monday in Kiritimati.
            PointsService.award_points(user, "quiz_completed", {"event_key": "monday"})
            assert progress(user).weekly_points == 20
            move(user, "Pacific/Niue")
            assert progress(user).weekly_points == 20
            profile = UserThriveProfile.objects.get(pk=user.pk)
            assert (profile.weekly_xp, profile.xp_of_week(date(2026, 3, 9))) == (20, 20)
        assert_books_agree()

    @pytest.mark.usefixtures("bare")
    def test_it_is_warned_of(self):
        assert [found.id for found in checks.check_zones(None)] == ["thrive_points.W003"]

    @pytest.mark.parametrize(
        "hook", [lambda user, instant: "UTC", lambda user: Zones(user.zones), None]
    )
    def test_one_that_knows_more_is_not(self, settings, hook):
        settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "USER_ZONE": hook}
        assert checks.check_zones(None) == []


def test_a_hook_may_take_the_instant(settings, make_user):
    turn = datetime(2026, 3, 4, tzinfo=UTC)
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "USER_ZONE": lambda user, instant: "Asia/Tokyo" if instant < turn else "Pacific/Niue",
    }
    user = make_user()
    with at(turn + 5 * DAY):
        for number, instant in enumerate((turn - 2 * HOUR, turn + 2 * HOUR)):
            batch = {"user": user, "activity_type": "quiz_completed", "occurred_at": instant}
            PointsService.award_many([batch])
            key = {"event_key": f"q{number}"}
            PointsService.award_points(user, "quiz_completed", key, occurred_at=instant)
    days = PointsHistory.objects.order_by("number").values_list("day", flat=True)
    assert [day.day for day in days] == [4, 4, 3, 3]


UNREADABLE = ["Europe/Kyiw", "", "../etc", "America", "America/New York", "UTC 2026-13-01 UTC"]


@pytest.fixture
def said(caplog):
    """Let what the log says of zones be heard anew."""
    calendars._say_once.cache_clear()
    calendars._calendar_of.cache_clear()
    caplog.set_level(logging.WARNING, "thrive_points.calendar.zones")
    return caplog


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_zone_that_cannot_be_read_is_the_sites(make_user, settings, said, name):
    settings.TIME_ZONE = "Asia/Tokyo"
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "USER_ZONE": lambda user: Zones(name)}
    user = make_user()
    with at(datetime(2026, 3, 4, 16, tzinfo=UTC)):
        for number in range(3):
            PointsService.award_points(user, "quiz_completed", {"event_key": f"{number}"})
        assert today_of(user) == date(2026, 3, 5)
    assert len(said.records) == 1


@pytest.mark.parametrize("answer", [7, None, "Mars/Olympus", KeyError("Mars"), OSError("no file")])
def test_so_is_any_other_answer_of_a_hook(make_user, settings, said, answer):
    def hook(user):
        if isinstance(answer, Exception):
            raise answer
        return answer

    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "USER_ZONE": hook}
    user = make_user()
    for _ in range(2):
        assert PointsService.award_points(user, "quiz_completed").points_awarded == 20
    assert [record.levelname for record in said.records] == ["WARNING"]


def test_a_bug_in_a_hook_is_not_hidden(make_user, settings):
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "USER_ZONE": lambda user: user.zonne}
    with pytest.raises(AttributeError, match="zonne"):
        PointsService.award_points(make_user(), "quiz_completed")


def test_one_unreadable_zone_harms_nobody_else(client, make_user, django_user_model):
    good, bad = make_user(), make_user()
    for member in (good, bad):
        PointsService.award_points(member, "quiz_completed", {"event_key": "q"})
    django_user_model.objects.filter(pk=bad.pk).update(timezone="Europe/Kyiw", zones="Europe/Kyiw")
    bad.refresh_from_db()
    results = PointsService.award_many(
        {"user": member, "activity_type": "quiz_completed", "metadata": {"event_key": "r"}}
        for member in (good, bad)
    )
    assert [result.points_awarded for result in results] == [20, 20]
    for command in ("assign_circles", "points_audit", "points_review"):
        call_command(command, stdout=StringIO())
    client.force_login(bad)
    for page in ("/", "/account/", "/activity/", "/circle/"):
        assert client.get(page, headers={"accept": "text/html"}).status_code == 200
    boss = django_user_model.objects.create_superuser("boss", password="x")
    client.force_login(boss)
    for page in ("thrive_points/userthriveprofile", "thrive_points/pointseconomy", "accounts/user"):
        assert client.get(f"/admin/{page}/").status_code == 200


def test_a_zone_never_chosen_by_a_form_is_kept_out_of_the_history(make_user):
    user = make_user("Asia/Tokyo")
    for nonsense in ("", "America/New York"):
        move(user, nonsense)
        assert user.zones == "Asia/Tokyo"
    move(user, "Mars/Olympus")
    assert calendar_of(user, datetime(2026, 1, 1, tzinfo=UTC)).changes


def test_an_award_asks_the_database_for_no_zone(make_user, django_assert_num_queries):
    user = make_user("Asia/Tokyo")
    with at(datetime(2026, 3, 4, tzinfo=UTC)):
        move(user, "Europe/Rome")
        PointsService.award_points(user, "quiz_completed", {"event_key": "warm"})
        with django_assert_num_queries(0):
            calendar_of(user, datetime(2026, 3, 1, tzinfo=UTC))


def test_the_audit_sees_a_week_that_is_not_the_ledgers(make_user):
    user = make_user("Asia/Tokyo")
    PointsService.award_points(user, "quiz_completed", {"event_key": "q"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE thrive_points_userthriveprofile SET week_xp = 7")
    assert [found.what for found in audit()] == ["week_xp"]
    assert PointsDailyTotal.objects.get().points == 20
