"""Whoever was away reads what others did, and none of it is lost."""

import pytest
from django.db import transaction
from django.test import Client

from allthrive.accounts.models import User
from allthrive.challenges import services as challenges
from allthrive.mentoring import services as mentoring
from allthrive.notices import services
from allthrive.projects import moderation
from allthrive.projects.models import Project
from allthrive.projects.services import give_feedback
from tests.host.people import said
from tests.host.test_battles import voting_battle
from tests.host.test_challenges import WORK, make_challenge, reviewer
from tests.host.test_mentoring import accepted_session
from tests.host.test_projects import WORDS
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


def texts(member: User) -> list[str]:
    return [one.text for one in services.told(member)]


def test_points_that_others_brought_are_told_with_their_reason(member: User, staff: User):
    for name in ("referral_converted", "battle_won", "mentor_session_held"):
        PointsService.award_points(member, name, {"event_key": name})
    PointsService.award_points(member, "quiz_completed", {"event_key": "own"})
    PointsService.adjust(member, 40, "For the lamp you lent us", actor=staff)
    PointsService.reverse(member, "own", "Counted twice", actor=staff)
    told = texts(member)
    assert len(told) == 5
    assert told[0] == "20 taken back for a completed quiz: Counted twice"
    assert told[1] == "+40 by the team: For the lamp you lent us"
    assert sum(text.startswith("+50 for") for text in told) == 2


def test_a_goal_reached_is_told(other: User, member: User):
    for number in range(5):
        project = Project.objects.create(
            owner=member, title=f"No. {number}", summary="s", status="published"
        )
        text = f"{WORDS} I mean it for {'abcde'[number] * 3} in particular."
        give_feedback(user=other, project=project, text=text)
    assert any("+25 for" in text for text in texts(other))
    assert len([text for text in texts(member) if "ben gave you feedback" in text]) == 5


def test_what_others_did_is_told_in_the_same_transaction(member: User, other: User):
    project = Project.objects.create(owner=member, title="A map", summary="s", status="published")
    with transaction.atomic():
        give_feedback(user=other, project=project, text=WORDS)
        transaction.set_rollback(True)
    assert texts(member) == []
    give_feedback(user=other, project=project, text=WORDS)
    give_feedback(user=other, project=project, text=f"{WORDS} Again.")
    assert texts(member) == ["ben gave you feedback on “A map”."]


def test_staffs_decisions_are_told(member: User, staff: User):
    project = Project.objects.create(owner=member, title="A map", summary="s", status="published")
    moderation.unpublish(project=project, reason="It is an advertisement.", actor=staff)
    moderation.remove_as_spam(project=project, reason="Again.", actor=staff)
    assert texts(member) == [
        "The team removed “A map”: Again.",
        "The team unpublished “A map”: It is an advertisement.",
    ]


def test_battles_and_challenges_are_told():
    _, ada, _ = voting_battle(2, 0)
    assert "ben joined your battle “Haiku”. Write your entry." in texts(ada)
    challenge = make_challenge()
    challenges.opt_in(challenge=challenge, member=ada)
    challenges.submit(challenge=challenge, member=ada, text=WORK)
    part = challenge.participations.get()
    challenges.answer(participation=part, actor=reviewer(), comment="Show the drawing.")
    assert any("Show the drawing." in text for text in texts(ada))


def test_a_session_is_told_to_whom_it_concerns():
    session, mona, ada = accepted_session()
    assert "ada asks you for a session: Agents" in texts(mona)
    assert "mona accepted your request: Agents" in texts(ada)
    mentoring.write(session=session, author=mona, text="Hello", meets_at=None)
    assert texts(ada)[0] == "mona wrote to you about Agents."


def test_the_bell_counts_what_is_new_until_it_is_read(as_member: Client, member: User, other: User):
    project = Project.objects.create(owner=member, title="A map", summary="s", status="published")
    give_feedback(user=other, project=project, text=WORDS)
    PointsService.award_points(member, "referral_converted", {"event_key": "r"})
    assert 'aria-label="Notices, 2 new"' in as_member.get("/").content.decode()
    assert as_member.get("/notices/").content.decode().count(">New<") == 2
    assert said(as_member.post("/notices/read/", follow=True)) == ["All read."]
    assert 'aria-label="Notices"' in as_member.get("/").content.decode()
    page = as_member.get("/notices/").content.decode()
    assert "A map" in page
    assert ">New<" not in page


def test_notices_are_ones_own(as_other: Client, member: User, other: User):
    services.tell(member=member, text="For ada alone", url="/")
    assert "For ada alone" not in as_other.get("/notices/").content.decode()
    assert "Nothing yet" in as_other.get("/notices/").content.decode()
