"""Staff keep listeners and keys in the admin."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from thrive_connect.keys import key_of, new_key
from thrive_connect.models import Delivery, Listener, Outgoing, ServiceKey
from thrive_connect.relay import relay
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

HOME = "/admin/thrive_connect/"


@pytest.fixture
def staff():
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("boss"))
    return client


def act(client, model, action, *chosen):
    data = {"action": action, "_selected_action": [one.pk for one in chosen]}
    response = client.post(f"{HOME}{model}/", data, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_a_listener_gets_a_secret_and_can_be_tried(staff, receiver):
    response = staff.post(
        f"{HOME}listener/add/",
        {"name": "shop", "url": receiver.url, "kinds": ["entry.recorded"], "enabled": "on"},
    )
    assert response.status_code == 302, response.context["errors"]
    listener = Listener.objects.get()
    receiver.secrets = (listener.secret,)
    assert "answered 204" in act(staff, "listener", "send_test", listener)
    act(staff, "listener", "rotate_secret", listener)
    listener.refresh_from_db()
    assert listener.previous_secret == receiver.secrets[0] != listener.secret
    act(staff, "listener", "drop_previous_secret", listener)
    assert "answered 400" in act(staff, "listener", "send_test", listener)
    assert listener.secret in staff.get(f"{HOME}listener/{listener.pk}/change/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"url": "", "handler": ""}, {"handler": "no.such.function"}, {"kinds": ["nothing"]}],
    ids=str,
)
def test_a_listener_that_cannot_work_is_refused(staff, wrong):
    fields = {"name": "x", "url": "", "handler": "builtins.print", "kinds": ["entry.recorded"]}
    response = staff.post(f"{HOME}listener/add/", {**fields, **wrong})
    assert response.status_code == 200
    assert response.context["errors"]


def test_what_was_given_up_is_seen_and_sent_again(staff, user, listen, receiver):
    listener = listen("entry.recorded")
    PointsService.award_points(user, "daily_login", {"event_key": "login:1"})
    Outgoing.objects.update(dead_at="2025-01-01T00:00:00Z")
    assert "shop" not in staff.get(f"{HOME}listener/").content.decode()
    act(staff, "listener", "send_given_up_again", listener)
    assert relay().delivered == 1


def test_a_delivery_can_be_made_again(staff, user, listen, receiver):
    listen("entry.recorded")
    PointsService.award_points(user, "daily_login", {"event_key": "login:1"})
    relay()
    act(staff, "delivery", "deliver_again", Delivery.objects.get())
    assert relay().delivered == 1
    assert receiver.ids[0] == receiver.ids[1]


def test_a_key_is_shown_once_and_revoked(staff):
    page = staff.post(
        f"{HOME}servicekey/add/",
        {"name": "quizzes", "activity_types": ["quiz_completed"], "per_minute": 60},
        follow=True,
    ).content.decode()
    text = page.split("not shown again: ")[1].split("<")[0].strip()
    assert key_of(text) == ServiceKey.objects.get()
    assert text not in staff.get(f"{HOME}servicekey/").content.decode()
    act(staff, "servicekey", "revoke", ServiceKey.objects.get())
    assert key_of(text) is None


def test_staff_without_permissions_reach_nothing():
    client = Client()
    client.force_login(get_user_model().objects.create_user("helper", is_staff=True))
    new_key("x", ["*"])
    for model in ("listener", "delivery", "servicekey"):
        assert client.get(f"{HOME}{model}/").status_code == 403
        assert client.post(f"{HOME}{model}/", {}).status_code == 403
