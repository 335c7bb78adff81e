"""The staff pages: who may see them, what they show, and taking back a selection."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from allthrive.accounts.models import User
from tests.stores.books import assert_books_agree
from tests.stores.review_community import award, days, event, last_weeks, noon, user
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

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
    assert f"{ECONOMY}suspicions/" in page
    assert "Points economy" in page


@pytest.mark.parametrize("path", ["", "suspicions/", "members/1/"])
def test_other_staff_are_refused(path: str) -> None:
    assert staff("view_pointrule").get(ECONOMY + path).status_code == 403


@pytest.mark.parametrize("path", ["", "suspicions/", "members/1/"])
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
    page = client.get(f"{ECONOMY}suspicions/?since={since}").content.decode()
    assert "Nothing stands out in these days." in page


def test_a_suspicion_leads_to_the_entries_it_is_about(bot: User) -> None:
    client = staff("view_pointseconomy")
    page = client.get(between(f"{ECONOMY}suspicions/")).content.decode()
    address = f"{ledger_of(bot)}?since={DAYS[3]}&until={DAYS[3]}&activity=quiz_completed"
    assert address.replace("&", "&amp;") in page
    assert "&lt;bot&gt;" in page
    assert "<code>quiz_completed code:" in page
    ledger = client.get(address).content.decode()
    assert ledger.count("20 for a completed quiz") == 6
    assert "10 for a finished tutorial" not in ledger


def test_who_may_only_look_gets_no_boxes(bot: User) -> None:
    client = staff("view_pointseconomy")
    assert 'type="checkbox"' not in client.get(ledger_of(bot)).content.decode()
    chosen = [entry.pk for entry in PointsHistory.objects.filter(user=bot)]
    response = client.post(
        ledger_of(bot), {"entry": chosen, "confirmed": "yes", "reason": "because"}
    )
    assert response.status_code == 403
    assert bot.total_points == 130


def test_a_selection_is_taken_back_for_one_reason_after_a_confirmation(bot: User) -> None:
    client = staff("view_pointseconomy", "correct_points")
    quizzes = list(PointsHistory.objects.filter(user=bot, activity_type="quiz_completed"))
    chosen = {"entry": [entry.pk for entry in quizzes]}
    asked = client.post(ledger_of(bot), chosen).content.decode()
    assert "6 entries with <strong>120</strong> points" in asked
    assert PointsHistory.objects.filter(user=bot, reverses__isnull=False).count() == 0

    nothing_said = client.post(ledger_of(bot), {**chosen, "confirmed": "yes", "reason": "  "})
    assert "This field is required." in nothing_said.content.decode()
    assert PointsHistory.objects.filter(user=bot, reverses__isnull=False).count() == 0

    answer = client.post(
        ledger_of(bot), {**chosen, "confirmed": "yes", "reason": "a script"}, follow=True
    )
    told = [str(message) for message in answer.context["messages"]]
    assert told == ["Took back 6 entries and 120 points. <bot> now has 10 points, level 1."]
    reversals = PointsHistory.objects.filter(user=bot, reverses__isnull=False)
    assert {reversal.description for reversal in reversals} == {"a script"}
    assert {str(reversal.actor) for reversal in reversals} == {"staff"}
    assert "Taken back later." in answer.content.decode()
    assert_books_agree()


def test_what_somebody_else_took_back_meanwhile_is_left_out(bot: User) -> None:
    client = staff("view_pointseconomy", "correct_points")
    chosen = list(PointsHistory.objects.filter(user=bot, activity_type="quiz_completed"))
    PointsService.reverse(bot, "quiz:0", "the colleague was faster")
    answer = client.post(
        ledger_of(bot),
        {"entry": [entry.pk for entry in chosen], "confirmed": "yes", "reason": "a script"},
        follow=True,
    )
    [told] = answer.context["messages"]
    assert str(told).startswith("Took back 5 entries and 100 points.")


def test_entries_of_another_member_are_never_touched(bot: User) -> None:
    other = user("other")
    PointsService.award_points(other, "quiz_completed", {"event_key": "mine"})
    client = staff("view_pointseconomy", "correct_points")
    mine = PointsHistory.objects.get(user=other)
    answer = client.post(
        ledger_of(bot), {"entry": [mine.pk], "confirmed": "yes", "reason": "x"}, follow=True
    )
    assert [str(m) for m in answer.context["messages"]] == [
        "Choose at least one entry that gave points."
    ]
    assert PointsHistory.objects.filter(user=other).count() == 1


@pytest.mark.parametrize("given", [[], ["nonsense"], ["-1"], ["99999999"]])
def test_a_selection_of_nothing_says_so(given: list[str], bot: User) -> None:
    client = staff("view_pointseconomy", "correct_points")
    answer = client.post(ledger_of(bot), {"entry": given}, follow=True)
    assert "Choose at least one entry" in answer.content.decode()


def test_an_overlong_reason_is_refused(bot: User) -> None:
    client = staff("view_pointseconomy", "correct_points")
    entry = PointsHistory.objects.filter(user=bot).first()
    assert entry is not None
    page = client.post(
        ledger_of(bot), {"entry": [entry.pk], "confirmed": "yes", "reason": "x" * 301}
    ).content.decode()
    assert "at most 300 characters" in page
    assert bot.total_points == 130


def test_a_long_ledger_comes_in_pages() -> None:
    member = user("busy")
    award([event(member, "quiz_completed", noon(DAYS[0], seconds=n)) for n in range(130)])
    client = staff("view_pointseconomy", "correct_points")
    first = client.get(ledger_of(member), {"activity": "quiz_completed"})
    assert len(first.context["entries"]) == 100
    second = client.get(ledger_of(member) + first.context["older"])
    assert len(second.context["entries"]) == 30
    assert second.context["older"] == ""
    seen = [entry.pk for page in (first, second) for entry in page.context["entries"]]
    assert seen == sorted(seen, reverse=True)


def test_everything_on_a_page_can_be_chosen_at_once(bot: User) -> None:
    client = staff("view_pointseconomy", "correct_points")
    page = client.get(ledger_of(bot) + "?selected=all").content.decode()
    assert page.count(" checked>") == 7


@pytest.mark.parametrize("pk", ["999999", "nonsense", "1/2"])
def test_a_member_that_is_none_is_not_found(pk: str) -> None:
    assert staff("view_pointseconomy").get(f"{ECONOMY}members/{pk}/").status_code == 404


def test_the_economy_costs_the_same_queries_for_any_community(
    bot: User, django_assert_max_num_queries: Any
) -> None:
    client = staff("view_pointseconomy")
    for n in range(30):
        award([event(user(f"m{n}"), "quiz_completed", noon(DAYS[n % 28]))])
    with django_assert_max_num_queries(25):
        client.get(between(ECONOMY))


def test_a_ledger_is_found_by_username(bot: User) -> None:
    client = staff("view_pointseconomy")
    answer = client.get(f"{ECONOMY}members/", {"username": " <bot> "})
    assert answer["Location"] == ledger_of(bot)
    answer = client.get(f"{ECONOMY}members/", {"username": "nobody"}, follow=True)
    assert "No member is called" in answer.content.decode()
