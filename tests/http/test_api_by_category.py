"""GET /api/v1/me/points/by-category/: what it adds up to, and what it refuses."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from thrive_points.core.activities import Category
from thrive_points.core.rule import Rule
from thrive_points.models import PointsHistory
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

URL = "/api/v1/me/points/by-category/"
NOW = dt.datetime(2025, 3, 19, 15, 0, tzinfo=dt.UTC)
WINDOWS = ("last_7_days", "last_30_days", "last_90_days", "all_time")
BUCKETS = ("none", "day", "week", "month")
CATEGORIES = [category.value for category in Category]
HOST_TABLES = ("django_session", "accounts_user")


@pytest.fixture(autouse=True)
def _on_a_wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


def ask(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200, response.content
    return response.json()


def award(user, activity, when=NOW, key=None):
    return PointsService.award_points(
        user, activity, {"event_key": key} if key else None, occurred_at=when
    )


def nonzero(report):
    return {key: points for key, points in report["totals"].items() if points}


def live(user, rng):
    """Live a hundred and twenty days of everything, with reversals and adjustments among it."""
    names = list(POINT_RULES)
    events = [
        {
            "user": user,
            "activity_type": rng.choice(names),
            "metadata": {"event_key": f"event:{number}"},
            "occurred_at": NOW - dt.timedelta(minutes=rng.randrange(120 * 24 * 60)),
        }
        for number in range(200)
    ]
    PointsService.award_many(events)
    for number in rng.sample(range(200), 20):
        PointsService.reverse(user, f"event:{number}", "Counted by mistake.")
    PointsService.adjust(user, 500, "A welcome gift.")
    PointsService.adjust(user, -120, "Part of it was meant for another.")


def ledger(user, since, until):
    """Return points by category and the rest, counted from the ledger itself."""
    counted = dict.fromkeys(CATEGORIES, 0)
    rest = 0
    for entry in PointsHistory.objects.filter(user=user, day__range=(since, until)):
        if entry.activity_type in POINT_RULES:
            counted[POINT_RULES[entry.activity_type].category] += entry.points
        else:
            rest += entry.points
    return counted, rest


def starts(bucket, since, until):
    """Return the first day of every bucket, one day at a time."""
    found = []
    for ordinal in range(since.toordinal(), until.toordinal() + 1):
        day = dt.date.fromordinal(ordinal)
        if bucket == "week":
            day -= dt.timedelta(days=day.weekday())
        if bucket == "month":
            day = day.replace(day=1)
        if not found or found[-1] != day:
            found.append(day)
    return [day.isoformat() for day in found]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/St_Johns"])
def test_adds_up_to_the_ledger(make_user, rng, zone):
    user = make_user(zone)
    live(user, rng)
    client = Client()
    client.force_login(user)
    for window, bucket in product(WINDOWS, BUCKETS):
        report = ask(client, window=window, bucket=bucket)
        since, until = (dt.date.fromisoformat(report[name]) for name in ("since", "until"))
        totals, rest = ledger(user, since, until)
        assert report["totals"] == totals
        assert report["adjustments"] == rest
        if bucket == "none":
            assert report["series"] == []
        else:
            assert [row["date"] for row in report["series"]] == starts(bucket, since, until)
            sums = {key: sum(row[key] for row in report["series"]) for key in CATEGORIES}
            assert sums == totals
        if window == "all_time":
            assert sum(totals.values()) + rest == user.total_points


def test_shows_every_category_and_bucket_to_someone_without_points(client):
    report = ask(client)
    assert report["window"] == "last_30_days"
    assert report["bucket"] == "day"
    assert report["totals"] == dict.fromkeys(CATEGORIES, 0)
    assert len(report["series"]) == 30
    assert report["series"][0] == {"date": "2025-02-18", **dict.fromkeys(CATEGORIES, 0)}
    assert report["series"][-1]["date"] == "2025-03-19"
    assert report["categories"] == [{"key": c.value, "label": c.label} for c in Category]
    assert report["adjustments"] == 0


@pytest.mark.parametrize(
    ("query", "bucket", "rows"),
    [
        ({"window": "last_7_days"}, "day", 7),
        ({"window": "last_30_days"}, "day", 30),
        ({"window": "last_90_days"}, "week", 14),
        ({"since": "2024-01-01"}, "month", 15),
        ({"since": "0001-01-01", "until": "9999-12-31"}, "none", 0),
    ],
)
def test_chooses_a_bucket_that_fits_the_window(client, query, bucket, rows):
    report = ask(client, **query)
    assert report["bucket"] == bucket
    assert len(report["series"]) == rows


def test_counts_days_in_the_members_zone(make_user):
    user = make_user("Pacific/Auckland")
    client = Client()
    client.force_login(user)
    # Half past eleven in London is half past midnight, the next day, in Auckland.
    award(user, "quiz_completed", dt.datetime(2025, 3, 14, 11, 30, tzinfo=dt.UTC))
    award(user, "quiz_completed", dt.datetime(2025, 3, 14, 10, 30, tzinfo=dt.UTC))
    report = ask(client, window="last_7_days", bucket="day")
    assert report["until"] == "2025-03-20"
    by_day = {row["date"]: row["learning"] for row in report["series"]}
    assert {day: points for day, points in by_day.items() if points} == {
        "2025-03-14": 20,
        "2025-03-15": 20,
    }


def test_deducts_a_reversal_from_the_day_it_concerns(client, user):
    for day in (10, 12):
        award(user, "quiz_completed", dt.datetime(2025, 3, day, 9, tzinfo=dt.UTC), f"quiz:{day}")
    PointsService.reverse(user, "quiz:10", "It was a test run.")
    report = ask(client, bucket="day")
    assert nonzero(report) == {"learning": 20}
    assert [row["date"] for row in report["series"] if row["learning"]] == ["2025-03-12"]


def test_tells_adjustments_beside_the_categories(client, user):
    award(user, "quiz_completed")
    PointsService.adjust(user, -5, "A correction.")
    report = ask(client)
    assert nonzero(report) == {"learning": 20}
    assert report["adjustments"] == -5
    assert sum(report["totals"].values()) + report["adjustments"] == user.total_points


def test_moving_an_activity_to_another_category_moves_its_past(client, user, settings):
    award(user, "quiz_completed", NOW - dt.timedelta(days=20))
    assert nonzero(ask(client)) == {"learning": 20}
    moved = replace(POINT_RULES["quiz_completed"], category=Category.CHALLENGE)
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {**POINT_RULES, "quiz_completed": moved},
    }
    report = ask(client)
    assert nonzero(report) == {"challenge": 20}
    assert [row["date"] for row in report["series"] if row["challenge"]] == ["2025-02-27"]


def test_a_new_activity_type_appears_with_nothing_but_its_rule(client, user, settings):
    like = POINT_RULES["quiz_completed"]
    podcast = Rule(
        label="a published podcast",
        category=Category.CREATION,
        base_points=15,
        effort=like.effort,
        impact=like.impact,
        frequency=like.frequency,
    )
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {**POINT_RULES, "podcast_published": podcast},
    }
    award(user, "podcast_published")
    report = ask(client)
    assert nonzero(report) == {"creation": 15}
    assert report["series"][-1]["creation"] == 15


def test_a_chart_reaches_a_day_the_member_lives_twice(make_user):
    user = make_user("Pacific/Auckland")
    award(user, "quiz_completed")
    # As on a site that knows the zone of the present alone.
    user.timezone = user.zones = "Pacific/Honolulu"
    user.save()
    client = Client()
    client.force_login(user)
    for query in ({"window": "all_time"}, {"window": "last_7_days"}, {"since": "2025-03-01"}):
        report = ask(client, **query)
        assert report["until"] == "2025-03-20"
        assert nonzero(report) == {"learning": 20}


def test_a_span_of_ones_own(client, user):
    award(user, "quiz_completed", dt.datetime(2025, 2, 3, 9, tzinfo=dt.UTC))
    award(user, "quiz_completed", dt.datetime(2025, 3, 3, 9, tzinfo=dt.UTC))
    report = ask(client, since="2025-02-01", until="2025-02-05", bucket="week")
    assert report["window"] == "custom"
    assert [row["date"] for row in report["series"]] == ["2025-01-27", "2025-02-03"]
    assert nonzero(report) == {"learning": 20}
    assert report["nudge"] is None
    assert ask(client, since="2025-03-01")["until"] == "2025-03-19"


def test_the_last_day_of_the_calendar_can_be_asked_for(client):
    for bucket in ("day", "week", "month"):
        report = ask(client, since="9999-12-31", until="9999-12-31", bucket=bucket)
        assert len(report["series"]) == 1


def test_reads_daily_totals_alone_in_at_most_three_statements(client, user, rng):
    ask(client)  # The rules are in memory from here on, as in a process that has served before.

    def statements(query):
        with CaptureQueriesContext(connection) as captured:
            ask(client, **query)
        own = [q["sql"] for q in captured if not any(table in q["sql"] for table in HOST_TABLES)]
        assert all("thrive_points_pointsdailytotal" in sql for sql in own)
        assert not any("thrive_points_pointshistory" in sql for sql in own)
        # The host's authentication reads the session and the user, and nothing else is read.
        assert len(captured) - len(own) == 2
        return len(own)

    queries = [{"window": w, "bucket": b} for w, b in product(WINDOWS, BUCKETS)]
    before = [statements(query) for query in queries]
    live(user, rng)
    after = [statements(query) for query in queries]
    assert after == before
    assert max(after) <= 3


REFUSED = [
    ({"window": "fortnight"}, "window", "last_7_days, last_30_days, last_90_days, all_time"),
    ({"window": ""}, "window", "last_7_days"),
    ({"bucket": "hour"}, "bucket", "none, day, week, month"),
    ({"since": "yesterday"}, "since", "2025-03-01"),
    ({"since": "2025-02-30"}, "since", "a date that exists"),
    ({"since": "20250301"}, "since", "2025-03-01"),
    ({"since": "2025-03-01", "until": "2025-3-2"}, "until", "2025-03-01"),
    ({"since": "2025-03-05", "until": "2025-03-04"}, "until", "2025-03-05 or later"),
    ({"since": "2025-03-20"}, "since", "2025-03-19 or earlier"),
    ({"until": "2025-03-04"}, "until", "with since"),
    ({"window": "all_time", "since": "2025-03-04"}, "window", "or since and until"),
    ({"since": "2024-01-01", "bucket": "day"}, "bucket", "week or month or none"),
    ({"since": "1000-01-01", "bucket": "month"}, "bucket", "give none"),
    ({"since": "\x00"}, "since", "2025-03-01"),
    ({"window": "x" * 5_000}, "window", "last_7_days"),
]


@pytest.mark.parametrize(("query", "parameter", "allowed"), REFUSED)
def test_refuses_a_wrong_parameter_and_says_what_is_allowed(client, query, parameter, allowed):
    response = client.get(URL, query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == 400
    (error,) = problem["errors"]
    assert error["parameter"] == parameter
    assert allowed in error["detail"]
    assert error["detail"] in problem["detail"]
    assert len(response.content) < 1_000


def test_every_wrong_parameter_is_named(client):
    problem = client.get(URL, {"window": "x", "bucket": "y"}).json()
    assert [error["parameter"] for error in problem["errors"]] == ["window", "bucket"]


def test_400_buckets_are_allowed_and_401_are_not(client):
    last = dt.date(2025, 3, 19)
    for days, status in ((400, 200), (401, 400)):
        since = last - dt.timedelta(days=days - 1)
        answer = client.get(URL, {"since": since.isoformat(), "bucket": "day"})
        assert answer.status_code == status


def test_nudges_towards_the_emptiest_category(client, user):
    for hour in range(9):
        award(user, "quiz_completed", NOW - dt.timedelta(hours=hour))
    nudge = ask(client)["nudge"]
    assert nudge["category"] == "creation"
    assert "Creation" in nudge["message"]
    assert 1 <= len(nudge["suggestions"]) <= 3
    for suggestion in nudge["suggestions"]:
        assert suggestion["category"] == "creation"
        assert suggestion["points"] > 0
        assert suggestion["label"][0].isupper()


def test_never_suggests_what_is_capped(client, user):
    for number in range(5):
        award(user, "project_created", key=f"project:{number}")
    for _ in range(10):
        award(user, "quiz_completed")
        award(user, "tutorial_completed")
    report = ask(client, window="last_7_days")
    suggested = [s["activity_type"] for s in report["nudge"]["suggestions"]]
    capped = {"project_created", "quiz_completed", "tutorial_completed"}
    assert suggested
    assert not capped & set(suggested)
