"""What `<points-by-category>` shows while it waits, when it fails and for unusual numbers.

The answers are made up here, because the live API gives these only by accident.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.element import ENDPOINT, hold, open_element, read, report_of, serve, violations
from tests.support.browser import NewPage

Screenshot = Callable[[Page, str], Path]
_DAYS = [{"learning": 20, "creation": 40}, {}, {"community": 10}, {"learning": 60, "challenge": 75}]


def test_the_servers_table_stays_until_the_chart_is_there(page: Page) -> None:
    held = hold(page)
    element = open_element(page)
    expect(element.get_by_role("status")).to_have_text("Loading your points")
    table = element.get_by_role("table", name="From the server", exact=True)
    expect(table).to_be_visible()
    held[0].fulfill(json=report_of(*_DAYS))
    expect(table).to_be_hidden()
    expect(element.get_by_role("status")).to_have_text("30 days: 205 points")


def test_without_a_table_the_chart_is_outlined_while_it_loads(
    page: Page, screenshot: Screenshot
) -> None:
    hold(page)
    element = open_element(page, fallback="")
    expect(element.locator(".skeleton")).to_be_visible()
    expect(element.locator(".card")).to_have_attribute("aria-busy", "true")
    assert violations(page) == []
    screenshot(page, "element-loading")


def test_without_javascript_the_servers_table_is_there(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    element = open_element(page)
    expect(element.get_by_role("table", name="From the server", exact=True)).to_be_visible()
    expect(
        element.get_by_role("heading", name="How You're Earning Points", exact=True)
    ).to_be_visible()


def test_a_refusal_is_told_in_the_servers_words_and_can_be_retried(
    page: Page, screenshot: Screenshot
) -> None:
    serve(page, {"title": "Too many requests", "detail": "Wait a minute."}, status=429)
    element = open_element(page)
    alert = element.get_by_role("alert")
    expect(alert).to_contain_text("Too many requests")
    expect(alert).to_contain_text("Wait a minute.")
    expect(element.get_by_role("table", name="From the server", exact=True)).to_be_visible()
    assert violations(page) == []
    screenshot(page, "element-error")
    serve(page, report_of(*_DAYS))
    element.get_by_role("button", name="Try again", exact=True).click()
    expect(alert).to_have_count(0)
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()


def test_a_lost_connection_is_told(page: Page) -> None:
    page.route(f"**{ENDPOINT}*", lambda route: route.abort())
    element = open_element(page)
    expect(element.get_by_role("alert")).to_contain_text("Check your connection")


def test_a_question_nobody_waits_for_any_more_is_dropped(page: Page) -> None:
    held = hold(page)
    dropped: list[str] = []
    page.on("requestfailed", lambda request: dropped.append(request.url))
    element = open_element(page)
    expect(element.get_by_role("status")).to_have_text("Loading your points")
    serve(page, report_of({"learning": 7}, window="last_7_days"))
    element.get_by_role("radio", name="7 days", exact=True).check()
    expect(element.get_by_role("status")).to_have_text("7 days: 7 points")
    assert dropped == [held[0].request.url]
    expect(element.get_by_role("alert")).to_have_count(0)


def test_a_thousand_point_day_leaves_the_small_days_visible(
    new_page: NewPage, screenshot: Screenshot
) -> None:
    page = new_page(reduced_motion="reduce")
    spike = {
        "creation": 420,
        "learning": 310,
        "community": 90,
        "participation": 30,
        "challenge": 150,
    }
    serve(page, report_of({"learning": 5}, {}, spike, {"community": 1}))
    element = open_element(page)
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()
    heights = element.locator("[data-row]").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('.fill')]"
        ".reduce((sum, one) => sum + one.getBoundingClientRect().height, 0))"
    )
    assert heights[2] > 300
    assert 2.5 <= heights[0] <= 5
    assert 2.5 <= heights[3] <= 5
    assert heights[1] == 0
    expect(element.locator("[data-row='1'] .none")).to_have_count(1)
    screenshot(page, "element-spike")


def test_reversals_hang_below_nothing_and_keep_their_sign(
    page: Page, screenshot: Screenshot
) -> None:
    serve(page, report_of({"learning": 20}, {"learning": -60, "creation": -5}, {"community": 10}))
    element = open_element(page)
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()
    shown = read(element)
    assert shown.legend["Learning"] == -40
    assert shown.slices == {"Community": 10}
    assert shown.columns == [20, -65, 10]
    assert shown.table[1] == [-5, -60, 0, 0, 0, 0, -65]
    zero = element.locator(".zero").bounding_box()
    below = element.locator("[data-row='1'] .fill").first.bounding_box()
    assert zero
    assert below
    assert below["y"] >= zero["y"] - 1.5
    assert "NaN" not in element.evaluate("one => one.shadowRoot.innerHTML")
    screenshot(page, "element-reversals")


def test_a_new_category_appears_by_itself(page: Page) -> None:
    keys = ["learning", "wellbeing"]
    serve(
        page,
        {
            "window": "last_30_days",
            "bucket": "day",
            "totals": {"learning": 20, "wellbeing": 30},
            "series": [{"date": "2025-03-01", "learning": 20, "wellbeing": 30}],
            "categories": [{"key": key, "label": key.capitalize()} for key in keys],
        },
    )
    element = open_element(page)
    expect(
        element.get_by_role("listitem", name="Wellbeing: 30 points, 60%", exact=True)
    ).to_have_count(1)


def test_the_nudge_leads_to_what_can_be_done(page: Page) -> None:
    suggestions = [
        {"activity_type": "feedback_given", "label": "Give feedback", "points": 10, "url": "/f/"},
        {"activity_type": "circle_reaction", "label": "Cheer", "points": 1},
    ]
    nudge = {"category": "community", "message": "Help someone.", "suggestions": suggestions}
    serve(page, report_of(*_DAYS, nudge=nudge))
    element = open_element(page)
    expect(element.get_by_text("Help someone.", exact=True)).to_be_visible()
    link = element.get_by_role("link", name="Give feedback +10 points", exact=True)
    expect(link).to_have_attribute("href", "/f/")
    expect(element.get_by_text("+1 point", exact=True)).to_be_visible()
    cheer = element.get_by_role("link", name="Cheer +1 point", exact=True)
    expect(cheer).to_have_count(0)
    links = {"circle_reaction": "/circle/", "feedback_given": "/elsewhere/"}
    element.evaluate("(one, links) => one.setAttribute('links', links)", json.dumps(links))
    expect(cheer).to_have_attribute("href", "/circle/")
    expect(link).to_have_attribute("href", "/f/")


def test_it_works_under_the_policy_it_promises(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(error.message))
    serve(page, report_of(*_DAYS))
    element = open_element(page)
    element.locator("[data-row]").first.focus()
    place = element.locator(".readout").evaluate("one => getComputedStyle(one).transform")
    assert place.startswith("matrix")
    assert complaints == []


@pytest.mark.parametrize(
    ("html", "scheme", "dark"),
    [
        ("", "light", False),
        ("", "dark", True),
        ('data-theme="dark"', "light", True),
        ('data-theme="light"', "dark", False),
    ],
)
def test_it_follows_the_page_between_light_and_dark(
    new_page: NewPage, html: str, scheme: str, dark: bool
) -> None:
    page = new_page(color_scheme=scheme)
    serve(page, report_of(*_DAYS))
    card = open_element(page, html=html).locator(".card")
    expect(card).to_have_css(
        "background-color", "rgb(23, 26, 33)" if dark else "rgb(255, 255, 255)"
    )


def test_it_follows_the_page_when_its_theme_is_switched(page: Page) -> None:
    serve(page, report_of(*_DAYS))
    card = open_element(page, html='data-theme="light"').locator(".card")
    expect(card).to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(card).to_have_css("background-color", "rgb(23, 26, 33)")


def test_it_reads_from_right_to_left(page: Page, screenshot: Screenshot) -> None:
    serve(page, report_of(*_DAYS))
    element = open_element(page, 'locale="ar-EG"', html='dir="rtl"')
    columns = element.locator("[data-row]")
    boxes = [column.bounding_box() for column in columns.all()]
    assert [box["x"] for box in boxes if box] == sorted(
        (box["x"] for box in boxes if box), reverse=True
    )
    columns.last.focus()
    page.keyboard.press("ArrowRight")
    expect(columns.nth(2)).to_be_focused()
    expect(element.locator(".middle")).to_contain_text("٢٠٥")
    screenshot(page, "element-right-to-left")


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_it_stands_still_for_those_who_ask(new_page: NewPage, motion: str, moves: bool) -> None:
    page = new_page(reduced_motion=motion)
    page.add_init_script(
        "const request = requestAnimationFrame;"
        "window.requestAnimationFrame = (step) => { window.drawn = (window.drawn ?? 0) + 1;"
        " return request(step); }"
    )
    serve(page, report_of(*_DAYS))
    element = open_element(page)
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()
    assert bool(page.evaluate("window.drawn ?? 0")) is moves


def test_hatchings_can_be_asked_for(page: Page, screenshot: Screenshot) -> None:
    serve(page, report_of(*_DAYS))
    element = open_element(page, "patterns")
    pattern = element.locator(".slice > .pattern").first
    expect(pattern).to_be_visible()
    assert re.match(r"url\(#hatch-\w+\)", pattern.get_attribute("fill") or "")
    screenshot(page, "element-patterns")


@pytest.mark.parametrize(
    ("attributes", "donut", "timeline"),
    [('chart="donut"', 1, 0), ('chart="bars"', 0, 1), ('chart="area"', 0, 1), ("", 1, 1)],
)
def test_the_page_chooses_the_charts(
    page: Page, attributes: str, donut: int, timeline: int
) -> None:
    serve(page, report_of(*_DAYS))
    element = open_element(page, attributes)
    expect(element.get_by_role("list", name="Categories", exact=True)).to_be_visible()
    expect(element.locator(".donut")).to_have_count(donut)
    expect(element.locator(".timeline")).to_have_count(timeline)
