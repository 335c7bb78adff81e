"""Services report events by a key of their own."""

import datetime as dt
import json

import pytest
from django.test import Client

from thrive_connect.keys import key_of, new_key
from thrive_connect.models import ServiceKey
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

EVENTS, BATCH = "/api/v1/events/", "/api/v1/events/batch/"


@pytest.fixture(autouse=True)
def fresh_counts():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def text():
    return new_key("Quiz service", ["quiz_completed", "daily_login"])[1]


@pytest.fixture
def post(text):
    def send(body, where=EVENTS, key=text, **headers):
        if not isinstance(body, str | bytes):
            body = json.dumps(body)
        return Client(raise_request_exception=False).post(
            where,
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}", **headers},
        )

    return send


def quiz(user, key="quiz:1", **more):
    return {"member": user.pk, "activity_type": "quiz_completed", "event_key": key, **more}


class TestKeys:
    def test_are_kept_as_a_digest_alone(self, text):
        key = ServiceKey.objects.get()
        secret = text.rsplit("_", 1)[-1] if "_" not in text.split("_", 2)[2] else text[14:]
        assert secret not in str(vars(key))
        assert key_of(text) == key

    def test_note_when_they_were_used(self, post, user):
        post(quiz(user))
        assert ServiceKey.objects.get().last_used_at is not None

    @pytest.mark.parametrize(
        "change",
        [
            {"revoked_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)},
            {"expires_at": dt.datetime(2025, 1, 1, tzinfo=dt.UTC)},
        ],
    )
    def test_that_ended_are_refused(self, post, user, change):
        ServiceKey.objects.update(**change)
        assert post(quiz(user)).status_code == 401
        assert not PointsHistory.objects.exists()

    @pytest.mark.parametrize("key", ["", "tp_", "tp_x_y", "tp_0123456789_\u00e9", "x" * 10_000])
    def test_that_are_none_are_refused(self, post, user, key):
        response = post(quiz(user), key=key.encode("utf-8").decode("latin-1"))
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
        assert response["Content-Type"] == "application/problem+json"

    def test_a_member_signed_in_is_no_service(self, user):
        client = Client()
        client.force_login(user)
        assert client.post(EVENTS, quiz(user), content_type="application/json").status_code == 401

    def test_reach_no_further_than_their_scope(self, post, user):
        response = post({**quiz(user), "activity_type": "mentor_session_held"})
        assert response.status_code == 403
        assert "quiz_completed" in response.json()["detail"]

    def test_allow_so_many_events_a_minute(self, post, user):
        ServiceKey.objects.update(per_minute=3)
        statuses = [post(quiz(user, f"quiz:{n}")).status_code for n in range(4)]
        assert statuses == [201, 201, 201, 429]

    def test_a_batch_counts_as_its_events(self, post, user):
        ServiceKey.objects.update(per_minute=3)
        events = [quiz(user, f"quiz:{n}") for n in range(4)]
        assert post({"events": events}, BATCH).status_code == 429
        assert not PointsHistory.objects.exists()


class TestOneEvent:
    def test_is_awarded_and_sent_again_counts_once(self, post, user):
        first, again = post(quiz(user)), post(quiz(user))
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["points_awarded"] == 20
        answer = again.json()
        assert (answer["outcome"], answer["points_awarded"]) == ("duplicate", 0)
        assert answer["first"]["points"] == 20
        assert answer["first"]["arithmetic"] == first.json()["arithmetic"]
        assert PointsHistory.objects.count() == 1

    def test_with_the_key_in_the_header(self, post, user):
        body = {"member": user.pk, "activity_type": "quiz_completed"}
        for _ in range(2):
            response = post(body, **{"Idempotency-Key": "quiz:7"})
        assert response.status_code == 200
        assert post(quiz(user), **{"Idempotency-Key": "quiz:7"}).status_code == 400

    def test_whose_key_names_something_else_is_a_conflict(self, post, user):
        post(quiz(user))
        response = post({**quiz(user), "activity_type": "daily_login"})
        assert response.status_code == 422
        assert response["Content-Type"] == "application/problem+json"
        assert "activity_type" in response.json()["detail"]

    def test_counts_in_its_own_day(self, post, user):
        late = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).isoformat()
        assert post(quiz(user, occurred_at=late)).status_code == 201
        assert PointsHistory.objects.get().occurred_at.isoformat() == late

    def test_tried_without_writing_answers_the_very_decision(self, post, user):
        for n in range(10):
            PointsService.award_points(user, "quiz_completed", {"event_key": f"q:{n}"})
        tried = post(quiz(user), EVENTS + "?dry_run=true").json()
        assert PointsHistory.objects.count() == 10
        assert (tried["outcome"], tried["points_awarded"]) == ("capped", 0)
        real = post(quiz(user)).json()
        assert tried["explanation"] == real["explanation"]
        assert post(quiz(user), EVENTS + "?dry_run=maybe").status_code == 400

    def test_of_a_member_by_the_sites_own_name(self, post, user, settings):
        settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "MEMBER": f"{__name__}.by_name"}
        assert post({**quiz(user), "member": user.get_username()}).status_code == 201
        assert post({**quiz(user), "member": "nobody"}).status_code == 400


def by_name(value):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.filter(username=value).first()


HOSTILE = [
    b"",
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    b'{"member": NaN}',
    b'{"member": 1, "member": 2}',
    b"[]",
    b"1",
    b"{}",
    b'"' + b"x" * 20_000 + b'"',
    b'{"member": ' + b"9" * 5_000 + b', "activity_type": "quiz_completed"}',
    b'{"member": 1e999, "activity_type": "quiz_completed"}',
    b'{"member": true, "activity_type": "quiz_completed"}',
    b'{"member": {"a": 1}, "activity_type": "quiz_completed"}',
    b'{"member": "1\\u0000", "activity_type": "quiz_completed"}',
    b'{"member": -1, "activity_type": ["quiz_completed"]}',
]


class TestHostileClients:
    @pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
    def test_get_a_plain_refusal(self, post, body):
        response = post(body)
        assert 400 <= response.status_code < 500, response.content
        assert response["Content-Type"] == "application/problem+json"
        assert len(response.content) < 2_000

    @pytest.mark.parametrize(
        "wrong",
        [
            {"metadata": "text"},
            {"metadata": {"a": "\0"}},
            {"metadata": {"a": "x" * 9_000}},
            {"event_key": 7},
            {"event_key": "\0"},
            {"event_key": "~mine"},
            {"event_key": "x" * 201},
            {"occurred_at": 12},
            {"occurred_at": "yesterday"},
            {"occurred_at": "2025-01-01"},
            {"occurred_at": "9999-01-01T00:00:00+00:00"},
            {"member": None},
            {"activity_type": "quiz_complete"},
            {"points": 1000},
        ],
        ids=str,
    )
    def test_wrong_fields_are_named(self, post, user, wrong):
        response = post({**quiz(user), **wrong})
        assert response.status_code in (400, 403), response.content
        assert not PointsHistory.objects.exists()

    @pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
    def test_other_methods_are_refused(self, method, text):
        response = getattr(Client(), method)(EVENTS, headers={"Authorization": f"Bearer {text}"})
        assert response.status_code == 405


class TestBatches:
    def test_answer_for_each_event(self, post, user, make_user):
        other = make_user()
        events = [
            quiz(user),
            {"activity_type": "quiz_completed"},
            quiz(other),
            7,
            {**quiz(user), "activity_type": "daily_login"},
            quiz(user),
            quiz(user, "quiz:2", metadata={"a": "\0"}),
        ]
        response = post({"events": events}, BATCH)
        assert response.status_code == 200
        results = response.json()["results"]
        assert [one["status"] for one in results] == [201, 400, 201, 400, 422, 200, 400]
        assert PointsHistory.objects.count() == 2

    def test_of_no_or_too_many_events_are_refused(self, post, user):
        for events in ([], "x", [quiz(user, f"q:{n}") for n in range(1_001)], None):
            assert post({"events": events}, BATCH).status_code == 400
        assert not PointsHistory.objects.exists()
