"""`<points-by-category>` in a real Chromium, against the live API and its seeded ledger."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone, translation
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.element import (
    CATEGORIES,
    ENDPOINT,
    open_element,
    overflow,
    read,
    serve,
    violations,
)
from tests.support.browser import NewPage
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db(transaction=True)

Screenshot = Callable[[Page, str], Path]
# Days ago and what was done then: some days full, some empty, every category, an older month.
_DIARY = (
    (0, ("daily_login", "quiz_completed", "feedback_given", "feedback_given")),
    (1, ("daily_login", "project_created", "project_published", "battle_participated")),
    (4, ("daily_login", "quiz_completed", "quiz_completed", "battle_won")),
    (9, ("event_attended", "weekly_challenge_completed", "tutorial_completed")),
    (21, ("scavenger_hunt_completed", "project_shared", "circle_reaction")),
    (33, ("mentor_session_held", "week_streak")),
    (70, ("quest_chain_completed", "battle_participated")),
    (200, ("referral_converted",)),
)


@pytest.fixture
def member() -> Any:
    """Return a member whose ledger holds the diary."""
    user = get_user_model().objects.create_user("ada")
    now = timezone.now()
    for days, done in _DIARY:
        for place, activity_type in enumerate(done):
            PointsService.award_points(
                user=user,
                activity_type=activity_type,
                metadata={"event_key": f"{activity_type}:{days}:{place}"},
                occurred_at=now - timedelta(days=days),
            )
    return user


def sign_in(context: BrowserContext, user: Any, address: str) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])


@pytest.fixture
def as_member(new_page: NewPage, member: Any, live_server: Any) -> Callable[..., Page]:
    """Return a function that opens a page as the member."""

    def open_page(**options: Any) -> Page:
        page = new_page(**options)
        sign_in(page.context, member, live_server.url)
        return page

    return open_page


def answer_of(page: Page, window: str, bucket: str) -> dict[str, Any]:
    response = page.request.get(ENDPOINT, params={"window": window, "bucket": bucket})
    assert response.ok, response.text()
    report: dict[str, Any] = response.json()
    return report


def loaded(element: Locator) -> None:
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("window", "label", "bucket"),
    [
        ("last_7_days", "7 days", "day"),
        ("last_30_days", "30 days", "day"),
        ("last_90_days", "90 days", "week"),
        ("all_time", "All time", "month"),
    ],
)
def test_its_values_are_the_apis(
    as_member: Callable[..., Page], window: str, label: str, bucket: str
) -> None:
    page = as_member()
    report = answer_of(page, window, bucket)
    element = open_element(page)
    element.get_by_role("radio", name=label, exact=True).check()
    expect(element.get_by_role("status")).to_contain_text(f"{label}: ")
    shown = read(element)
    totals = [report["totals"][key] for key in CATEGORIES]
    labels = {entry["key"]: entry["label"] for entry in report["categories"]}
    assert sum(totals) > 0
    assert shown.legend == {labels[key]: report["totals"][key] for key in CATEGORIES}
    assert shown.slices == {name: points for name, points in shown.legend.items() if points}
    assert shown.table_totals == [*totals, sum(totals)]
    assert shown.columns == [sum(row[key] for key in CATEGORIES) for row in report["series"]]
    assert shown.table == [
        [*(row[key] for key in CATEGORIES), sum(row[key] for key in CATEGORIES)]
        for row in report["series"]
    ]


def test_it_can_be_used_by_keyboard_alone(as_member: Callable[..., Page]) -> None:
    page = as_member()
    report = answer_of(page, "last_7_days", "day")
    element = open_element(page)
    loaded(element)
    press = page.keyboard.press

    press("Tab")
    expect(element.get_by_role("radio", name="30 days", exact=True)).to_be_focused()
    press("ArrowLeft")
    expect(element.get_by_role("radio", name="7 days", exact=True)).to_be_checked()
    expect(element.get_by_role("status")).to_contain_text("7 days: ")

    present = [entry for entry in report["categories"] if report["totals"][entry["key"]]]
    press("Tab")
    donut = element.get_by_role("list", name=re.compile("^Points by category: .* points in all$"))
    ring = donut.get_by_role("listitem")
    expect(ring.first).to_be_focused()
    press("ArrowRight")
    expect(ring.nth(1)).to_be_focused()
    expect(element.locator(".middle")).to_contain_text(present[1]["label"])
    expect(element.locator(".middle")).to_contain_text(str(report["totals"][present[1]["key"]]))
    press("End")
    press("ArrowRight")
    expect(ring.first).to_be_focused()

    press("Tab")
    first = element.get_by_role("list", name="Categories", exact=True).get_by_role("button").first
    expect(first).to_be_focused()
    press("Space")
    expect(first).to_have_attribute("aria-pressed", "false")
    press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true")
    for _ in CATEGORIES:
        press("Tab")

    columns = element.get_by_role("list", name="Points per day", exact=True).get_by_role("listitem")
    expect(columns.last).to_be_focused()
    press("ArrowLeft")
    expect(columns.nth(-2)).to_be_focused()
    readout = element.locator(".readout")
    total = sum(report["series"][-2][key] for key in CATEGORIES)
    expect(readout).to_contain_text(f"{total} points")
    press("Escape")
    expect(readout).to_have_count(0)
    press("Home")
    expect(columns.first).to_be_focused()

    while not element.get_by_text("Show as table", exact=True).evaluate(
        "one => one.matches(':focus')"
    ):
        press("Tab")
    press("Enter")
    expect(element.get_by_role("table")).to_be_visible()


def test_a_category_can_be_taken_out_and_put_back(as_member: Callable[..., Page]) -> None:
    page = as_member()
    report = answer_of(page, "last_30_days", "day")
    element = open_element(page)
    loaded(element)
    everything = sum(report["totals"].values())
    rest = everything - report["totals"]["learning"]
    middle = element.locator(".middle")
    button = element.get_by_role("button", name=re.compile(r"^Learning \d+ \S+$"))
    learning = element.get_by_role("listitem", name=re.compile(r"^Learning: \d+ points, \d+%$"))
    button.click()
    page.mouse.move(0, 0)
    button.blur()
    expect(middle).to_contain_text(f"{rest:,}")
    expect(middle).to_contain_text(f"of {everything:,} points")
    expect(learning).to_have_count(0)
    button.click()
    expect(learning).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1200])
def test_axe_finds_nothing_and_it_fits(
    as_member: Callable[..., Page], screenshot: Screenshot, scheme: str, width: int
) -> None:
    page = as_member(
        color_scheme=scheme, viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    for chart in ("both", "area"):
        element = open_element(page, f'chart="{chart}"')
        loaded(element)
        assert overflow(page) <= 0
        screenshot(page, f"element-{chart}-{scheme}-{width}")
        element.get_by_text("Show as table", exact=True).click()
        assert violations(page) == []
        assert overflow(page) <= 0


def test_touch_reads_out_and_lets_go(as_member: Callable[..., Page]) -> None:
    page = as_member(has_touch=True, viewport={"width": 390, "height": 800})
    report = answer_of(page, "last_30_days", "day")
    element = open_element(page)
    loaded(element)
    last = element.locator("[data-row]").last
    last.scroll_into_view_if_needed()
    box = last.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + 20)
    readout = element.locator(".readout")
    total = sum(report["series"][-1][key] for key in CATEGORIES)
    expect(readout).to_contain_text(f"{total} points")
    edges = readout.bounding_box()
    assert edges
    assert edges["x"] >= 0
    assert edges["x"] + edges["width"] <= 390
    page.touchscreen.tap(5, 5)
    expect(readout).to_have_count(0)


def test_hovering_reads_out_a_slice(as_member: Callable[..., Page]) -> None:
    page = as_member(reduced_motion="reduce")
    report = answer_of(page, "last_30_days", "day")
    element = open_element(page)
    loaded(element)
    middle = element.locator(".middle")
    creation = element.get_by_role("listitem", name=re.compile(r"^Creation: \d+ points, \d+%$"))
    creation.locator(".icon path").hover(force=True)
    expect(middle).to_contain_text(f"Creation{report['totals']['creation']}")
    page.mouse.move(0, 0)
    expect(middle).to_contain_text(f"{sum(report['totals'].values()):,}")


def test_corrections_by_staff_are_told_apart(as_member: Callable[..., Page], member: Any) -> None:
    staff = get_user_model().objects.create_user("sam", is_staff=True)
    PointsService.adjust(user=member, points=-20, reason="Counted twice", actor=staff)
    element = open_element(as_member())
    told = (
        "Corrections by our staff: -20 points. "
        "They belong to no category and are not in the charts."
    )
    expect(element.get_by_text(told, exact=True)).to_be_visible()


def test_someone_signed_out_is_told_to_sign_in(new_page: NewPage) -> None:
    page = new_page()
    element = open_element(page, 'sign-in-url="/accounts/login/"')
    expect(element.get_by_role("alert")).to_contain_text("You are signed out")
    expect(element.get_by_role("link", name="Sign in", exact=True)).to_have_attribute(
        "href", "/accounts/login/"
    )
    expect(element.get_by_role("table", name="From the server", exact=True)).to_be_visible()
    assert violations(page) == []


def test_a_new_member_is_told_what_to_do(
    new_page: NewPage, live_server: Any, screenshot: Screenshot
) -> None:
    page = new_page()
    sign_in(page.context, get_user_model().objects.create_user("neo"), live_server.url)
    element = open_element(page)
    expect(element.get_by_text("Nothing here yet", exact=True)).to_be_visible()
    expect(element.get_by_role("table")).to_have_count(0)
    assert violations(page) == []
    screenshot(page, "element-empty")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_stands_on_the_activity_page(
    as_member: Callable[..., Page], screenshot: Screenshot, scheme: str, width: int
) -> None:
    page = as_member(
        color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
    )
    page.goto("/activity/?days=90")
    element = page.locator("points-by-category")
    expect(
        element.get_by_role("heading", name="How You're Earning Points", exact=True)
    ).to_be_visible()
    expect(element.get_by_role("radio", name="90 days", exact=True)).to_be_checked()
    loaded(element)
    expect(page.locator(".by-category")).to_be_hidden()
    shown = read(element)
    report = answer_of(page, "last_90_days", "week")
    assert list(shown.legend.values()) == [report["totals"][key] for key in CATEGORIES]
    suggestions = element.get_by_role("link").all()
    assert bool(suggestions) is (report["nudge"] is not None)
    for link in suggestions:
        assert page.request.get(link.get_attribute("href") or "").ok
    assert violations(page) == []
    assert overflow(page) <= 0
    page.evaluate("scrollTo(0, 0)")
    screenshot(page, f"activity-{scheme}-{width}")


def test_the_activity_page_has_its_table_without_javascript(
    as_member: Callable[..., Page],
) -> None:
    page = as_member(java_script_enabled=False)
    page.goto("/activity/")
    table = page.get_by_role("table", name=re.compile(r"^\d+ points in the last 30 days$"))
    totals = answer_of(page, "last_30_days", "none")["totals"]
    expect(table).to_be_visible()
    for row, key in zip(table.get_by_role("row").all()[1:], CATEGORIES, strict=False):
        expect(row).to_contain_text(str(totals[key]))


def test_a_german_page_has_a_german_chart(
    as_member: Callable[..., Page], member: Any, settings: Any, screenshot: Screenshot
) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "django.middleware.locale.LocaleMiddleware"]
    client = Client(headers={"accept-language": "de"})
    client.force_login(member)
    page = as_member()
    # The live server began with other middleware; this is what a site with that one answers.
    serve(page, client.get(ENDPOINT).json())
    translation.deactivate()  # This thread answered, and spoke German since.
    element = open_element(page, 'lang="de"')
    expect(element.get_by_role("radio", name="30 Tage", exact=True)).to_be_checked()
    expect(element.get_by_text("Als Tabelle zeigen", exact=True)).to_be_visible()
    expect(element.get_by_role("button", name=re.compile("^Gemeinschaft"))).to_be_visible()
    expect(element.get_by_text(re.compile("^Punkte pro Tag"))).to_be_visible()
    assert not re.search(r"\b(points|category|day)\b", element.inner_text())
    screenshot(page, "element-german")
