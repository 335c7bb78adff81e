"""Mentoring: offer, ask, accept, confirm."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.earning import Unpaid
from allthrive.mentoring import services
from allthrive.mentoring.models import Mentor, Session
from tests.host.people import earned, make_active, make_member, race, said, signed_in

TAKEAWAY = "I know now where my agent should stop, and why it did not."


def agreed(mentor: User, mentee: User, hours_ago: int = 2) -> Session:
    """Return a session that was accepted some time ago, so that it can have taken place."""
    offer = services.offer(member=mentor, about="Agents", is_available=True)
    session = services.ask(mentor=offer, mentee=mentee, topic="Agents", message="How?")
    services.answer(session=session, mentor=mentor, accept=True)
    then = timezone.now() - timedelta(hours=hours_ago)
    Session.objects.filter(pk=session.pk).update(answered_at=then)
    session.refresh_from_db()
    return session


def accepted_session() -> tuple[Session, User, User]:
    mentor, mentee = make_member("mona"), make_member("ada")
    make_active(mentee)
    return agreed(mentor, mentee), mentor, mentee


@pytest.mark.django_db
def test_a_session_is_asked_for_accepted_and_confirmed_and_pays_the_mentor():
    mona, ada = make_member("mona"), make_member("ada")
    mona_clicks, ada_clicks = signed_in(mona), signed_in(ada)
    mona_clicks.post(reverse("mentoring:offer"), {"about": "Agents", "is_available": "on"})
    ask = reverse("mentoring:ask", args=[Mentor.objects.get().pk])
    asked = {"topic": "My first agent", "message": "It loops."}
    assert said(ada_clicks.post(ask, asked, follow=True)) == ["mona can answer you now."]
    session = Session.objects.get()
    make_active(ada)
    mona_clicks.post(reverse("mentoring:answer", args=[session.pk]), {"accept": "yes"})
    confirm = reverse("mentoring:confirm", args=[session.pk])
    early = ada_clicks.post(confirm, {"takeaway": TAKEAWAY})
    assert "only just agreed" in early.context["confirm_form"].non_field_errors()[0]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        ada_clicks = signed_in(ada)
        short = ada_clicks.post(confirm, {"takeaway": "Thanks"})
        assert "Say a little more" in short.context["confirm_form"].non_field_errors()[0]
        answer = ada_clicks.post(confirm, {"takeaway": TAKEAWAY}, follow=True)
        assert said(answer) == ["Thank you. mona earned 50 points for this session."]
        again = ada_clicks.post(confirm, {"takeaway": TAKEAWAY})
    assert again.context["confirm_form"].non_field_errors() == ["You have confirmed this session."]
    assert earned(mona) == [("mentor_session_held", 50)]
    assert earned(ada) == []


@pytest.mark.django_db
def test_over_the_weekly_cap_the_mentee_reads_why():
    mona = make_member("mona")
    for name in ("ada", "ben", "cara"):
        mentee = make_member(name)
        make_active(mentee)
        session = agreed(mona, mentee)
        answer = signed_in(mentee).post(
            reverse("mentoring:confirm", args=[session.pk]), {"takeaway": TAKEAWAY}, follow=True
        )
    assert said(answer) == [
        "Thank you. mona has had all the points for sessions there are this week."
    ]
    assert [points for _, points in earned(mona)] == [50, 50, 0]


@pytest.mark.django_db
def test_the_same_two_count_once_a_week():
    session, mona, ada = accepted_session()
    services.confirm(session=session, mentee=ada, takeaway=TAKEAWAY)
    again = services.confirm(session=agreed(mona, ada), mentee=ada, takeaway=TAKEAWAY)
    assert isinstance(again, Unpaid)
    assert earned(mona) == [("mentor_session_held", 50)]


@pytest.mark.django_db
def test_a_mentee_who_did_nothing_pays_nobody():
    mona, puppet = make_member("mona"), make_member("puppet")
    result = services.confirm(session=agreed(mona, puppet), mentee=puppet, takeaway=TAKEAWAY)
    assert isinstance(result, Unpaid)
    assert "three days" in result.reason
    assert earned(mona) == []


@pytest.mark.django_db
def test_a_mentor_who_was_shut_out_earns_nothing():
    session, mona, ada = accepted_session()
    User.objects.filter(pk=mona.pk).update(is_active=False)
    services.confirm(session=session, mentee=ada, takeaway=TAKEAWAY)
    assert earned(mona) == []


@pytest.mark.django_db
def test_the_two_write_to_each_other_and_agree_on_a_time():
    session, mona, ada = accepted_session()
    User.objects.filter(pk=ada.pk).update(timezone="Asia/Tokyo")
    ada = User.objects.get(pk=ada.pk)
    write = reverse("mentoring:write", args=[session.pk])
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC)):
        sent = {"text": "Would this suit you?", "meets_at": "2026-03-04T19:30"}
        signed_in(ada).post(write, sent)
        page = signed_in(mona).get(session.get_absolute_url()).content.decode()
        late = signed_in(mona).post(write, {**sent, "meets_at": "2026-03-01T10:00"})
        early = signed_in(ada).post(
            reverse("mentoring:confirm", args=[session.pk]), {"takeaway": TAKEAWAY}
        )
    assert "Would this suit you?" in page
    assert "You meet Wed 4 March, 10:30" in page
    assert late.context["form"].errors["meets_at"]
    assert early.context["confirm_form"].errors
    assert signed_in(make_member("stranger")).post(write, sent).status_code == 403
    assert session.messages.count() == 1


@pytest.mark.django_db
def test_each_acts_for_themselves_only():
    session, mona, ada = accepted_session()
    stranger = signed_in(make_member("stranger"))
    assert stranger.get(session.get_absolute_url()).status_code == 403
    for client in (stranger, signed_in(mona)):
        confirm = reverse("mentoring:confirm", args=[session.pk])
        assert client.post(confirm, {"takeaway": TAKEAWAY}).status_code == 403
    answer = reverse("mentoring:answer", args=[session.pk])
    assert signed_in(ada).post(answer, {"accept": "yes"}).status_code == 403
    assert earned(mona) == []


@pytest.mark.django_db
def test_a_session_that_was_declined_cannot_be_confirmed():
    mona, ada = make_member("mona"), make_member("ada")
    offer = services.offer(member=mona, about="Agents", is_available=True)
    session = services.ask(mentor=offer, mentee=ada, topic="Agents", message="How?")
    signed_in(mona).post(reverse("mentoring:answer", args=[session.pk]), {"accept": "no"})
    answer = signed_in(ada).post(
        reverse("mentoring:confirm", args=[session.pk]), {"takeaway": TAKEAWAY}
    )
    assert answer.context["confirm_form"].non_field_errors() == [
        "Only a session the mentor has accepted can be confirmed."
    ]
    assert earned(mona) == []


@pytest.mark.django_db
def test_asking_wrongly_is_a_form_error():
    mona, ada = make_member("mona"), make_member("ada")
    offer = services.offer(member=mona, about="Agents", is_available=True)
    ask, words = reverse("mentoring:ask", args=[offer.pk]), {"topic": "T", "message": "M"}
    own = signed_in(mona).post(ask, words)
    assert own.context["form"].non_field_errors() == ["You can't mentor yourself."]
    assert signed_in(ada).post(ask, {"topic": "x" * 121, "message": ""}).context["form"].errors
    signed_in(ada).post(ask, words)
    twice = signed_in(ada).post(ask, words)
    assert "open session" in twice.context["form"].non_field_errors()[0]
    services.offer(member=mona, about="Agents", is_available=False)
    paused = signed_in(make_member("ben")).post(ask, words)
    assert "no sessions at the moment" in paused.context["form"].non_field_errors()[0]
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_at_once_pays_once():
    session, mona, ada = accepted_session()
    answers = race(
        *(
            lambda: services.confirm(session=session, mentee=ada, takeaway=TAKEAWAY)
            for _ in range(3)
        )
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 2
    assert earned(mona) == [("mentor_session_held", 50)]
