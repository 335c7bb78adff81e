"""Product managers tune rules in a real browser: by keyboard, in both themes, on a phone."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from allthrive.accounts.models import User
from tests.browser.element import overflow, violations
from tests.support.browser import NewPage
from thrive_points.models import PointRule, RuleExperiment
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("review_libraries"),
]

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
RULES = "/admin/thrive_points/pointrule/"
ACTIVITY = f"{RULES}activity/{QUIZ}/"
TESTS = "/admin/thrive_points/ruleexperiment/"
SIZES: dict[str, Any] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 800}},
}
Screenshot = Callable[[Page, str], Path]


def open_admin(page: Page) -> None:
    """Give the page's browser the session of an administrator."""
    client = Client()
    client.force_login(User.objects.create_superuser("boss", password="blue-heron-42"))
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


def expect_published(page: Page) -> None:
    """Expect to be told that the fourth revision is published; when it takes effect may vary."""
    expect(page.get_by_text(re.compile(r"^Revision r4 is published\. "))).to_be_visible()


@pytest.fixture
def tuned(transactional_db: None, settings: Any) -> RuleExperiment:
    """Return an experiment, beside rules that were changed, scheduled and rolled out."""
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    soon = timezone.now() + timedelta(days=1)
    publish(QUIZ, replace(RULE, base_points=25), reason="Quizzes got longer.")
    publish(QUIZ, replace(RULE, base_points=30), reason="A week of quizzes.", effective_from=soon)
    publish(QUIZ, replace(RULE, max_per_day=5), reason="Try fewer.", share=20)
    arms = [
        Arm(name="a", share=50, rule=RULE),
        Arm(name="b", share=50, rule=replace(RULE, base_points=30)),
    ]
    ends = timezone.now() + timedelta(days=7)
    row = start(QUIZ, arms, name="Longer quizzes", reason="To learn.", ends_at=ends)
    for number in range(8):
        member = User.objects.create_user(f"member{number}")
        PointsService.award_points(member, QUIZ, {"event_key": "quiz:1"})
    return row


@pytest.mark.parametrize("size", SIZES)
def test_the_pages_are_accessible(
    size: str, new_page: NewPage, screenshot: Screenshot, tuned: RuleExperiment
) -> None:
    page = new_page(**SIZES[size])
    open_admin(page)
    addresses = {
        "list": RULES,
        "log": f"{RULES}log/",
        "activity": ACTIVITY,
        "publish": f"{ACTIVITY}publish/",
        "compare": f"{ACTIVITY}compare/?before=code&after=r1",
        "revert": f"{ACTIVITY}revert/r1/",
        "experiments": TESTS,
        "results": f"{TESTS}{tuned.pk}/",
        "start": f"{TESTS}start/{QUIZ}/",
    }
    found = []
    for name, address in addresses.items():
        page.goto(address)
        screenshot(page, f"rules-{name}-{size}")
        found += [f"{name}: {fault}" for fault in violations(page)]
        if overflow(page) > 0:
            found.append(f"{name}: {overflow(page)} pixels too wide")
    assert found == []


def test_a_rule_is_changed_by_keyboard_and_an_error_is_told(
    page: Page, tuned: RuleExperiment
) -> None:
    open_admin(page)
    page.goto(ACTIVITY)
    focus(page, page.get_by_role("link", name="Change or schedule", exact=True))
    page.keyboard.press("Enter")
    points = page.get_by_label("Base points:", exact=True)
    focus(page, points)
    page.keyboard.press("Control+A")
    page.keyboard.type("40")
    focus(page, page.get_by_label("Reason:", exact=True))
    page.keyboard.type("Too generous.")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("look at the fields that are marked")
    expect(page.locator(".errorlist").first).to_contain_text("base_points is 40, outside standard")
    assert violations(page) == []

    focus(page, points)
    page.keyboard.press("Control+A")
    page.keyboard.type("28")
    page.keyboard.press("Enter")
    # It takes the place of what is scheduled, which the form says first.
    focus(page, page.get_by_label("Publish it all the same:", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect_published(page)
    row = PointRule.objects.get(revision=4)
    assert (row.definition["base_points"], row.reason) == (28, "Too generous.")


def test_two_versions_are_compared_and_one_brought_back_by_keyboard(
    page: Page, tuned: RuleExperiment
) -> None:
    open_admin(page)
    page.goto(ACTIVITY)
    focus(page, page.get_by_label("to", exact=True))
    page.keyboard.type("r1")
    focus(page, page.get_by_role("button", name="Compare", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="base points changed 20 25", exact=True)).to_be_visible()

    page.goto(ACTIVITY)
    focus(page, page.get_by_role("link", name="Bring the rule in code back", exact=True))
    page.keyboard.press("Enter")
    focus(page, page.get_by_label("Reason:", exact=True))
    page.keyboard.type("As it was.")
    page.keyboard.press("Enter")
    expect_published(page)
    assert PointRule.objects.get(revision=4).definition == {}


def test_an_experiment_is_stopped_by_keyboard(page: Page, tuned: RuleExperiment) -> None:
    open_admin(page)
    page.goto(f"{TESTS}{tuned.pk}/")
    focus(page, page.get_by_label("Reason:", exact=True))
    page.keyboard.type("Enough seen.")
    focus(page, page.get_by_role("button", name="Stop the experiment", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"X{tuned.pk} is stopped.", exact=True)).to_be_visible()
    expect(page.locator(".intro")).to_contain_text("Stopped: Enough seen.")
