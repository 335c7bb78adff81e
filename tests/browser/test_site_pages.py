"""Every page of the site: accessible in light and dark, and never wider than a phone."""

from typing import Literal

import pytest
from playwright.sync_api import Page, ViewportSize

from allthrive.accounts.models import User
from tests.browser.element import overflow, violations
from tests.browser.site import (
    pages_of,
    say_everything_in_one_word,
    seed_community,
    sign_in,
    views_with_a_page,
)

pytestmark = pytest.mark.django_db(transaction=True)

Scheme = Literal["light", "dark"]
DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
LOOKS: tuple[tuple[ViewportSize, Scheme], ...] = ((DESK, "light"), (PHONE, "dark"))
# Where people arrive without following a link of the site, and what is a file.
ENTRANCES = {"accounts:logout", "home:history_file", "referrals:accept"}


@pytest.fixture(autouse=True)
def _community(transactional_db: None) -> None:
    seed_community()


def faults(page: Page, addresses: list[str]) -> list[str]:
    """Open each address, light on a desk and dark on a phone; return what is wrong with it."""
    found = complaints(page)
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert (answer.status, page.url.endswith(address)) == (200, True), address
        for size, scheme in LOOKS:
            look_at(page, size, scheme)
            if overflow(page) > 0:
                found.append(f"{address} {scheme}: {overflow(page)} pixels too wide")
            found += [f"{address} {scheme}: {fault}" for fault in violations(page)]
    return found


def complaints(page: Page) -> list[str]:
    """Return a list that takes in every error of a script, and all the site's policy forbids."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(f"{page.url} script: {error}"))
    page.on(
        "console",
        lambda said: found.append(f"{page.url}: {said.text}") if said.type == "error" else None,
    )
    return found


def look_at(page: Page, size: ViewportSize, scheme: Scheme) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")


def test_the_walk_finds_every_page_there_is():
    walked = {name for person in (None, "alice", "sofia") for name in pages_of(person)}
    assert views_with_a_page() - ENTRANCES - walked == set()


def test_a_visitors_pages(page: Page):
    assert faults(page, list(pages_of(None).values())) == []


def test_a_members_pages(page: Page):
    sign_in(page, "alice")
    assert faults(page, list(pages_of("alice").values())) == []


def test_a_newcomers_lists_when_they_are_empty(page: Page):
    sign_in(page, "nova")
    lists = [
        address
        for address in pages_of("nova").values()
        if not any(letter.isdigit() for letter in address)
    ]
    assert faults(page, lists) == []


def test_the_pages_that_staff_see_differently(page: Page):
    sign_in(page, "sofia")
    members = pages_of("alice")
    differ = {"projects:detail", "challenges:index"}
    mine = pages_of("sofia")
    assert (
        faults(page, [mine[name] for name in mine if name in differ or name not in members]) == []
    )


def test_the_admin_loads_nothing_the_sites_policy_forbids(page: Page):
    User.objects.filter(username="sofia").update(is_superuser=True)
    sign_in(page, "sofia")
    found = complaints(page)
    page.goto("/admin/")
    lists = page.locator("#content-main th a").evaluate_all("all => all.map(a => a.href)")
    assert len(lists) > 10
    for address in lists:
        page.goto(address)
        entry = page.locator("#result_list tbody th a").first
        if entry.count():
            entry.click()
    assert found == []


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "dark"), (PHONE, "light")])
def test_the_frame_in_the_other_looks(page: Page, size: ViewportSize, scheme: Scheme):
    sign_in(page, "alice")
    page.goto("/")
    look_at(page, size, scheme)
    assert violations(page) == []


def test_the_longest_words_people_may_write_fit_a_phone(page: Page):
    say_everything_in_one_word()
    page.set_viewport_size(PHONE)
    wide: list[str] = []
    for username in ("alice", "sofia"):
        sign_in(page, username)
        for address in pages_of(username).values():
            page.goto(address)
            wide += [f"{address}: {overflow(page)} pixels too wide"] if overflow(page) > 0 else []
    assert wide == []
