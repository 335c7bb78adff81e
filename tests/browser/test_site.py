"""People use the site in a real browser: they join, play, make things and read what it earned."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from allthrive.accounts.models import User
from allthrive.battles.models import Battle
from allthrive.projects.models import Project
from allthrive.quizzes.models import Choice
from allthrive.standing import who_counts
from tests.browser.element import violations
from tests.browser.site import PASSWORD, seed_community, sign_in
from tests.support.browser import NewPage
from thrive_points.models import PointsHistory

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 360, "height": 740}
Screenshot = Callable[[Page, str], Path]


@pytest.fixture(autouse=True)
def _community(transactional_db: None) -> None:
    seed_community()


def notice(page: Page, text: str) -> None:
    """Expect a message of the page that begins with the text."""
    messages = page.get_by_role("status").get_by_role("listitem")
    expect(messages.filter(has_text=re.compile(rf"^\s*{re.escape(text)}"))).to_be_visible()


def earned(username: str, activity_type: str) -> list[int]:
    """Return the points of a member's entries for an activity, the newest first."""
    entries = PointsHistory.objects.filter(user__username=username, activity_type=activity_type)
    return list(entries.order_by("-pk").values_list("points", flat=True))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with the name has the focus, and expect the focus to show."""
    for _ in range(120):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and name == (
            focused.get_attribute("aria-label") or focused.inner_text() or _label_of(page)
        ):
            outline = focused.evaluate("e => getComputedStyle(e).outlineStyle")
            card = focused.evaluate("e => getComputedStyle(e.closest('.card') ?? e).outlineStyle")
            assert "solid" in (outline, card), f"the focus on {name!r} can't be seen"
            return
    raise AssertionError(f"Tab never reaches {name!r} on {page.url}")


def _label_of(page: Page) -> str:
    label: str = page.evaluate("document.activeElement.labels?.[0]?.innerText ?? ''")
    return label


def test_a_newcomer_joins_on_a_phone_takes_a_quiz_and_reads_why_it_earned(
    new_page: NewPage, screenshot: Screenshot
):
    page = new_page(
        viewport=PHONE, color_scheme="dark", timezone_id="Asia/Tokyo", reduced_motion="reduce"
    )
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Join All Thrive", exact=True).click()
    page.get_by_label("Username", exact=True).fill("robin")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password confirmation", exact=True).fill(PASSWORD)
    expect(page.get_by_label("Time zone", exact=True)).to_have_value("Asia/Tokyo")
    page.get_by_role("button", name="Join", exact=True).click()
    notice(page, "Welcome, robin")
    screenshot(page, "site-newcomer-phone-dark")

    page.get_by_role("navigation", name="Main", exact=True).get_by_role(
        "link", name="Explore", exact=True
    ).click()
    page.get_by_role("main").get_by_role("link", name="Quizzes", exact=True).click()
    page.get_by_role("main").get_by_role("heading", level=2).first.get_by_role("link").click()
    page.get_by_role("button", name="Hand in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("no answer yet")
    slug = page.url.rstrip("/").rpartition("/")[2]
    for right in Choice.objects.filter(question__quiz__slug=slug, is_right=True):
        page.locator(f"input[type=radio][value='{right.pk}']").check()
    page.get_by_role("button", name="Hand in", exact=True).click()
    notice(page, "+20 for a completed quiz")
    assert violations(page) == []
    screenshot(page, "site-quiz-result-phone-dark")

    page.get_by_role("navigation", name="Main", exact=True).get_by_role(
        "link", name="Activity", exact=True
    ).click()
    page.get_by_role("link", name="Full history", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("20 for a completed quiz; 1 of 10 today")
    assert earned("robin", "quiz_completed") == [20]


def test_two_members_battle_the_community_votes_and_both_are_paid(
    new_page: NewPage, screenshot: Screenshot
):
    alice, bruno, community = (new_page(reduced_motion="reduce") for _ in range(3))
    sign_in(alice, "alice")
    sign_in(bruno, "bruno")
    before = {name: earned(name, "battle_participated") for name in ("alice", "bruno")}

    alice.goto("/battles/open/")
    alice.get_by_label("Title", exact=True).fill("Explain tides")
    alice.get_by_label("Prompt", exact=True).fill("Explain tides to a child in three sentences.")
    alice.get_by_role("button", name="Open the battle", exact=True).click()
    notice(alice, "Your battle is open")
    battle = Battle.objects.get(title="Explain tides")

    bruno.goto(battle.get_absolute_url())
    bruno.get_by_role("button", name="Join this battle", exact=True).click()
    texts = ("The moon pulls at all of it.", "The sea leans towards the moon.")
    for page, text in zip((bruno, alice), texts, strict=True):
        page.goto(battle.get_absolute_url())
        page.get_by_role("button", name="Submit my entry", exact=True).click()
        expect(page.get_by_text("This field is required.", exact=True)).to_be_visible()
        page.get_by_role("textbox", name="Your entry", exact=True).fill(text)
        page.get_by_role("button", name="Submit my entry", exact=True).click()
        notice(page, "Your entry is in")

    others = User.objects.exclude(username__in=("alice", "bruno"))
    voters = User.objects.filter(pk__in=who_counts(others.values_list("pk", flat=True)))[:3]
    for number, voter in enumerate(voters, start=1):
        sign_in(community, voter.username)
        community.goto(battle.get_absolute_url())
        entry = community.get_by_role("listitem").filter(
            has=community.get_by_text("The sea leans towards the moon.", exact=True)
        )
        entry.get_by_role("button", name=re.compile(r"^Vote for entry [12]$")).click()
        decided = "Your vote decided it. Alice Moreau wins this battle."
        notice(community, decided if number == 3 else "Your vote is in")

    alice.goto(battle.get_absolute_url())
    expect(alice.get_by_role("main")).to_contain_text("Alice Moreau won.")
    assert violations(alice) == []
    screenshot(alice, "site-battle-won-desk-light")
    assert earned("alice", "battle_participated") == [25, *before["alice"]]
    assert earned("bruno", "battle_participated") == [25, *before["bruno"]]
    assert earned("alice", "battle_won")[0] == 20
    alice.get_by_role("link", name=re.compile("^Notices, ")).click()
    expect(alice.get_by_role("main")).to_contain_text("Bruno Costa joined your battle")
    assert violations(alice) == []
    screenshot(alice, "site-notices-desk-light")


def test_a_project_is_published_gets_feedback_and_is_taken_down_by_staff(new_page: NewPage):
    owner, reader, staff = new_page(), new_page(), new_page()
    for page, username in ((owner, "nova"), (reader, "bruno"), (staff, "sofia")):
        sign_in(page, username)
    owner.goto("/projects/new/")
    owner.get_by_label("Title", exact=True).fill("Tide clock")
    owner.get_by_label("Summary", exact=True).fill("Shows when the water comes.")
    owner.get_by_role("button", name="Create draft", exact=True).click()
    notice(owner, "Your draft is saved. It does not count yet")
    owner.get_by_role("link", name="Edit", exact=True).click()
    owner.get_by_label(re.compile("^Story")).fill(
        "I live by the sea and never knew when it comes, so I made a clock with one hand."
    )
    owner.get_by_role("button", name="Save", exact=True).click()
    notice(owner, "+10 for")
    owner.get_by_role("button", name="Publish", exact=True).click()
    notice(owner, "+15 for")

    address = Project.objects.get(title="Tide clock").get_absolute_url()
    reader.goto(address)
    reader.get_by_label("Your feedback", exact=True).fill(
        "Clear at a glance. I would try larger numbers next."
    )
    reader.get_by_role("button", name="Send feedback", exact=True).click()
    expect(reader.get_by_text("You have given feedback", exact=True)).to_be_visible()

    staff.goto(address)
    staff.get_by_label("Reason", exact=True).last.fill("Copied from another member.")
    staff.get_by_role("button", name="Unpublish", exact=True).click()
    assert earned("nova", "project_published") == [-15, 15]
    owner.goto("/activity/history/")
    expect(owner.get_by_role("main")).to_contain_text("Copied from another member.")


def test_a_quest_is_done_step_by_step(page: Page):
    sign_in(page, "nova")
    page.goto("/quests/")
    page.get_by_role("link", name="Describe a chore", exact=True).click()
    page.get_by_label("What did you do?", exact=True).fill("short")
    page.get_by_role("button", name="I did this step", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Say a little more")
    assert violations(page) == []
    page.get_by_label("What did you do?", exact=True).fill("I wrote down my Monday report.")
    page.get_by_role("button", name="I did this step", exact=True).click()
    expect(page.get_by_text("1 of 2 steps done", exact=True)).to_be_visible()
    page.get_by_label("What did you do?", exact=True).fill("Two of seven steps need judgement.")
    page.get_by_role("button", name="Finish the quest", exact=True).click()
    notice(page, "+10 for")
    assert earned("nova", "side_quest_completed") == [10]


def test_staff_complete_a_challenge_that_a_member_took_on(new_page: NewPage):
    member, staff = new_page(), new_page()
    sign_in(member, "nova")
    sign_in(staff, "sofia")
    member.goto("/challenges/")
    member.get_by_role("main").get_by_role("heading", level=2).first.get_by_role("link").click()
    member.get_by_role("button", name="Take it on", exact=True).click()
    notice(member, "+3 for")
    member.get_by_role("textbox", name="Your work", exact=True).fill(
        "A tide table anybody can read. I asked three neighbours what they look for, left out all "
        "the rest, and drew the hours of one week as hills and valleys."
    )
    member.get_by_role("button", name="Submit my work", exact=True).click()
    notice(member, "+25 for")
    # The demonstration's own submissions are older and come first.
    staff.goto("/challenges/review/")
    staff.get_by_role("searchbox", name="Search", exact=True).fill("tide table anybody")
    staff.get_by_role("button", name="Search", exact=True).click()
    staff.get_by_role("button", name="Complete the work of Nova", exact=True).click()
    notice(staff, "Nova: +75 for")
    assert earned("nova", "weekly_challenge_completed") == [75]


def test_an_event_is_checked_in_to_with_the_keyboard_only(page: Page):
    page.goto("/account/sign-in/")
    expect(page.get_by_label("Username", exact=True)).to_be_focused()
    page.keyboard.type("nova")
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="You", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content", exact=True)
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    tab_to(page, "Events")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/")
    tab_to(page, "Open studio")
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/*/")
    tab_to(page, "Check-in code")
    page.keyboard.type("studio")
    page.keyboard.press("Enter")
    notice(page, "+15 for")
    assert earned("nova", "event_attended") == [15]


def test_a_circle_is_joined_and_cheered_on(page: Page, screenshot: Screenshot):
    # A newcomer has not been here, so has joined nothing yet, whatever the day.
    sign_in(page, "nova")
    page.goto("/circle/")
    page.get_by_role("button", name="Join a circle", exact=True).click()
    notice(page, "+5 for joining")
    page.get_by_role("button", name="Check in", exact=True).click()
    expect(page.get_by_text("Checked in today", exact=True)).to_be_visible()
    page.get_by_role("button", name=re.compile("^Cheer .* for ")).first.click()
    notice(page, "+1 for a reaction in your circle")
    assert earned("nova", "circle_reaction") == [1]
    screenshot(page, "site-circle-desk-light")


@pytest.mark.parametrize("name", ["home", "activity", "circle", "explore"])
def test_pictures(new_page: NewPage, screenshot: Screenshot, name: str):
    address = "/" if name == "home" else f"/{name}/"
    for look, options in {
        "desk-light": {"viewport": {"width": 1280, "height": 900}},
        "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    }.items():
        page = new_page(reduced_motion="reduce", **options)
        sign_in(page, "alice")
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert screenshot(page, f"site-{name}-{look}").stat().st_size > 10_000
