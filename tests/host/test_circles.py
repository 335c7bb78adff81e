"""The circle: joining, checking in, reacting."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from allthrive.accounts.models import User
from tests.host.conftest import MakeMember, signed_in
from tests.host.ledger import earned, entries, told
from thrive_circles.models import Circle, UserThriveProfile, XPEvent
from thrive_points.core.periods import week_of
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

MONDAY = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


@pytest.fixture
def circle(db: None) -> Circle:
    return Circle.objects.create(week=week_of(timezone.localdate()), level="Seedling", number=1)


@pytest.fixture
def mate(circle: Circle, make_member: MakeMember) -> User:
    """A circle mate who has earned something."""
    mate = make_member("cleo", first_name="Cleo")
    PointsService.award_points(
        user=mate, activity_type="quiz_completed", metadata={"event_key": "q:1"}
    )
    profile = UserThriveProfile.objects.get(user=mate)
    profile.circle = circle
    profile.save(update_fields=["circle"])
    return mate


def test_without_circles_the_page_says_when_they_form(as_member: Client, member: User):
    assert "Circles form every Monday" in as_member.get("/circle/").content.decode()
    response = as_member.post("/circle/join/")
    assert "New ones form every Monday" in told(response)[-1]
    assert entries(member) == []


def test_joining_places_and_pays_once(as_member: Client, member: User, mate: User):
    for _ in range(2):
        as_member.post("/circle/join/")
    assert entries(member) == [("circle_joined", "awarded", 5)]
    page = as_member.get("/circle/").content.decode()
    assert ">2 members<" in page
    assert ">Cleo<" in page


def test_a_full_circle_takes_nobody(
    as_member: Client, member: User, circle: Circle, make_member: MakeMember
):
    for number in range(30):
        UserThriveProfile.objects.create(user=make_member(f"m{number}"), circle=circle)
    as_member.post("/circle/join/")
    assert entries(member) == []


def test_checking_in_pays_once_a_day(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    for _ in range(2):
        as_member.post("/circle/check-in/")
    assert earned(member) == ["circle_joined", "circle_visited"]


def test_four_weeks_in_a_row_reach_the_circle_goal(member: User):
    for week in range(4):
        with time_machine.travel(MONDAY + dt.timedelta(weeks=week)):
            Circle.objects.create(week=timezone.localdate(), level="Seedling", number=1)
            client = signed_in(member)
            client.post("/circle/join/")
            response = client.post("/circle/check-in/")
    assert "circle_month_goal" in earned(member)
    assert any("50 for" in message for message in told(response))


def test_last_weeks_circle_is_over(as_member: Client, member: User, circle: Circle):
    as_member.post("/circle/join/")
    Circle.objects.update(week=circle.week - dt.timedelta(weeks=1))
    as_member.post("/circle/check-in/")
    assert earned(member) == ["circle_joined"]
    assert "Circles form every Monday" in as_member.get("/circle/").content.decode()


def test_reacting_pays_once_for_each_event(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    event = XPEvent.objects.get(user=mate)
    for kind in ("cheer", "bravo"):
        as_member.post(f"/circle/events/{event.pk}/react/", {"kind": kind})
    assert earned(member) == ["circle_joined", "circle_reaction"]
    assert event.reactions.get().kind == "cheer"
    assert "Cheer from you" in as_member.get("/circle/").content.decode()


def test_a_wrong_reaction_says_so(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    event = XPEvent.objects.get(user=mate)
    response = as_member.post(f"/circle/events/{event.pk}/react/", {"kind": "boo"})
    assert told(response)[-1] == "Choose one of the reactions."
    assert earned(member) == ["circle_joined"]


def test_nobody_reacts_to_themselves_or_to_strangers(
    as_member: Client, member: User, mate: User, other: User
):
    as_member.post("/circle/join/")
    PointsService.award_points(
        user=other, activity_type="quiz_completed", metadata={"event_key": "q:1"}
    )
    for owner in (member, other):
        event = XPEvent.objects.filter(user=owner).get()
        answer = as_member.post(f"/circle/events/{event.pk}/react/", {"kind": "cheer"})
        assert answer.status_code == 404
    assert earned(member) == ["circle_joined"]


def test_before_joining_nothing_can_be_earned(as_member: Client, member: User, mate: User):
    event = XPEvent.objects.get(user=mate)
    as_member.post("/circle/check-in/")
    as_member.post(f"/circle/events/{event.pk}/react/", {"kind": "cheer"})
    assert entries(member) == []
