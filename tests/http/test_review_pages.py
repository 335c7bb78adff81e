"""The review pages: who may see them, and what they show."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from allthrive.accounts.models import User
from tests.stores.review_community import award, days, event, last_weeks, noon, user

pytestmark = pytest.mark.django_db

SPAN = last_weeks()
DAYS = days(SPAN)
ECONOMY = "/admin/thrive_points/pointseconomy/"


def staff(*permissions: str) -> Client:
    """Return the client of somebody on the staff with these permissions."""
    person = User.objects.create(username="staff", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def bot() -> User:
    """Return a member with a burst of six quizzes and one quiet tutorial."""
    member = user("<bot>")
    award(
        [
            event(member, "quiz_completed", noon(DAYS[3], seconds=n), event_key=f"quiz:{n}")
            for n in range(6)
        ]
        + [event(member, "tutorial_completed", noon(DAYS[9]), event_key="tutorial")]
    )
    return member


def ledger_of(member: User) -> str:
    return reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])


def between(address: str) -> str:
    return f"{address}?since={SPAN.since}&until={SPAN.until}"


def test_the_admin_leads_to_it(bot: User) -> None:
    client = staff("view_pointseconomy")
    assert f'href="{ECONOMY}"' in client.get("/admin/").content.decode()
    page = client.get(between(ECONOMY)).content.decode()
    assert f"{ECONOMY}findings/" in page
    assert f"{ECONOMY}members/" in page
    assert "Points economy" in page


@pytest.mark.parametrize("path", ["", "findings/"])
@pytest.mark.parametrize("permission", ["view_pointrule", "view_pointshistory"])
def test_other_staff_are_refused(path: str, permission: str) -> None:
    assert staff(permission).get(ECONOMY + path).status_code == 403


@pytest.mark.parametrize("path", ["", "findings/"])
def test_members_are_sent_to_sign_in(path: str, bot: User) -> None:
    client = Client()
    client.force_login(bot)
    response = client.get(ECONOMY + path)
    assert response.status_code == 302
    assert "/login/" in response["Location"]


def test_the_figures_are_on_the_page(bot: User) -> None:
    page = staff("view_pointseconomy").get(between(ECONOMY)).content.decode()
    assert "<strong>130</strong>" in page
    assert page.count('class="bar"') > 28
    assert '<text x="' in page
    assert "a completed quiz" in page
    assert "Paid nobody in this span" in page


@pytest.mark.parametrize(
    "asked", ["since=2026-05-02&until=2026-05-01", "since=nonsense", "until=9999-99-99"]
)
def test_days_that_make_no_sense_are_told_and_the_usual_ones_shown(asked: str) -> None:
    response = staff("view_pointseconomy").get(f"{ECONOMY}?{asked}")
    assert response.status_code == 200
    page = response.content.decode()
    assert "swap them" in page or "Enter a valid date" in page


@pytest.mark.parametrize("days_back", [1, 28, 200])
def test_an_empty_economy_has_a_page(days_back: int) -> None:
    since = SPAN.until - dt.timedelta(days=days_back)
    client = staff("view_pointseconomy")
    page = client.get(f"{ECONOMY}?since={since}&until={SPAN.until}").content.decode()
    assert "No points were issued in these days." in page
    assert "Nobody holds points of these days." in page
    page = client.get(f"{ECONOMY}findings/?since={since}").content.decode()
    assert "Nothing stands out in these days." in page


def test_a_suspicion_leads_to_the_entries_it_is_about(bot: User) -> None:
    client = staff("view_pointseconomy")
    page = client.get(between(f"{ECONOMY}findings/")).content.decode()
    address = f"{ledger_of(bot)}?since={DAYS[3]}&until={DAYS[3]}&activity=quiz_completed"
    assert address.replace("&", "&amp;") in page
    assert "&lt;bot&gt;" in page
    assert "<code>quiz_completed code:" in page
    ledger = client.get(address).content.decode()
    assert ledger.count("20 for a completed quiz") == 6
    assert "10 for a finished tutorial" not in ledger
