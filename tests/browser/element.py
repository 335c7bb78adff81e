"""A page that holds nothing but the element, and the numbers it shows, read back from it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, Route

ENDPOINT = "/api/v1/me/points/by-category/"
ADDRESS = "/element-under-test/"
CATEGORIES = ("creation", "learning", "community", "participation", "consistency", "challenge")
# The strictest policy the how-to promises to work under.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
)
_DOCUMENT = """<!doctype html>
<html lang="en" {html}>
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <meta name="color-scheme" content="light dark">
  <title>Element under test</title>
  <script type="module" src="/static/thrive_points/points-by-category.js"></script>
</head>
<body><main>
  <h1>My activity</h1>
  <points-by-category endpoint="{endpoint}" {attributes}>
    <h2 slot="heading">How You're Earning Points</h2>
    {fallback}
  </points-by-category>
</main></body>
</html>"""
FALLBACK = "<table><caption>From the server</caption><tr><td>Learning</td><td>20</td></tr></table>"


def open_element(
    page: Page, attributes: str = "", *, html: str = "", fallback: str = FALLBACK
) -> Locator:
    """Open a page on the live server that holds the element alone, and return the element."""
    document = _DOCUMENT.format(
        html=html, endpoint=ENDPOINT, attributes=attributes, fallback=fallback
    )

    def answer(route: Route) -> None:
        route.fulfill(
            body=document,
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": POLICY},
        )

    page.route(f"**{ADDRESS}", answer)
    page.goto(ADDRESS)
    return page.locator("points-by-category")


def serve(page: Page, report: dict[str, Any], status: int = 200) -> None:
    """Answer the element's question with a made-up report."""
    kind = "application/json" if status == 200 else "application/problem+json"

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type=kind, body=json.dumps(report))

    page.unroute(f"**{ENDPOINT}*")
    page.route(f"**{ENDPOINT}*", answer)


def hold(page: Page) -> list[Route]:
    """Leave the element's question unanswered; return where its routes are kept."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(f"**{ENDPOINT}*", keep)
    return held


def report_of(*rows: dict[str, int], **extra: Any) -> dict[str, Any]:
    """Return the answer of the endpoint for consecutive days with these points."""
    series = [
        {"date": f"2025-03-{day:02}", **dict.fromkeys(CATEGORIES, 0), **row}
        for day, row in enumerate(rows, start=1)
    ]
    return {
        "window": "last_30_days",
        "bucket": "day",
        "totals": {key: sum(row[key] for row in series) for key in CATEGORIES},
        "series": series,
        "categories": [{"key": key, "label": key.capitalize()} for key in CATEGORIES],
        "adjustments": 0,
        "nudge": None,
        **extra,
    }


@dataclass(frozen=True)
class Shown:
    """What the element says, in its accessibility tree, as numbers."""

    slices: dict[str, int]
    legend: dict[str, int]
    table: list[list[int]]
    table_totals: list[int]
    columns: list[int]


def read(element: Locator) -> Shown:
    """Read the numbers back from the names and texts that assistive technology gets."""
    element.get_by_text("Show as table", exact=True).click()
    table = element.get_by_role("table")
    cells = [
        [number(text) for text in row.get_by_role("cell").all_inner_texts()]
        for row in table.get_by_role("row").all()[1:]
    ]
    element.get_by_text("Show as table", exact=True).click()
    tree = element.aria_snapshot()
    return Shown(
        slices={
            name: number(value)
            for name, value in re.findall(r'listitem "([^:"]+): (\S+) points?, \S+%"', tree)
        },
        legend={
            name: number(value)
            for name, value in re.findall(r'button "(.+) (\S+) \S+" \[pressed\]', tree)
        },
        table=cells[:-1],
        table_totals=cells[-1],
        columns=[
            number(value or "0")
            for value in re.findall(r'listitem "[^:"]+: (?:no points|(\S+) points?)\.', tree)
        ],
    )


def number(text: str) -> int:
    """Return the number that an English text writes."""
    return int(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong with the page, each with the first place it is found at."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {rule['help']} at {rule['nodes'][0]['target']}" for rule in found]


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window, once it has settled.

    The chart draws itself anew after its size has changed, a frame or two after the window's.
    """
    for _ in range(20):
        width: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if width <= 0:
            break
        page.wait_for_timeout(100)
    return width
