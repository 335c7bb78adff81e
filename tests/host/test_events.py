"""Events: saying yes, and checking in while they run."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allthrive.events import services
from allthrive.events.models import Attendance, Event
from tests.host.people import earned, make_member, race, said, signed_in


def make_event(starts_in: int = -1, hours: int = 2) -> Event:
    start = timezone.now() + timedelta(hours=starts_in)
    return Event.objects.create(
        title="Prompt night",
        description="Bring one.",
        place="Online",
        starts_at=start,
        ends_at=start + timedelta(hours=hours),
        check_in_code="Lantern-7",
    )


@pytest.mark.django_db
def test_checking_in_with_the_hosts_code_earns_once():
    ada, event = make_member("ada"), make_event()
    clicks, check_in = signed_in(ada), reverse("events:check_in", args=[event.pk])
    answer = clicks.post(check_in, {"code": " lantern-7 "}, follow=True)
    assert said(answer)[0] == "You are checked in. Enjoy it."
    assert said(answer)[1].startswith("+15")
    again = clicks.post(check_in, {"code": "lantern-7"})
    assert again.context["form"].non_field_errors() == ["You have checked in already."]
    assert earned(ada) == [("event_attended", 15)]


@pytest.mark.django_db
def test_saying_yes_and_no():
    ada, event = make_member("ada"), make_event(starts_in=5)
    clicks, rsvp = signed_in(ada), reverse("events:rsvp", args=[event.pk])
    assert said(clicks.post(rsvp, {"coming": "yes"}, follow=True)) == ["See you there."]
    assert "1 member said yes" in clicks.get(event.get_absolute_url()).content.decode()
    clicks.post(rsvp, {"coming": "no"})
    assert Attendance.objects.get().rsvp_at is None
    assert earned(ada) == []


@pytest.mark.django_db
@pytest.mark.parametrize("starts_in", [3, -9])
def test_checking_in_outside_its_time_is_a_form_error(starts_in: int):
    ada, event = make_member("ada"), make_event(starts_in=starts_in)
    answer = signed_in(ada).post(reverse("events:check_in", args=[event.pk]), {"code": "Lantern-7"})
    assert answer.context["form"].non_field_errors() == ["You can check in while the event runs."]
    assert earned(ada) == []


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "x" * 21, "Candle-1"])
def test_a_bad_or_wrong_code_is_a_form_error(code: str):
    ada, event = make_member("ada"), make_event()
    answer = signed_in(ada).post(reverse("events:check_in", args=[event.pk]), {"code": code})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
    assert earned(ada) == []


@pytest.mark.django_db
def test_codes_are_not_found_by_trying():
    ada, event = make_member("ada"), make_event()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            services.check_in(event=event, member=ada, code="guess")
        with pytest.raises(ValidationError, match="Too many wrong codes"):
            services.check_in(event=event, member=ada, code="Lantern-7")
        clock.shift(timedelta(minutes=10))
        assert services.check_in(event=event, member=ada, code="Lantern-7").is_right


@pytest.mark.django_db
def test_an_event_that_is_over_takes_no_answer():
    ada, event = make_member("ada"), make_event(starts_in=-9)
    answer = signed_in(ada).post(
        reverse("events:rsvp", args=[event.pk]), {"coming": "yes"}, follow=True
    )
    assert said(answer) == ["This event is over."]


@pytest.mark.django_db(transaction=True)
def test_checking_in_twice_at_once_pays_once():
    ada, event = make_member("ada"), make_event()
    answers = race(
        *(lambda: services.check_in(event=event, member=ada, code="Lantern-7") for _ in range(3))
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 2, answers
    assert earned(ada) == [("event_attended", 15)]
