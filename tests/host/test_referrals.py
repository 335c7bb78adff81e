"""Referrals: a link, a sign-up through it, and the first real activity."""

import pytest
from django.test import Client
from django.urls import reverse

from allthrive.accounts.models import User
from allthrive.referrals import services
from allthrive.referrals.models import Invitation, Referral
from tests.host.people import earned, make_member, race, signed_in
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


def act(user: User, number: int = 1, activity: str = ActivityType.QUIZ_COMPLETED) -> None:
    PointsService.award_points(
        user=user, activity_type=activity, metadata={"event_key": f"test:{activity}:{number}"}
    )


@pytest.mark.django_db(transaction=True)
def test_somebody_invited_converts_with_their_first_real_activity_once():
    ada = make_member("ada")
    clicks = signed_in(ada)
    clicks.post(reverse("referrals:make_link"))
    invitation = Invitation.objects.get(inviter=ada)
    assert invitation.code in clicks.get(reverse("referrals:index")).content.decode()

    newcomer = join_through(invitation.code)
    assert Referral.objects.get().inviter == ada
    act(newcomer, activity=ActivityType.DAILY_LOGIN)
    assert earned(ada) == []
    act(newcomer, 1)
    act(newcomer, 2)
    assert earned(ada) == [("referral_converted", 50)]
    assert ">Active<" in clicks.get(reverse("referrals:index")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_invited_member_converts_for_themselves():
    ada = make_member("ada")
    code = services.make_invitation(member=ada).code
    for name in ("ben", "cara"):
        act(join_through(code, name))
    assert earned(ada) == [("referral_converted", 50)] * 2


@pytest.mark.django_db
def test_the_link_is_made_once():
    ada = make_member("ada")
    for _ in range(2):
        signed_in(ada).post(reverse("referrals:make_link"))
    assert Invitation.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "nobodys", "x" * 32])
def test_signing_up_with_a_code_that_is_nobodys_still_works(code: str):
    answer = Client().post(
        reverse("accounts:signup"),
        {
            "username": "newcomer",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "timezone": "UTC",
            "referral_code": code,
        },
    )
    assert answer.status_code == 302
    assert not Referral.objects.exists()


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
    assert services.record_joining(invited=ada, code=code) is None


@pytest.mark.django_db(transaction=True)
def test_converting_at_once_pays_once():
    ada, ben = make_member("ada"), make_member("ben")
    services.record_joining(invited=ben, code=services.make_invitation(member=ada).code)
    answers = race(
        *(lambda: services.convert(invited=ben, activity_type="quiz_completed") for _ in range(4))
    )
    assert answers.count(None) == 3, answers
    assert earned(ada) == [("referral_converted", 50)]
