"""The circle: joining, checking in, reacting."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.circles.models import Reaction
from allthrive.circles.selectors import feed_of
from tests.host.conftest import MakeMember, signed_in
from tests.host.ledger import earned, entries, told
from thrive_circles.models import Circle, Membership, XPEvent
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
    place(mate, circle)
    return mate


def place(user: User, circle: Circle) -> None:
    """Put a member in a circle, as its forming does."""
    Membership.objects.create(user=user, week=circle.week, circle=circle)


def react(client: Client, event: XPEvent, kind: str = "cheer") -> Any:
    return client.post(f"/circle/events/{event.user_id}/{event.number}/react/", {"kind": kind})


def test_without_circles_the_first_starts_one(as_member: Client, member: User):
    assert "you start a circle for newcomers" in as_member.get("/circle/").content.decode()
    as_member.post("/circle/join/")
    assert entries(member) == [("circle_joined", "awarded", 5)]
    assert ">1 members<" in as_member.get("/circle/").content.decode()


def test_nobody_is_asked_to_join_for_the_rest_of_a_week_that_is_over(member: User):
    for hour, offer in ((9, "for the rest of this week"), (14, "This week ends in")):
        # Saturday, then Sunday; the week ends on Monday at 00:00 UTC.
        with time_machine.travel(dt.datetime(2026, 3, 7 + (hour > 12), hour, tzinfo=dt.UTC)):
            Circle.objects.get_or_create(week=dt.date(2026, 3, 2), level="Seedling", number=1)
            assert offer in signed_in(member).get("/circle/").content.decode()


def test_joining_places_and_pays_once(as_member: Client, member: User, mate: User):
    for _ in range(2):
        as_member.post("/circle/join/")
    assert entries(member) == [("circle_joined", "awarded", 5)]
    page = as_member.get("/circle/").content.decode()
    assert ">2 members<" in page
    assert ">Cleo<" in page


def test_who_meets_full_circles_starts_another(
    as_member: Client, member: User, circle: Circle, make_member: MakeMember
):
    for number in range(30):
        place(make_member(f"m{number}"), circle)
    as_member.post("/circle/join/")
    assert entries(member) == [("circle_joined", "awarded", 5)]
    assert circle.memberships.count() == 30
    assert Membership.objects.get(user=member).circle.overflow


def test_one_who_was_placed_joins_that_circle(as_member: Client, member: User, circle: Circle):
    smaller = Circle.objects.create(week=circle.week, level="Seedling", number=2)
    place(member, circle)
    as_member.post("/circle/join/")
    assert entries(member) == [("circle_joined", "awarded", 5)]
    assert (circle.memberships.count(), smaller.memberships.count()) == (1, 0)


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


def test_last_weeks_circle_is_over_once_there_are_new_ones(
    as_member: Client, member: User, mate: User, circle: Circle
):
    as_member.post("/circle/join/")
    before = circle.week - dt.timedelta(weeks=1)
    Circle.objects.update(week=before)
    Membership.objects.update(week=before)
    assert ">2 members<" in as_member.get("/circle/").content.decode()
    assert "in no circle before" in as_member.get("/circle/past/").content.decode()
    Circle.objects.create(week=circle.week, level="Seedling", number=1)
    as_member.post("/circle/check-in/")
    assert earned(member) == ["circle_joined"]
    assert "circle has room for you" in as_member.get("/circle/").content.decode()
    page = as_member.get("/circle/past/").content.decode()
    assert "Seedling circle 1" in page
    assert ">Cleo<" in page


def test_reacting_pays_once_for_each_event(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    event = XPEvent.objects.get(user=mate)
    for kind in ("cheer", "bravo"):
        react(as_member, event, kind)
    assert earned(member) == ["circle_joined", "circle_reaction"]
    assert Reaction.objects.get(to=mate, number=event.number).kind == "cheer"
    assert "Cheer from you" in as_member.get("/circle/").content.decode()


def test_a_wrong_reaction_says_so(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    event = XPEvent.objects.get(user=mate)
    response = react(as_member, event, "boo")
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
        assert react(as_member, event).status_code == 404
    assert earned(member) == ["circle_joined"]


def test_a_reaction_is_to_the_event_of_that_mate_alone(
    as_member: Client, member: User, mate: User, circle: Circle, make_member: MakeMember
):
    """Numbers begin anew with each member, so one event's number is another's too."""
    second = make_member("dora", first_name="Dora")
    PointsService.award_points(second, "tutorial_completed", {"event_key": "t:1"})
    place(second, circle)
    as_member.post("/circle/join/")
    mates, seconds = (XPEvent.objects.get(user=user) for user in (mate, second))
    assert mates.number == seconds.number
    react(as_member, mates)
    items = {item.event.user_id: item for item in feed_of(circle, member)}
    assert [len(items[user.pk].reactions) for user in (mate, second)] == [1, 0]
    react(as_member, seconds, "bravo")
    assert earned(member).count("circle_reaction") == 2


def test_what_is_no_event_cannot_be_reacted_to(as_member: Client, member: User, mate: User):
    as_member.post("/circle/join/")
    for number in (0, 2, 10**30):
        answer = as_member.post(f"/circle/events/{mate.pk}/{number}/react/", {"kind": "cheer"})
        assert answer.status_code == 404
    assert as_member.post(f"/circle/events/{10**30}/1/react/", {}).status_code == 404
    assert earned(member) == ["circle_joined"]


def test_before_joining_nothing_can_be_earned(as_member: Client, member: User, mate: User):
    event = XPEvent.objects.get(user=mate)
    as_member.post("/circle/check-in/")
    react(as_member, event)
    assert entries(member) == []
