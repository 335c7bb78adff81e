"""Staff review the economy in a real browser: by keyboard, in both themes, on a phone, on paper."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from allthrive.accounts.models import User
from tests.browser.element import overflow, violations
from tests.browser.instant import INSTANT
from tests.stores.review_community import award, days, event, last_weeks, noon, user
from tests.support.browser import NewPage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("review_libraries"),
]

SPAN = last_weeks(now=INSTANT)
DAYS = days(SPAN)
ECONOMY = "/admin/thrive_points/pointseconomy/"
Screenshot = Callable[[Page, str], Path]
SIZES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}},
}


@pytest.fixture
def bot(transactional_db: None) -> User:
    """Return a member with a burst, among a few who do a little of everything."""
    award(
        [
            event(member, name, noon(DAYS[n], minutes=7 * index))
            for index, member in enumerate([user(f"member{n}") for n in range(6)])
            for n in range(0, 28, index + 1)
            for name in ("daily_login", "quiz_completed", "feedback_given")
        ]
    )
    member = user("bot")
    award([event(member, "quiz_completed", noon(DAYS[3], seconds=n)) for n in range(6)])
    return member


def open_admin(page: Page) -> None:
    """Give the page's browser the session of an administrator."""
    boss = User.objects.create_superuser("boss", password="blue-heron-42")
    client = Client()
    client.force_login(boss)
    page.goto("/")
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": page.url}])


def focus(page: Page, control: Any) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if control.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"Tab never reaches {control}")


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_accessible(
    size: str, new_page: NewPage, screenshot: Screenshot, bot: User
) -> None:
    page = new_page(**SIZES[size])
    open_admin(page)
    between = f"?since={SPAN.since}&until={SPAN.until}"
    pages = {
        "economy": ECONOMY + between,
        "findings": f"{ECONOMY}findings/{between}",
        "search": f"{ECONOMY}members/?event_key=quiz",
        "ledger": f"{ECONOMY}members/{bot.pk}/",
        "ledger-with-streaks": f"{ECONOMY}members/{User.objects.get(username='member0').pk}/",
        "wrong-days": f"{ECONOMY}?since=2026-05-02&until=2026-05-01",
    }
    for name, address in pages.items():
        page.goto(address)
        screenshot(page, f"review-{name}-{size}")
        assert violations(page) == [], name
        assert overflow(page) == 0, name


def test_a_case_is_settled_by_keyboard_alone(page: Page, screenshot: Screenshot, bot: User) -> None:
    open_admin(page)
    page.goto("/admin/")
    page.get_by_role("link", name="Points economy", exact=True).first.press("Enter")
    page.goto(f"{ECONOMY}?since={SPAN.since}&until={SPAN.until}")
    page.get_by_role("link", name="What the detectors found in these days", exact=True).press(
        "Enter"
    )
    expect(page.get_by_role("heading", name="Burst: 120 points", exact=True)).to_be_visible()
    focus(page, page.get_by_role("link", name=f"bot (member {bot.pk})", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ledger of bot", exact=True)).to_be_visible()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(6)
    for n in range(2):
        focus(page, boxes.nth(n))
        page.keyboard.press("Space")
    focus(page, page.get_by_role("button", name="Take back the chosen entries", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".intro")).to_contain_text("2 entries with 40 points will be taken back")
    assert violations(page) == []
    screenshot(page, "review-confirm")
    focus(page, page.get_by_label("Reason:", exact=True))
    page.keyboard.type("Answered by a script")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"^Took back 2 entries and 40 points\."))).to_be_visible()
    told = "20 taken back for a completed quiz: Answered by a script"
    expect(page.get_by_text(re.compile(f"^{told}"))).to_have_count(2)
    assert violations(page) == []


def test_the_economy_prints_without_what_only_a_screen_needs(page: Page, bot: User) -> None:
    open_admin(page)
    page.goto(f"{ECONOMY}?since={SPAN.since}&until={SPAN.until}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Points issued per day", exact=True)).to_be_visible()
    for form in page.locator(".span-form").all():
        expect(form).to_be_hidden()
    expect(page.locator("#header")).to_be_hidden()
    expect(page.locator("svg.bars text.value").first).to_be_visible()


def test_the_chart_says_in_text_what_it_draws(page: Page, bot: User) -> None:
    open_admin(page)
    page.goto(f"{ECONOMY}?since={SPAN.since}&until={SPAN.until}")
    chart = page.get_by_role("img", name="Points issued per day", exact=True)
    values = chart.locator("text.value").all_text_contents()
    page.get_by_text("The days as a table", exact=True).click()
    table = page.get_by_role("region", name="Points by day", exact=True)
    cells = table.locator("tbody tr td:nth-child(2)").all_text_contents()
    assert [value.replace(",", "") for value in cells] == values
