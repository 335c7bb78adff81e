"""Every error is a problem document (RFC 9457)."""

import logging
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework.exceptions import Throttled
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.response import Response

from allthrive.accounts.models import User
from thrive_points import selectors
from thrive_points.http.base import ApiView

ME = "/api/v1/me/points/"


@pytest.fixture
def client(db):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create_user("ada"))
    return client


def assert_problem(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert not response.has_header("ETag")
    problem = response.json()
    assert problem["type"] == "about:blank"
    assert problem["title"] == HTTPStatus(status).phrase
    assert problem["status"] == status
    assert problem["detail"]
    return problem


def test_400(client):
    problem = assert_problem(client.get(f"{ME}by-category/?bucket=hour"), 400)
    assert problem["errors"] == [
        {
            "parameter": "bucket",
            "detail": "bucket is 'hour'; allowed are none, day, week, month.",
        }
    ]


def test_400_for_more_parameters_than_any_request_needs(client):
    query = "&".join(f"p{number}=1" for number in range(2_000))
    assert_problem(client.get(f"{ME}?{query}"), 400)


@pytest.mark.django_db
def test_401_says_how_to_sign_in():
    response = Client().get(ME)
    assert_problem(response, 401)
    assert response["WWW-Authenticate"]


def test_403(client):
    problem = assert_problem(client.get("/api/v1/members/1/points/"), 403)
    assert "thrive_points.view_pointshistory" in problem["detail"]


@pytest.mark.parametrize(
    "address",
    ["/api/", "/api/v1/", "/api/v2/me/points/", "/api/v1/me/points", "/api/v1/me/points/x/"],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_404(client, address, method):
    assert_problem(getattr(client, method)(address), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_405_says_what_is_allowed(client, method):
    response = getattr(client, method)(ME)
    problem = assert_problem(response, 405)
    assert response["Allow"] == "GET, HEAD"
    assert "GET and HEAD" in problem["detail"]


def test_406_says_what_can_be_had(client):
    problem = assert_problem(client.get(ME, headers={"Accept": "text/csv"}), 406)
    assert "application/json" in problem["detail"]


def test_500_is_told_to_reporters_and_not_to_the_client(client, monkeypatch, caplog):
    def broken(user):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(selectors, "progress", broken)
    with caplog.at_level(logging.ERROR, "django.request"):
        response = client.get(ME)
    assert_problem(response, 500)
    assert b"secret" not in response.content
    (record,) = caplog.records
    assert "the secret of the house" in str(record.exc_info[1])


def test_500_reaches_the_signal_that_reporters_listen_to(client, monkeypatch):
    def broken(user):
        raise RuntimeError("boom")

    monkeypatch.setattr(selectors, "progress", broken)
    client.raise_request_exception = True
    with pytest.raises(RuntimeError, match="boom"):
        client.get(ME)


@pytest.mark.django_db(transaction=True)
def test_500_rolls_back_a_host_that_wraps_requests(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    client = Client(raise_request_exception=False)
    user = User.objects.create_user("ada")
    client.force_login(user)

    def broken(asking):
        User.objects.filter(pk=asking.pk).update(first_name="Changed")
        raise RuntimeError("boom")

    monkeypatch.setattr(selectors, "progress", broken)
    assert_problem(client.get(ME), 500)
    user.refresh_from_db()
    assert user.first_name == ""


class Raising(ApiView):
    """An endpoint of a host that builds on this API's base."""

    http_method_names = ["get", "post"]
    parser_classes = [JSONParser]
    permission_classes = [AllowAny]
    error: Exception | None = None

    def get(self, request):
        raise self.error

    def post(self, request):
        return Response(request.data)


@pytest.mark.parametrize(
    ("error", "status"),
    [(Http404(), 404), (PermissionDenied(), 403), (Throttled(wait=2.5), 429)],
)
def test_errors_of_django_and_its_rest_framework(error, status):
    response = Raising.as_view(error=error)(RequestFactory().get("/")).render()
    response.json = lambda: response.data
    assert_problem(response, status)
    if status == 429:
        assert response["Retry-After"] == "3"


def test_415(settings):
    request = RequestFactory().post("/", "<x/>", content_type="text/xml")
    response = Raising.as_view()(request).render()
    response.json = lambda: response.data
    assert_problem(response, 415)
