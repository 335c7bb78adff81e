"""Joining, signing in, one's own account, and the first visit of a day."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from allthrive.accounts.models import DailyVisit, User
from allthrive.accounts.signals import member_joined
from allthrive.referrals.services import make_invitation
from tests.host.conftest import MakeMember
from tests.host.ledger import earned, entries
from tests.host.people import signed_in

pytestmark = pytest.mark.django_db

BROWSER = {"accept": "text/html,application/xhtml+xml"}
SHEET = {
    "username": "nia",
    "password1": "blue-heron-42",
    "password2": "blue-heron-42",
    "timezone": "Europe/Rome",
}


def test_joining_signs_in_and_earns_the_first_login():
    client = Client(headers=BROWSER)
    response = client.post("/account/join/", SHEET, follow=True)
    user = User.objects.get(username="nia")
    assert response.redirect_chain == [("/", 302)]
    assert user.timezone == "Europe/Rome"
    assert earned(user) == ["daily_login"]
    assert "+5 for" in response.content.decode()


def test_joining_tells_other_features_the_invitation_code(make_member: MakeMember):
    code = make_invitation(member=make_member("ada")).code
    heard: list[tuple[str, str]] = []

    def listen(user: User, referral_code: str, **_: object) -> None:
        heard.append((user.username, referral_code))

    member_joined.connect(listen)
    try:
        Client().post("/account/join/", {**SHEET, "referral_code": code})
    finally:
        member_joined.disconnect(listen)
    assert heard == [("nia", code)]


def test_an_invitation_link_fills_the_code():
    page = Client().get("/account/join/?ref=HERON").content.decode()
    assert 'value="HERON"' in page


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"username": ""}, "This field is required"),
        ({"username": "ada lovelace"}, "Enter a valid username"),
        ({"username": "\u0430da"}, "Enter a valid username"),
        ({"username": "all-thrive"}, "sound like the team"),
        ({"referral_code": "nobodys"}, "Nobody has this code"),
        ({"password2": "blue-heron-43"}, "match."),
        ({"password1": "12345678", "password2": "12345678"}, "too common"),
        ({"timezone": "Mars/Olympus"}, "Select a valid choice"),
        ({"referral_code": "x" * 33}, "at most 32 characters"),
        ({"username": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_a_wrong_sign_up_says_why_and_saves_nobody(change, complaint):
    response = Client().post("/account/join/", {**SHEET, **change})
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not User.objects.exists()


def test_the_first_page_of_a_day_counts_once(member: User):
    client = signed_in(member)
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)):
        first = client.get("/", headers=BROWSER).content.decode()
        second = client.get("/activity/", headers=BROWSER).content.decode()
    assert "+5 for" in first
    assert "+5 for" not in second.split("<h1>")[0]
    assert entries(member) == [("daily_login", "awarded", 5)]


def test_a_lost_session_does_not_count_the_day_again(member: User):
    with time_machine.travel(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)):
        signed_in(member).get("/", headers=BROWSER)
        signed_in(member).get("/", headers=BROWSER)
    assert DailyVisit.objects.count() == 1
    assert len(entries(member)) == 1


def test_the_day_is_the_members_own(make_member: MakeMember):
    tokyo, rome = make_member("yui", timezone="Asia/Tokyo"), make_member("ugo", timezone="UTC")
    for hour in (14, 16):
        with time_machine.travel(dt.datetime(2026, 3, 2, hour, tzinfo=dt.UTC)):
            signed_in(tokyo).get("/", headers=BROWSER)
            signed_in(rome).get("/", headers=BROWSER)
    days = DailyVisit.objects.filter(user=tokyo).values_list("day", flat=True)
    assert sorted(days) == [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]
    assert DailyVisit.objects.filter(user=rome).count() == 1


def test_what_is_no_page_counts_no_visit(member: User):
    signed_in(member).get("/", headers={"accept": "application/json"})
    assert entries(member) == []


def test_members_change_their_own_account_only(as_member: Client, member: User, other: User):
    changed = {"first_name": "Ada", "last_name": "L", "timezone": "Asia/Tokyo"}
    as_member.post("/account/", {**changed, "is_staff": "on", "username": "root"})
    member.refresh_from_db()
    assert (member.display_name, member.timezone) == ("Ada L", "Asia/Tokyo")
    assert (member.is_staff, member.username) == (False, "ada")


def test_a_new_clock_counts_from_the_end_of_the_day_and_the_page_says_when(
    as_member: Client, member: User
):
    sheet = {"first_name": "Ada", "last_name": "L"}
    with time_machine.travel(dt.datetime(2026, 3, 4, 9, tzinfo=dt.UTC)) as clock:
        as_member.post("/account/", {**sheet, "timezone": "Pacific/Honolulu"})
        page = as_member.get("/account/").content.decode()
        assert "Your days follow the new clock from Thu 5 March, 00:00 on" in page
        # While it waits, another may be chosen.
        as_member.post("/account/", {**sheet, "timezone": "Asia/Tokyo"})
        page = as_member.get("/account/").content.decode()
        assert "Your days follow the new clock from Thu 5 March, 09:00 on" in page
        clock.move_to(dt.datetime(2026, 3, 6, 9, tzinfo=dt.UTC))
        page = as_member.get("/account/").content.decode()
        assert "follow the new clock" not in page
        refused = as_member.post("/account/", {**sheet, "timezone": "UTC"}).content.decode()
        assert "You can change it again from Wednesday, 11 March on." in refused
        as_member.post("/account/", {**sheet, "first_name": "Ava", "timezone": "Asia/Tokyo"})
        member.refresh_from_db()
        assert (member.first_name, member.zones) == ("Ava", "UTC 2026-03-04 Asia/Tokyo")


def test_a_wrong_account_form_says_why(as_member: Client, member: User):
    response = as_member.post("/account/", {"timezone": "Nowhere", "first_name": "x" * 61})
    page = response.content.decode()
    assert "Select a valid choice" in page
    assert "at most 60 characters" in page


@pytest.mark.parametrize(
    "names",
    [
        {"first_name": "Sof\u202eia"},
        {"first_name": "So\u200bfia"},
        {"first_name": "Admin"},
        {"first_name": "\u0410ll", "last_name": "Thr\u0456ve"},
        {"first_name": "Sofia", "last_name": "Lindqvist"},
        {"first_name": "S\u043efia", "last_name": "L1ndqvist"},
    ],
)
def test_names_that_pass_for_somebody_else_are_refused(
    as_member: Client, member: User, make_member: MakeMember, names: dict[str, str]
):
    make_member("sofia", is_staff=True, first_name="Sofia", last_name="Lindqvist")
    page = as_member.post("/account/", {"timezone": "UTC", **names})
    assert page.status_code == 200
    assert page.context["form"].errors
    member.refresh_from_db()
    assert member.first_name == ""


@pytest.mark.parametrize(
    "name",
    ["Zo\u00eb", "\u0410\u043d\u043d\u0430", "\u7f8e\u548c", "\u0645\u06cc\u200c\u0631", "Steffi"],
)
def test_names_of_every_script_are_names(as_member: Client, member: User, name: str):
    as_member.post("/account/", {"timezone": "UTC", "first_name": name})
    member.refresh_from_db()
    assert member.first_name == name


def test_signing_in_with_a_wrong_password_says_so(member: User):
    response = Client().post("/account/sign-in/", {"username": "ada", "password": "no"})
    assert response.status_code == 200
    assert "correct username and password" in response.content.decode()


def test_signing_out_needs_a_post(as_member: Client):
    assert as_member.get("/account/sign-out/").status_code == 405
    assert as_member.post("/account/sign-out/").status_code == 302
    assert as_member.get("/account/").status_code == 302
