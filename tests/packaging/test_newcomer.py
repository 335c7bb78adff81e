"""A newcomer's whole way, from an empty folder and the wheel to a chart on a page.

The first way is the README's five steps and the chart's how-to, followed as they are written. The
second goes through a site that differs from a new one in everything: people with an e-mail address
and a UUID, members and points in a second database, and django-unfold's admin.
"""

import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import ARTIFACTS
from tests.support.documents import Reader, examples
from tests.support.paths import ROOT
from tests.support.sites import plain_environment, run, serving

PATIENCE_SECONDS = 120
OWN = Path(__file__).parent / "newcomer"


def spent_seconds() -> float:
    """Return the processor time of all commands so far; a busy machine's clock measures others."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_in(folder: Path, *packages: str | Path) -> Path:
    """Make an environment as a newcomer would, and return its Python."""
    run([sys.executable, "-m", "venv", folder / "env"], cwd=folder)
    python = folder / "env" / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", *packages], cwd=folder)
    return python


def test_first_award_and_chart_within_two_minutes(
    wheel: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    # Chromium is the visitor's, not part of the way.
    browser: Browser = request.getfixturevalue("browser")
    began = spent_seconds()
    python = environment_in(tmp_path, f"{wheel}[api]")
    for number, document in enumerate(("README.md", "docs/how-to/embed-the-chart.md")):
        folder = tmp_path / str(number)
        folder.mkdir()
        reader = Reader(
            document=ROOT / document,
            folder=folder,
            database=folder / "unused.sqlite3",
            browser=lambda: browser,
            python=python,
        )
        try:
            for example in examples(ROOT / document):
                reader.follow(example)
        finally:
            reader.close()
    assert spent_seconds() - began < PATIENCE_SECONDS


@pytest.fixture(scope="module")
def unlike(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the Python and the folder of the site that is unlike a new one."""
    folder = tmp_path_factory.mktemp("unlike")
    began = spent_seconds()
    python = environment_in(folder, f"{wheel}[api]", "django-unfold")
    run([python, "-m", "django", "startproject", "club", folder], cwd=folder)
    shutil.copytree(OWN / "people", folder / "people")
    for name in ("settings", "urls"):
        path = folder / "club" / f"{name}.py"
        path.write_text(path.read_text() + (OWN / f"{name}.py.txt").read_text())
    run([python, "manage.py", "check"], cwd=folder)
    run([python, "manage.py", "makemigrations", "people", "--verbosity", "0"], cwd=folder)
    for alias in ("default", "members"):
        run([python, "manage.py", "migrate", "--database", alias, "--verbosity", "0"], cwd=folder)
    story = (OWN / "story.py.txt").read_text()
    run([python, "manage.py", "shell", "--no-imports", "--command", story], cwd=folder)
    assert "Every book says" in run([python, "manage.py", "points_audit"], cwd=folder)
    assert spent_seconds() - began < PATIENCE_SECONDS
    return python, folder


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(
    unlike: tuple[Path, Path], request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Page]]:
    """Return a function that opens a page of the site as staff; no script of it may fail."""
    python, folder = unlike
    browser: Browser = request.getfixturevalue("browser")
    troubles: list[str] = []
    log = folder / "server.log"
    with serving(python, cwd=folder, log=log, env=plain_environment()) as address:
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        session = (folder / "session").read_text()
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])

        def open_one(where: str) -> Page:
            page = context.new_page()
            page.on("pageerror", lambda error: troubles.append(f"{where}: {error.message}"))
            response = page.goto(where, wait_until="networkidle")
            assert response is not None
            assert response.ok, f"{where}: {response.status}"
            return page

        yield open_one
        context.close()
    assert troubles == []


def test_the_chart_shows_there_too(open_page: Callable[[str], Page]) -> None:
    page = open_page("/chart/")
    expect(page.locator("points-by-category").get_by_text("20", exact=True).first).to_be_visible()


ECONOMY = "/admin/thrive_points/pointseconomy/"


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("economy", ECONOMY),
        ("findings", f"{ECONOMY}findings/"),
        ("search", f"{ECONOMY}members/"),
        ("ledger", f"{ECONOMY}members/?member=ada@example.org"),
        ("rules", "/admin/thrive_points/pointrule/"),
        ("rule", "/admin/thrive_points/pointrule/activity/quiz_completed/"),
        ("publish", "/admin/thrive_points/pointrule/activity/quiz_completed/publish/"),
        ("experiments", "/admin/thrive_points/ruleexperiment/"),
    ],
)
def test_pages_look_right_in_unfold(
    open_page: Callable[[str], Page], name: str, where: str
) -> None:
    page = open_page(where)
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"unfold-{name}.png", full_page=True)
    # What an admin with other styles takes away first: frames of fields, headings, colours of bars.
    for field in page.locator("#content .field input:not([type=checkbox]):visible").all():
        assert field.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    for heading in page.locator("#content h2:visible").all():
        assert heading.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 14
    for bar in page.locator("svg rect.bar").all()[:3]:
        assert bar.evaluate("e => getComputedStyle(e).fill") != "rgb(0, 0, 0)"
    for button in page.locator("#content input[type=submit]:visible").all():
        assert button.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)", (
            button
        )
