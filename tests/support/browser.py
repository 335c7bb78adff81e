"""Fixtures of the browser tests: one Chromium for a run, a fresh context for each page.

Import nothing from here; `tests/conftest.py` loads it as a plugin. A test that uses a page and
fails leaves a screenshot of each of its pages in test-artifacts/.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.chromium import ensure_chromium, launch_arguments, prepare_playwright

ARTIFACTS = Path(__file__).resolve().parents[2] / "test-artifacts"
_REPORTS = pytest.StashKey[dict[str, pytest.TestReport]]()
_TIMEOUT_MS = 15_000

NewPage = Callable[..., Page]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Keep each phase's report, so that a fixture can tell whether its test failed."""
    report: Any = yield
    item.stash.setdefault(_REPORTS, {})[report.when] = report
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a headless Chromium."""
    executable = ensure_chromium()
    prepare_playwright()
    # What is expected is waited for as long as everything else: a busy machine is no failure.
    expect.set_options(timeout=_TIMEOUT_MS)
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright's synchronous interface keeps an event loop in this thread, which Django
        # takes for asynchronous code; no Django call is ever made from inside that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(
            executable_path=executable, args=launch_arguments(), chromium_sandbox=False
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any
) -> Iterator[NewPage]:
    """Yield a function that opens a page on the live server.

    It takes the options of Playwright's `Browser.new_context`, for example
    `color_scheme="dark"` or `viewport={"width": 360, "height": 740}`. Relative addresses lead to
    the live server.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.url, **options})
        context.set_default_timeout(_TIMEOUT_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    failed = any(report.failed for report in request.node.stash.get(_REPORTS, {}).values())
    pages = [page for context in contexts for page in context.pages]
    if failed:
        for number, page in enumerate(pages, start=1):
            page.screenshot(path=_artifact(f"{request.node.nodeid}-{number}"), full_page=True)
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Return a page on the live server, in a context of its own."""
    return new_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Page, str], Path]:
    """Return a function that saves a named screenshot of a page in test-artifacts/."""

    def save(page: Page, name: str) -> Path:
        path = _artifact(name)
        page.screenshot(path=path, full_page=True)
        return path

    return save


def _artifact(name: str) -> Path:
    ARTIFACTS.mkdir(exist_ok=True)
    database = os.environ.get("THRIVE_TEST_DATABASE", "sqlite")
    return ARTIFACTS / f"{re.sub(r'[^A-Za-z0-9.]+', '-', name).strip('-')}-{database}.png"
