"""Who may read what: every kind of person at every address."""

from itertools import product

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import get_resolver

from allthrive.accounts.models import User
from thrive_points.http.base import STAFF_PERMISSION, MemberView
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

POINTS = {"ada": 20, "ben": 40}
MINE = [
    "points/",
    "points/by-category/",
    "points/history/",
    "points/activities/",
    "thrive-circle/",
]
PEOPLE = ["nobody", "inactive", "ada", "ben", "staff", "reader", "superuser"]
WRITES = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
MAY_READ_OTHERS = {"reader", "superuser"}


@pytest.fixture
def people():
    made = {name: User.objects.create_user(name) for name in PEOPLE[1:]}
    made["staff"].is_staff = True
    made["superuser"].is_superuser = True
    made["inactive"].is_active = False
    for user in made.values():
        user.save()
    app, codename = STAFF_PERMISSION.split(".")
    made["reader"].user_permissions.add(
        Permission.objects.get(content_type__app_label=app, codename=codename)
    )
    for name, points in POINTS.items():
        for number in range(points // 20):
            PointsService.award_points(
                made[name], "quiz_completed", {"event_key": f"{name}:{number}"}
            )
    return made


def client_of(person, people):
    client = Client()
    if person != "nobody":
        client.force_login(people[person])
    return client


def test_the_matrix_covers_every_address():
    routes = [
        str(pattern.pattern)
        for urls in ("thrive_points.http.urls", "thrive_circles.urls")
        for pattern in get_resolver(urls).url_patterns
        if issubclass(getattr(pattern.callback, "cls", object), MemberView)
    ]
    assert sorted(routes) == sorted(
        [f"me/{where}" for where in MINE] + [f"members/<str:member>/{where}" for where in MINE]
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_everyone_reads_their_own(people, person):
    client = client_of(person, people)
    expected = 401 if person in {"nobody", "inactive"} else 200
    statuses = {where: client.get(f"/api/v1/me/{where}").status_code for where in MINE}
    assert statuses == dict.fromkeys(MINE, expected)


@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_permission_opens_another_members(people, person):
    client = client_of(person, people)
    if person in {"nobody", "inactive"}:
        expected = (401, 401)
    elif person in MAY_READ_OTHERS:
        expected = (200, 404)
    else:
        # The same answer whether there is such a member or not: it tells nothing.
        expected = (403, 403)
    for where in MINE:
        known = client.get(f"/api/v1/members/{people['ben'].pk}/{where}")
        unknown = client.get(f"/api/v1/members/999999/{where}")
        assert (known.status_code, unknown.status_code) == expected, where


def test_nobody_is_shown_anothers_points(people):
    ada = client_of("ada", people)

    def shown(**query):
        answer = ada.get("/api/v1/me/points/history/", query).json()
        return [(entry["number"], entry["recorded_at"]) for entry in answer["entries"]]

    def kept(name):
        rows = PointsHistory.objects.filter(user=people[name]).order_by("-number")
        return [
            (number, recorded_at.isoformat().replace("+00:00", "Z"))
            for number, recorded_at in rows.values_list("number", "recorded_at")
        ]

    assert shown() == kept("ada") != []
    # A cursor is a number of one's own: that of an entry that only Ben has leads nowhere else.
    beyond = max(number for number, _ in kept("ben")) + 1
    assert beyond > max(number for number, _ in kept("ada")) + 1
    assert shown(cursor=beyond) == kept("ada")


def test_staff_are_shown_the_member_they_ask_for(people):
    reader = client_of("reader", people)
    base = f"/api/v1/members/{people['ben'].pk}"
    assert reader.get(f"{base}/points/").json()["total_points"] == 40
    assert reader.get(f"{base}/points/by-category/").json()["totals"]["learning"] == 40
    assert len(reader.get(f"{base}/points/history/").json()["entries"]) == 2
    assert reader.get(f"{base}/thrive-circle/").json()["total_xp"] == 40
    assert reader.get("/api/v1/me/points/").json()["total_points"] == 0


@pytest.mark.parametrize("member", ["0", "-1", "x", "1.5", "99999999999999999999", "%00"])
def test_a_member_that_cannot_be_is_not_found(people, member):
    response = client_of("reader", people).get(f"/api/v1/members/{member}/points/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("person", PEOPLE)
def test_nothing_can_be_written(people, person):
    client = Client(enforce_csrf_checks=True)
    if person != "nobody":
        client.force_login(people[person])
    before = list(PointsHistory.objects.order_by("pk").values())
    body = '{"points": 1000, "activity_type": "quiz_completed"}'
    for method, whose, where in product(WRITES, ("me", f"members/{people['ada'].pk}"), MINE):
        response = client.generic(method, f"/api/v1/{whose}/{where}", body, "application/json")
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert list(PointsHistory.objects.order_by("pk").values()) == before
