"""The pages about the member, and the site's own."""

import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.challenges import services as challenges
from allthrive.demo.seeding.quizzes import create_quizzes
from allthrive.doorways import DOORWAYS
from allthrive.earning import tell
from allthrive.home.suggestions import suggestions_for
from allthrive.projects.models import Project
from allthrive.quizzes.models import Quiz
from allthrive.writing.models import Piece
from allthrive.writing.services import PIECES_A_DAY
from tests.host.people import signed_in
from tests.host.test_challenges import WORK, make_challenge
from tests.host.test_side_quests import finish_address, make_quest, note
from thrive_points.calendar.zones import today_of
from thrive_points.core.activities import ActivityType
from thrive_points.rules.current import rulebook
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


def award(user: User, count: int, activity_type: str = "quiz_completed") -> None:
    for number in range(count):
        metadata = {"event_key": f"{activity_type}:{number}"}
        PointsService.award_points(user=user, activity_type=activity_type, metadata=metadata)


def test_a_visitor_is_welcomed_and_a_member_sees_their_standing(as_member: Client, member: User):
    assert "Join All Thrive" in Client().get("/").content.decode()
    award(member, 3)
    page = as_member.get("/").content.decode()
    assert ">40 points to level 2.<" in page
    assert "3 of 10 today" in page


def test_every_page_of_a_new_member_has_an_empty_state(as_member: Client):
    for address in ("/", "/explore/", "/activity/", "/activity/history/", "/circle/"):
        assert as_member.get(address).status_code == 200
    assert "No entries yet" in as_member.get("/activity/history/").content.decode()


def names(member: User) -> list[str]:
    return [suggestion.activity.activity_type for suggestion in suggestions_for(member)]


def test_suggestions_stop_when_nothing_is_left(as_member: Client, member: User):
    assert "quiz_completed" not in names(member)
    create_quizzes(random.Random(1))
    assert "quiz_completed" in names(member)
    award(member, 10)
    assert "quiz_completed" not in names(member)


def test_a_suggestion_names_the_next_thing_and_what_it_pays(as_member: Client, member: User):
    quest = make_quest("easy", 1)
    make_quest("hard", 1)
    found = {one.activity.activity_type: one for one in suggestions_for(member)}
    easy = found["side_quest_completed"]
    assert (easy.points, easy.opening.url) == (10, quest.get_absolute_url())
    page = as_member.get(quest.get_absolute_url()).content.decode()
    assert "Earns </span>+10" in page
    as_member.post(finish_address(quest, 1), note())
    found = {one.activity.activity_type: one for one in suggestions_for(member)}
    assert found["side_quest_completed"].points == 30


def test_nobody_is_invited_to_what_only_staff_can_give(member: User):
    def challenge() -> list[str]:
        return [name for name in names(member) if "challenge" in name]

    assert challenge() == []
    this_week = make_challenge()
    assert challenge() == ["challenge_opted_in"]
    challenges.opt_in(challenge=this_week, member=member)
    assert challenge() == ["weekly_challenge_submitted"]
    challenges.submit(challenge=this_week, member=member, text=WORK)
    assert challenge() == []


def test_a_newcomers_first_steps_are_quick_ones(member: User):
    call_command("seed_demo", members=12, days=5, verbosity=0)
    nova = User.objects.get(username="nova")
    first = suggestions_for(nova)[:3]
    assert {one.activity.frequency for one in first} == {"often"}
    assert "mentor_session_held" not in names(nova)
    assert "referral_converted" not in names(nova)


def test_home_explore_and_the_chart_suggest_the_same(as_member: Client, member: User):
    create_quizzes(random.Random(1))
    make_challenge()
    offered = set(names(member))
    nudge = as_member.get("/api/v1/me/points/by-category/").json()["nudge"]
    assert {each["activity_type"] for each in nudge["suggestions"]} <= offered
    explored = as_member.get("/explore/").context["groups"]
    shown = {
        status.activity_type
        for _, doors in explored
        for _, statuses in doors
        for status, suggested in statuses
        if suggested
    }
    assert shown == offered


def test_who_has_written_enough_is_not_asked_for_more(member: User, other: User):
    project = Project.objects.create(owner=other, title="A map", summary="s", status="published")
    assert "feedback_given" in names(member)
    for place in range(1, PIECES_A_DAY + 1):
        Piece.objects.create(
            member=member, day=today_of(member), place=place, about=f"x:{place}", digest=str(place)
        )
    assert "feedback_given" not in names(member)
    page = signed_in(member).get(project.get_absolute_url()).content.decode()
    assert "Enough written for today" in page


def test_suggestions_lead_to_a_fuller_balance(member: User):
    User.objects.update(date_joined=timezone.now() - timedelta(days=60))
    member.refresh_from_db()
    create_quizzes(random.Random(1))
    make_challenge()
    award(member, 3)
    assert suggestions_for(member)[-1].activity.category == "learning"


def test_every_activity_can_be_reached_or_follows_by_itself():
    follows = {"daily_login", "week_streak", "month_streak", "feedback_week_goal"}
    follows |= {"circle_month_goal", "five_active_weeks"}
    reachable = {name for door in DOORWAYS for name in door.earns + door.granted}
    assert reachable | follows == set(rulebook().activity_types())
    assert reachable <= set(ActivityType)


def test_the_activity_page_shows_the_ledgers_sums(as_member: Client, member: User, staff: User):
    award(member, 2)
    award(member, 1, "project_created")
    PointsService.adjust(user=member, points=-5, reason="A mistake of ours", actor=staff)
    page = as_member.get("/activity/?days=7").content.decode()
    assert ">45 points in the last 7 days<" in page
    assert "Corrections by the team" in page


@pytest.mark.parametrize("query", ["?days=0", "?days=x", "?days=-7", "?days=99999999999999999999"])
def test_an_unknown_window_falls_back(as_member: Client, query: str):
    assert "in the last 30 days" in as_member.get(f"/activity/{query}").content.decode()


def test_the_history_has_every_entry_once_over_its_pages(as_member: Client, member: User):
    award(member, 35)
    address: str | None = "/activity/history/"
    shown, pages = 0, 0
    while address:
        response = as_member.get(address)
        shown += len(response.context["entries"])
        pages += 1
        older = response.context["older"]
        address = f"/activity/history/?before={older}" if older else None
    assert (shown, pages) == (35, 2)


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_a_wrong_cursor_leads_to_the_newest(as_member: Client, before: str):
    response = as_member.get("/activity/history/", {"before": before})
    assert (response.status_code, response.headers["location"]) == (302, "/activity/history/")


def test_one_members_history_is_not_anothers(as_other: Client, member: User):
    award(member, 1)
    assert as_other.get("/activity/history/").context["entries"] == []


def test_telling_names_a_new_level(as_member: Client, member: User, rf: Any):
    award(member, 4)
    result = PointsService.award_points(
        user=member, activity_type="quiz_completed", metadata={"event_key": "q:5"}
    )
    request = as_member.get("/").wsgi_request
    tell(request, result)
    notes = [(message.message, message.extra_tags) for message in request._messages]
    assert notes == [
        ("+20 for a completed quiz; 5 of 10 today. Total 100, level 2.", "earned"),
        ("You reached level 2.", "level"),
    ]


def _patterns(resolver: URLResolver, prefix: str = "/") -> list[tuple[str, URLPattern]]:
    found = []
    for each in resolver.url_patterns:
        route = f"{prefix}{each.pattern}"
        if isinstance(each, URLResolver):
            found += _patterns(each, route)
        else:
            found.append((route, each))
    return found


OPEN = {
    "/",
    "/projects/",
    "/projects/<int:pk>/",
    "/invite/<slug:code>/",
    "/account/join/",
    "/account/sign-in/",
    "/account/sign-out/",
}
ROUTES = [
    route
    for route, _ in _patterns(get_resolver())
    if not route.startswith(("/admin/", "/api/", "/^api/")) and route not in OPEN
]


@pytest.mark.parametrize("route", ROUTES)
def test_visitors_are_sent_to_sign_in(route: str):
    address = re.sub(r"<int:\w+>", "1", re.sub(r"<slug:\w+>", "a", route))
    for response in (Client().get(address), Client().post(address)):
        assert response.status_code in {302, 403, 405}
        if response.status_code == 302:
            assert response.headers["location"].startswith("/account/sign-in/")


def test_every_change_needs_a_csrf_token(member: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(member)
    response = client.post("/projects/new/", {"title": "Made elsewhere", "summary": "s"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


def test_error_pages(as_member: Client, settings: Any):
    missing = as_member.get("/no-such-page/")
    assert missing.status_code == 404
    assert "nothing at this address" in missing.content.decode()
    refused = as_member.get("/challenges/review/")
    assert refused.status_code == 403
    assert "not yours to open" in refused.content.decode()


@pytest.mark.parametrize("address", ["/", "/api/v1/nothing/", "/admin/login/", "/no-such-page/"])
def test_every_answer_tells_browsers_to_load_from_the_site_alone(address: str):
    policy = Client().get(address).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in policy


def test_history_says_which_thing_folds_what_is_small_and_adds_up(as_member: Client, member: User):
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC)):
        create_quizzes(random.Random(1))
        quiz = Quiz.objects.get(slug="prompt-basics")
        facts = {"event_key": "quiz:1", "quiz_id": quiz.pk}
        PointsService.award_points(member, "quiz_completed", facts)
        award(member, 4, "circle_reaction")
        PointsService.adjust(member, 6, "A mistake of ours, today")
        page = as_member.get("/activity/history/")
    assert quiz.get_absolute_url() in page.content.decode()
    assert "And 3 more like it that day" in page.content.decode()
    assert [(line.points, line.total) for line in page.context["lines"]] == [
        (6, 30), (4, 24), (20, 20),
    ]  # fmt: skip
    with time_machine.travel(datetime(2026, 3, 9, 12, tzinfo=UTC)):
        later = as_member.get("/activity/history/").content.decode()
    assert "1 of 10 that day" in later
    # What the team wrote stays as it was written.
    assert "A mistake of ours, today" in later


def test_history_is_filtered_and_downloaded(as_member: Client, member: User):
    award(member, 2)
    award(member, 1, "project_created")
    PointsService.adjust(member, 5, "=1+1")
    today = today_of(member)
    filtered = as_member.get("/activity/history/", {"category": "creation"})
    assert len(filtered.context["entries"]) == 1
    nothing = as_member.get("/activity/history/", {"until": str(today - timedelta(days=1))})
    assert "Nothing like that" in nothing.content.decode()
    wrong = as_member.get("/activity/history/", {"since": "x", "activity": "no\0"})
    assert len(wrong.context["entries"]) == 4
    file = as_member.get("/activity/history/points.csv", {"activity": "quiz_completed"})
    rows = file.getvalue().decode().splitlines()
    assert rows[0] == "day,occurred at,activity,points,outcome,explanation"
    assert len(rows) == 3
    everything = as_member.get("/activity/history/points.csv").getvalue().decode()
    assert "'+5 by the team: =1+1" in everything
    assert Client().get("/activity/history/points.csv").status_code == 302
