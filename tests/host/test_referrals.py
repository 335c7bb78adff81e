"""Referrals: a link, a sign-up through it, and the first real activity."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.projects.models import Project
from allthrive.referrals import services
from allthrive.referrals.models import Invitation, Referral
from tests.host.people import earned, make_active, make_member, race, signed_in
from thrive_points.core.activities import ActivityType
from thrive_points.services import PointsService

PASSWORD = "a long enough secret"


def join_through(code: str, name: str = "newcomer") -> User:
    visitor = Client()
    welcome = visitor.get(reverse("referrals:accept", args=[code]))
    assert "invites you" in welcome.content.decode()
    answer = visitor.post(
        welcome.context["sign_up"],
        {
            "username": name,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "timezone": "UTC",
            "referral_code": visitor.get(welcome.context["sign_up"])
            .context["form"]["referral_code"]
            .value(),
        },
    )
    assert answer.status_code == 302
    return User.objects.get(username=name)


def act(user: User, days_ago: int = 0, activity: str = ActivityType.QUIZ_COMPLETED) -> None:
    PointsService.award_points(
        user=user,
        activity_type=activity,
        metadata={"event_key": f"test:{activity}:{days_ago}"},
        occurred_at=timezone.now() - timedelta(days=days_ago),
    )


@pytest.mark.django_db(transaction=True)
def test_somebody_invited_converts_once_on_their_third_day_of_taking_part():
    ada = make_member("ada")
    clicks = signed_in(ada)
    clicks.post(reverse("referrals:make_link"))
    invitation = Invitation.objects.get(inviter=ada)
    assert invitation.code in clicks.get(reverse("referrals:index")).content.decode()

    newcomer = join_through(invitation.code)
    assert Referral.objects.get().inviter == ada
    # Being here is not taking part, and neither is a busy first day.
    for day in range(4):
        act(newcomer, day, ActivityType.DAILY_LOGIN)
    act(newcomer, 0)
    act(newcomer, 0, ActivityType.FEEDBACK_GIVEN)
    act(newcomer, 1)
    assert earned(ada) == []
    act(newcomer, 2)
    act(newcomer, 3)
    assert earned(ada) == [("referral_converted", 50)]
    assert ">Active<" in clicks.get(reverse("referrals:index")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_invited_member_converts_for_themselves():
    ada = make_member("ada")
    code = services.make_invitation(member=ada).code
    for name in ("ben", "cara"):
        make_active(join_through(code, name))
    assert earned(ada) == [("referral_converted", 50)] * 2


@pytest.mark.django_db
def test_the_link_is_made_once():
    ada = make_member("ada")
    for _ in range(2):
        signed_in(ada).post(reverse("referrals:make_link"))
    assert Invitation.objects.count() == 1


def sign_up(client: Client, code: str) -> Any:
    sheet = {"password1": PASSWORD, "password2": PASSWORD, "timezone": "UTC"}
    return client.post(
        reverse("accounts:signup"), {"username": "newcomer", "referral_code": code, **sheet}
    )


@pytest.mark.django_db
def test_a_code_that_is_nobodys_says_so_and_none_is_needed():
    wrong = sign_up(Client(), "nobodys")
    assert "Nobody has this code" in wrong.context["form"].errors["referral_code"][0]
    assert not User.objects.exists()
    assert sign_up(Client(), "").status_code == 302
    assert not Referral.objects.exists()


@pytest.mark.django_db
def test_an_invitation_survives_looking_around():
    code = services.make_invitation(member=make_member("ada")).code
    visitor = Client()
    visitor.get(reverse("referrals:accept", args=[code]))
    visitor.get("/")
    form = visitor.get(reverse("accounts:signup")).context["form"]
    assert form["referral_code"].value() == code


@pytest.mark.django_db
def test_a_shared_project_opens_for_strangers_and_credits_who_shared_it():
    ada = make_member("ada")
    code = services.make_invitation(member=ada).code
    project = Project.objects.create(owner=ada, title="A map", summary="s", status="published")
    shown = signed_in(ada).get(project.get_absolute_url()).content.decode()
    assert f"/projects/{project.pk}/?by={code}" in shown
    visitor = Client()
    page = visitor.get(f"{project.get_absolute_url()}?by={code}").content.decode()
    assert "A map" in page
    assert "Join to give feedback" in page
    assert "A map" in visitor.get("/projects/").content.decode()
    invited = visitor.get(reverse("accounts:signup")).context["form"]["referral_code"].value()
    assert sign_up(visitor, invited).status_code == 302
    assert Referral.objects.get().inviter == ada
    # A code that is nobody's leads nowhere, and a draft is nobody else's.
    other = Client()
    other.get(f"{project.get_absolute_url()}?by=nobodys\0")
    assert not other.get(reverse("accounts:signup")).context["form"]["referral_code"].value()
    Project.objects.update(status="draft")
    assert other.get(project.get_absolute_url()).status_code == 404
    assert other.post(f"/projects/{project.pk}/like/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_an_inviter_who_was_shut_out_earns_nothing():
    ada, ben = make_member("ada"), make_member("ben")
    services.record_joining(invited=ben, code=services.make_invitation(member=ada).code)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    make_active(ben)
    assert earned(ada) == []


@pytest.mark.django_db
def test_a_code_that_is_nobodys_is_not_found():
    assert Client().get(reverse("referrals:accept", args=["nobodys"])).status_code == 404


@pytest.mark.django_db
def test_a_member_is_not_invited_again():
    code = services.make_invitation(member=make_member("ada")).code
    answer = signed_in(make_member("ben")).get(reverse("referrals:accept", args=[code]))
    assert answer.status_code == 302
    assert not Referral.objects.exists()


@pytest.mark.django_db
def test_nobody_invites_themselves():
    ada = make_member("ada")
    code = services.make_invitation(member=ada).code
    with pytest.raises(ValidationError):
        services.record_joining(invited=ada, code=code)


@pytest.mark.django_db(transaction=True)
def test_converting_at_once_pays_once():
    ada, ben = make_member("ada"), make_member("ben")
    make_active(ben)
    services.record_joining(invited=ben, code=services.make_invitation(member=ada).code)
    answers = race(
        *(lambda: services.convert(invited=ben, activity_type="quiz_completed") for _ in range(4))
    )
    assert answers.count(None) == 3, answers
    assert earned(ada) == [("referral_converted", 50)]
