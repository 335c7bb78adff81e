"""A second request with a key in flight waits, and is answered 409 when that takes too long."""

import json
import threading

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from thrive_connect.keys import new_key
from thrive_points.services import PointsService

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def ask(user, text):
    body = {"member": user.pk, "activity_type": "daily_login", "event_key": "login:1"}
    return Client().post(
        "/api/v1/events/",
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )


def meanwhile(user, text, answers):
    answers.append(ask(user, text))
    connections.close_all()


def test_it_waits_and_gets_the_first_answer_or_409(user, monkeypatch):
    monkeypatch.setattr("thrive_connect.http.WAIT_SECONDS", 1)
    text = new_key("x", ["*"])[1]
    answers = []
    asking = threading.Thread(target=meanwhile, args=(user, text, answers))
    with transaction.atomic():
        PointsService.award_points(user, "daily_login", {"event_key": "login:1"})
        asking.start()
        asking.join()
    assert answers[0].status_code == 409
    assert answers[0]["Retry-After"] == "1"
    assert answers[0]["Content-Type"] == "application/problem+json"
    assert connection.vendor == "postgresql"
    assert ask(user, text).status_code == 200
