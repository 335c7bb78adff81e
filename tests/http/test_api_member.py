"""The rest of the member's API: progress, the ledger's pages, what can be earned, the circle."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from thrive_circles.models import Circle, Membership
from thrive_points.core.activities import ActivityType
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 3, 19, 15, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def client(user):
    return signed_in(user)


def ask(client, where, **query):
    response = client.get(f"/api/v1/me/{where}", query)
    assert response.status_code == 200, response.content
    return response.json()


def award(user, activity, key=None, when=NOW):
    metadata = {"event_key": key} if key else None
    return PointsService.award_points(user, activity, metadata, occurred_at=when)


class TestProgress:
    def test_of_someone_new(self, client):
        assert ask(client, "points/") == {
            "total_points": 0,
            "level": 1,
            "level_starts_at": 0,
            "next_level_at": 100,
            "points_to_next_level": 100,
            "weekly_xp": 0,
            "streak_days": 0,
        }

    def test_tells_total_level_week_and_streak(self, client, user):
        for days in (8, 1, 0):
            award(user, "daily_login", when=NOW - dt.timedelta(days=days))
        award(user, "mentor_session_held", when=NOW - dt.timedelta(days=8))
        award(user, "mentor_session_held", when=NOW)
        assert ask(client, "points/") == {
            "total_points": 115,
            "level": 2,
            "level_starts_at": 100,
            "next_level_at": 250,
            "points_to_next_level": 135,
            "weekly_xp": 60,
            "streak_days": 2,
        }

    def test_weekly_xp_and_streak_end_by_themselves(self, client, user, clock):
        award(user, "daily_login")
        clock.shift(dt.timedelta(days=7))
        told = ask(client, "points/")
        assert (told["weekly_xp"], told["streak_days"], told["total_points"]) == (0, 0, 5)


class TestHistory:
    def test_pages_hold_every_entry_once_newest_first(self, client, user):
        made = [award(user, "quiz_completed", f"quiz:{number}").number for number in range(7)]
        seen, cursor = [], {}
        while cursor is not None:
            page = ask(client, "points/history/", limit=3, **cursor)
            seen.append([entry["number"] for entry in page["entries"]])
            cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        assert made == [1, 2, 3, 4, 5, 6, 7]
        assert seen == [[7, 6, 5], [4, 3, 2], [1]]

    def test_a_full_last_page_has_no_next(self, client, user):
        for number in range(2):
            award(user, "quiz_completed", f"quiz:{number}")
        assert ask(client, "points/history/", limit=2)["next_cursor"] is None

    def test_new_entries_do_not_shift_a_page(self, client, user):
        for number in range(4):
            award(user, "quiz_completed", f"quiz:{number}")
        first = ask(client, "points/history/", limit=2)
        award(user, "quiz_completed", "quiz:late")
        second = ask(client, "points/history/", limit=2, cursor=first["next_cursor"])
        assert [entry["number"] for entry in first["entries"]] == [4, 3]
        assert [entry["number"] for entry in second["entries"]] == [2, 1]

    def test_an_entry_tells_all_that_explains_it(self, client, user):
        result = award(user, "quiz_completed", "quiz:1")
        (entry,) = ask(client, "points/history/")["entries"]
        assert entry == {
            "number": result.number,
            "activity_type": "quiz_completed",
            "label": "A completed quiz",
            "category": "learning",
            "outcome": "awarded",
            "points": 20,
            "explanation": result.explanation,
            "rule_revision": result.rule_revision,
            "arithmetic": [
                {"name": step.name, "value": step.value, "of": step.of}
                for step in result.arithmetic
            ],
            "occurred_at": "2025-03-19T15:00:00Z",
            "recorded_at": "2025-03-19T15:00:00Z",
            "day": "2025-03-19",
            "reverses": None,
            "cause": None,
        }
        assert entry["rule_revision"]

    def test_refusals_and_corrections_have_their_reason(self, client, user):
        original = award(user, "daily_login", "login:1")
        award(user, "daily_login", "login:2")
        PointsService.reverse(user, "login:1", "It was a script.")
        PointsService.adjust(user, 30, "For the party.")
        adjusted, reversed_, capped, _ = ask(client, "points/history/")["entries"]
        assert (capped["outcome"], capped["points"]) == ("capped", 0)
        assert "1 of 1 today" in capped["explanation"]
        assert (reversed_["outcome"], reversed_["points"]) == ("reversed", -5)
        assert reversed_["reverses"] == original.number
        assert "It was a script." in reversed_["explanation"]
        assert (adjusted["outcome"], adjusted["category"]) == ("adjusted", None)
        assert "For the party." in adjusted["explanation"]

    def test_a_streak_names_the_entry_that_completed_it(self, client, user):
        for days in reversed(range(7)):
            award(user, "daily_login", f"login:{days}", NOW - dt.timedelta(days=days))
        streak, last, *_ = ask(client, "points/history/")["entries"]
        assert (streak["activity_type"], streak["cause"]) == ("week_streak", last["number"])
        assert last["cause"] is None

    @pytest.mark.parametrize(
        "cursor", ["", "0", "-1", "1.5", "x", "1 ", "1\n", "\u0661", "9" * 19, "\x00"]
    )
    def test_refuses_a_wrong_cursor(self, client, cursor):
        response = client.get("/api/v1/me/points/history/", {"cursor": cursor})
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error["parameter"] == "cursor"
        assert "next_cursor" in error["detail"]

    @pytest.mark.parametrize("limit", ["", "0", "101", "-5", "ten", "1e1", "1_0", "\u0661"])
    def test_refuses_a_wrong_limit(self, client, limit):
        response = client.get("/api/v1/me/points/history/", {"limit": limit})
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error["parameter"] == "limit"
        assert "1 to 100" in error["detail"]

    def test_a_page_costs_one_statement_however_long_it_is(
        self, client, user, django_assert_num_queries
    ):
        for number in range(30):
            award(user, "quiz_completed", f"quiz:{number}")
        ask(client, "points/history/")
        with django_assert_num_queries(3):  # The session, the user, the page.
            ask(client, "points/history/", limit=30)


class TestActivities:
    def test_lists_every_rule(self, client):
        listed = ask(client, "points/activities/")["activities"]
        assert [activity["activity_type"] for activity in listed] == list(POINT_RULES)
        for activity in listed:
            rule = POINT_RULES[activity["activity_type"]]
            assert activity["category"] == rule.category
            assert activity["highest"] == rule.base_points
            assert activity["max_per_day"] == rule.max_per_day
            assert activity["max_per_week"] == rule.max_per_week

    def test_tells_what_is_left_and_when_it_resets(self, make_user):
        user = make_user("America/New_York")
        for number in range(4):
            award(user, "feedback_given", f"feedback:{number}")
        award(user, "daily_login", "login:1")
        award(user, "weekly_challenge_completed", "challenge:1")
        listed = {
            activity["activity_type"]: activity
            for activity in ask(signed_in(user), "points/activities/")["activities"]
        }
        feedback = listed["feedback_given"]
        assert (feedback["left_today"], feedback["next_points"]) == (6, 10)
        assert (feedback["available"], feedback["resets_at"]) == (True, None)
        login = listed["daily_login"]
        assert (login["left_today"], login["available"], login["next_points"]) == (0, False, 0)
        assert dt.datetime.fromisoformat(login["resets_at"]) == dt.datetime(
            2025, 3, 20, 4, tzinfo=dt.UTC
        )
        challenge = listed["weekly_challenge_completed"]
        assert challenge["left_this_week"] == 0
        assert dt.datetime.fromisoformat(challenge["resets_at"]) == dt.datetime(
            2025, 3, 24, 4, tzinfo=dt.UTC
        )

    def test_tells_what_pays_by_itself(self, client):
        listed = ask(client, "points/activities/")["activities"]
        by_itself = {a["activity_type"] for a in listed if not a["direct"]}
        assert by_itself == {
            ActivityType.WEEK_STREAK,
            ActivityType.MONTH_STREAK,
            ActivityType.FEEDBACK_WEEK_GOAL,
            ActivityType.CIRCLE_MONTH_GOAL,
            ActivityType.FIVE_ACTIVE_WEEKS,
        }

    def test_the_host_says_where_to_do_it(self, client, settings):
        settings.THRIVE_POINTS = {
            **settings.THRIVE_POINTS,
            "ACTIVITY_URL": {"quiz_completed": "/somewhere/"}.get,
        }
        listed = {a["activity_type"]: a for a in ask(client, "points/activities/")["activities"]}
        assert listed["quiz_completed"]["url"] == "/somewhere/"
        assert listed["daily_login"]["url"] is None


class TestThriveCircle:
    def test_of_someone_without_a_circle(self, client):
        told = ask(client, "thrive-circle/")
        assert (told["circle"], told["members"], told["feed"]) == (None, [], [])
        assert told["level"] == {"name": "Seedling", "starts_at": 0}
        assert told["next_level"] == {"name": "Explorer", "starts_at": 500}
        assert (told["total_xp"], told["xp_to_next_level"]) == (0, 500)
        assert len(told["next_steps"]) == 3

    def test_shows_members_and_feed_without_ranks(self, make_user, django_assert_max_num_queries):
        circle = Circle.objects.create(week=dt.date(2025, 3, 17), level="Seedling", number=1)
        members = [make_user() for _ in range(6)]
        for user in members:
            award(user, "quiz_completed", "quiz:1")
            Membership.objects.create(user=user, week=circle.week, circle=circle)
        PointsService.adjust(members[0], 40, "Between the member and the team.")
        stranger = make_user()
        award(stranger, "tutorial_completed")
        client = signed_in(members[0])
        ask(client, "points/")
        with django_assert_max_num_queries(8):
            told = ask(client, "thrive-circle/")
        assert told["circle"]["level"] == "Seedling"
        assert told["circle"]["week"] == "2025-03-17"
        names = [member["name"] for member in told["members"]]
        assert names == sorted(user.username for user in members)
        assert [set(member) for member in told["members"]] == [{"name", "level"}] * 6
        assert {event["name"] for event in told["feed"]} == set(names)
        assert {event["activity_type"] for event in told["feed"]} == {"quiz_completed"}
        assert {event["label"] for event in told["feed"]} == {"A completed quiz"}
        assert {event["id"] for event in told["feed"]} == {f"{user.pk}-1" for user in members}

    def test_last_weeks_circle_is_over_once_there_are_new_ones(self, client, user):
        award(user, "quiz_completed")
        circle = Circle.objects.create(week=dt.date(2025, 3, 10), level="Seedling", number=1)
        Membership.objects.create(user=user, week=circle.week, circle=circle)
        assert ask(client, "thrive-circle/")["circle"]["week"] == "2025-03-10"
        Circle.objects.create(week=dt.date(2025, 3, 17), level="Seedling", number=1)
        assert ask(client, "thrive-circle/")["circle"] is None

    def test_there_is_a_top(self, client, user):
        PointsService.adjust(user, 8_000, "Moved from the old site.")
        told = ask(client, "thrive-circle/")
        assert told["level"]["name"] == "Luminary"
        assert (told["next_level"], told["xp_to_next_level"]) == (None, 0)
