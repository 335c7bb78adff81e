"""Mentoring: offer, ask, accept, confirm."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from allthrive.accounts.models import User
from allthrive.mentoring import services
from allthrive.mentoring.models import Mentor, Session
from tests.host.people import earned, make_member, race, said, signed_in


def accepted_session() -> tuple[Session, User, User]:
    mentor, mentee = make_member("mona"), make_member("ada")
    offer = services.offer(member=mentor, about="Agents", is_available=True)
    session = services.ask(mentor=offer, mentee=mentee, topic="Agents", message="How?")
    return services.answer(session=session, mentor=mentor, accept=True), mentor, mentee


@pytest.mark.django_db
def test_a_session_is_asked_for_accepted_and_confirmed_and_pays_the_mentor():
    mona, ada = make_member("mona"), make_member("ada")
    mona_clicks, ada_clicks = signed_in(mona), signed_in(ada)
    mona_clicks.post(reverse("mentoring:offer"), {"about": "Agents", "is_available": "on"})
    ask = reverse("mentoring:ask", args=[Mentor.objects.get().pk])
    asked = {"topic": "My first agent", "message": "It loops."}
    assert said(ada_clicks.post(ask, asked, follow=True)) == ["mona can answer you now."]
    session = Session.objects.get()
    mona_clicks.post(reverse("mentoring:answer", args=[session.pk]), {"accept": "yes"})
    confirm = reverse("mentoring:confirm", args=[session.pk])
    answer = ada_clicks.post(confirm, follow=True)
    assert said(answer) == ["Thank you. mona earned 50 points for this session."]
    assert said(ada_clicks.post(confirm, follow=True)) == ["You have confirmed this session."]
    assert earned(mona) == [("mentor_session_held", 50)]
    assert earned(ada) == []


@pytest.mark.django_db
def test_over_the_weekly_cap_the_mentee_reads_why():
    session, mona, _ = accepted_session()
    services.confirm(session=session, mentee=session.mentee)
    for name in ("ben", "cara"):
        mentee = make_member(name)
        session = services.ask(
            mentor=Mentor.objects.get(), mentee=mentee, topic="More", message="How?"
        )
        services.answer(session=session, mentor=mona, accept=True)
        answer = signed_in(mentee).post(
            reverse("mentoring:confirm", args=[session.pk]), follow=True
        )
    assert said(answer) == [
        "Thank you. mona has had all the points for sessions there are this week."
    ]
    assert [points for _, points in earned(mona)] == [50, 50, 0]


@pytest.mark.django_db
def test_each_acts_for_themselves_only():
    session, mona, ada = accepted_session()
    stranger = signed_in(make_member("stranger"))
    assert stranger.get(session.get_absolute_url()).status_code == 403
    for client in (stranger, signed_in(mona)):
        assert client.post(reverse("mentoring:confirm", args=[session.pk])).status_code == 403
    answer = reverse("mentoring:answer", args=[session.pk])
    assert signed_in(ada).post(answer, {"accept": "yes"}).status_code == 403
    assert earned(mona) == []


@pytest.mark.django_db
def test_a_session_that_was_declined_cannot_be_confirmed():
    mona, ada = make_member("mona"), make_member("ada")
    offer = services.offer(member=mona, about="Agents", is_available=True)
    session = services.ask(mentor=offer, mentee=ada, topic="Agents", message="How?")
    signed_in(mona).post(reverse("mentoring:answer", args=[session.pk]), {"accept": "no"})
    answer = signed_in(ada).post(reverse("mentoring:confirm", args=[session.pk]), follow=True)
    assert said(answer) == ["Only a session the mentor has accepted can be confirmed."]
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
    answers = race(*(lambda: services.confirm(session=session, mentee=ada) for _ in range(3)))
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 2
    assert earned(mona) == [("mentor_session_held", 50)]
