"""ETags: 304 while nothing has changed, the new answer once it has."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from allthrive.accounts.models import User
from thrive_points.services import PointsService

ADDRESSES = [
    "points/",
    "points/by-category/?window=last_7_days&bucket=day",
    "points/history/?limit=5",
    "points/activities/",
    "thrive-circle/",
]
NOON = dt.datetime(2025, 3, 19, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(db):
    user = User.objects.create_user("ada")
    PointsService.award_points(user, "quiz_completed")
    return user


@pytest.fixture
def client(user):
    client = Client()
    client.force_login(user)
    return client


def ask(client, where, etag=None):
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(f"/api/v1/me/{where}", headers=headers)


@pytest.mark.parametrize("where", ADDRESSES)
def test_304_while_nothing_has_changed(client, where):
    first = ask(client, where)
    assert first["Cache-Control"] == "private, no-cache"
    again = ask(client, where, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == first["Cache-Control"]
    assert "Cookie" in again["Vary"]
    assert "Content-Type" not in again


@pytest.mark.parametrize("where", ADDRESSES)
def test_the_new_answer_once_points_changed(client, user, where):
    first = ask(client, where)
    PointsService.award_points(user, "tutorial_completed")
    again = ask(client, where, first["ETag"])
    assert again.status_code == 200
    assert again["ETag"] != first["ETag"]
    assert again.json() != first.json()


def test_the_new_answer_once_the_day_is_over(client, clock):
    first = ask(client, ADDRESSES[1])
    clock.shift(dt.timedelta(days=1))
    assert ask(client, ADDRESSES[1], first["ETag"]).status_code == 200


@pytest.mark.parametrize(
    "known", ["*", "W/{}", '"other", {}', '"other",W/{}'], ids=["any", "weak", "list", "weak list"]
)
def test_forms_of_the_header(client, known):
    etag = ask(client, "points/")["ETag"]
    assert ask(client, "points/", known.format(etag)).status_code == 304


@pytest.mark.parametrize("known", ['"other"', "nonsense", '"', "W/", ","])
def test_headers_that_match_nothing(client, known):
    assert ask(client, "points/", known).status_code == 200


def test_head_tells_the_same_tag_without_a_body(client):
    response = client.head("/api/v1/me/points/")
    assert response.content == b""
    assert response["ETag"] == ask(client, "points/")["ETag"]


def test_a_tag_opens_nothing(client, user):
    etag = ask(client, "points/")["ETag"]
    assert ask(Client(), "points/", etag).status_code == 401
