"""Projects: making, publishing, feedback, sharing, likes."""

import pytest
from django.test import Client

from allthrive.accounts.models import User
from allthrive.projects.models import Feedback, Project
from allthrive.writing.services import PIECES_A_DAY
from tests.host.conftest import MakeMember
from tests.host.ledger import earned, entries, told
from tests.host.people import make_active, signed_in

pytestmark = pytest.mark.django_db

STORY = "I wanted to know what the sky does, so I wrote down each evening and let it read them."
SHEET = {"title": "A talking almanac", "summary": "It reads the sky.", "story": STORY, "link": ""}
WORDS = "The opening works well; I would try a shorter second part."


@pytest.fixture
def draft(as_member: Client) -> Project:
    as_member.post("/projects/new/", SHEET)
    return Project.objects.get()


@pytest.fixture
def project(as_member: Client, draft: Project) -> Project:
    as_member.post(f"/projects/{draft.pk}/publish/")
    draft.refresh_from_db()
    return draft


def test_creating_and_publishing_earn_once_each(as_member: Client, member: User, draft: Project):
    assert earned(member) == ["project_created"]
    first = as_member.post(f"/projects/{draft.pk}/publish/")
    again = as_member.post(f"/projects/{draft.pk}/publish/")
    assert earned(member) == ["project_created", "project_published"]
    assert told(first)[-1] == "+15 for publishing a project; 1 of 5 today. Total 25, level 1."
    assert told(again) == told(first)
    draft.refresh_from_db()
    assert draft.status == Project.Status.PUBLISHED
    assert draft.published_at is not None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"title": ""}, "This field is required"),
        ({"title": "ab"}, "at least 3 characters"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"summary": "x" * 201}, "at most 200 characters"),
        ({"story": "x" * 5001}, "at most 5000 characters"),
        ({"link": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_a_wrong_project_says_why_and_earns_nothing(as_member, member, change, complaint):
    response = as_member.post("/projects/new/", {**SHEET, **change})
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert not Project.objects.exists()
    assert entries(member) == []


@pytest.mark.parametrize(
    ("story", "complaint"),
    [
        ("", "Say a little more"),
        ("aaa " * 30, "Say a little more"),
        (
            "lamp horse running green paper window stone river kettle moss anvil copper tulip",
            "sentences",
        ),
        (STORY, "exactly this before"),
        (STORY.upper().replace(",", " !!!"), "exactly this before"),
    ],
)
def test_a_project_without_substance_is_a_draft_that_counts_for_nothing(
    as_member: Client, member: User, draft: Project, story: str, complaint: str
):
    response = as_member.post("/projects/new/", {**SHEET, "title": "Another", "story": story})
    second = Project.objects.get(title="Another")
    assert complaint in told(response)[-1]
    refused = as_member.post(f"/projects/{second.pk}/publish/")
    assert complaint in told(refused)[-1]
    second.refresh_from_db()
    assert second.status == Project.Status.DRAFT
    assert earned(member) == ["project_created"]


def test_a_draft_counts_once_its_story_says_something(as_member: Client, member: User):
    as_member.post("/projects/new/", {**SHEET, "story": ""})
    assert earned(member) == []
    draft = Project.objects.get()
    for _ in range(2):
        as_member.post(f"/projects/{draft.pk}/edit/", SHEET)
    assert earned(member) == ["project_created"]


def test_a_published_project_is_withdrawn_and_published_again_for_nothing(
    as_member: Client, as_other: Client, member: User, project: Project
):
    as_member.post(f"/projects/{project.pk}/withdraw/")
    assert as_other.get(f"/projects/{project.pk}/").status_code == 404
    again = as_member.post(f"/projects/{project.pk}/publish/")
    assert "first publication is the one that counts" in told(again)[-1]
    assert earned(member) == ["project_created", "project_published"]


def test_a_deleted_project_takes_its_points_with_it_and_does_not_come_back(
    as_member: Client, as_other: Client, member: User, project: Project
):
    for _ in range(2):
        as_member.post(f"/projects/{project.pk}/delete/")
    member.refresh_from_db()
    assert member.total_points == 0
    assert as_member.get(f"/projects/{project.pk}/").status_code == 404
    assert "A talking almanac" not in as_member.get("/projects/mine/").content.decode()
    as_member.post("/projects/new/", SHEET)
    member.refresh_from_db()
    assert member.total_points == 0


def test_only_the_owner_edits_and_publishes(as_other: Client, other: User, draft: Project):
    assert as_other.get(f"/projects/{draft.pk}/edit/").status_code == 404
    assert as_other.post(f"/projects/{draft.pk}/edit/", SHEET).status_code == 404
    assert as_other.post(f"/projects/{draft.pk}/publish/").status_code == 404
    assert as_other.get(f"/projects/{draft.pk}/").status_code == 404
    for action in ("withdraw", "delete"):
        assert as_other.post(f"/projects/{draft.pk}/{action}/").status_code == 404
    assert entries(other) == []


def test_the_owner_edits_without_touching_anything_else(as_member: Client, project: Project):
    as_member.post(f"/projects/{project.pk}/edit/", {**SHEET, "title": "New", "status": "removed"})
    project.refresh_from_db()
    assert (project.title, project.status) == ("New", Project.Status.PUBLISHED)


def test_feedback_earns_once_for_each_project(as_other: Client, other: User, project: Project):
    address = f"/projects/{project.pk}/feedback/"
    as_other.post(address, {"text": WORDS})
    again = as_other.post(address, {"text": f"{WORDS} And again."})
    assert entries(other) == [("feedback_given", "awarded", 10)]
    assert Feedback.objects.get().text == WORDS
    assert "counted before" in told(again)[-1]


@pytest.mark.parametrize(
    "text", ["", "Too short.", "x" * 1001, " " * 40, "x" * 24, "great " * 12, "qwop zxcv " * 6]
)
def test_wrong_feedback_is_shown_again_and_earns_nothing(as_other, other, project, text):
    response = as_other.post(f"/projects/{project.pk}/feedback/", {"text": text})
    assert response.status_code == 400
    assert response.context["form"].errors
    assert entries(other) == []


def test_nobody_gives_feedback_or_likes_to_themselves(
    as_member: Client, member: User, project: Project
):
    before = entries(member)
    assert as_member.post(f"/projects/{project.pk}/feedback/", {"text": WORDS}).status_code == 404
    assert as_member.post(f"/projects/{project.pk}/like/").status_code == 404
    assert entries(member) == before


def test_the_sixth_feedback_of_a_day_earns_half_and_five_reach_the_goal(
    as_other: Client, other: User, member: User
):
    for number in range(6):
        project = Project.objects.create(
            owner=member, title=f"No. {number}", summary="s", status=Project.Status.PUBLISHED
        )
        text = f"{WORDS} I mean it for {'abcdef'[number] * 3} in particular."
        response = as_other.post(f"/projects/{project.pk}/feedback/", {"text": text})
        if number == 4:
            assert any("25 for" in message for message in told(response))
    assert ("feedback_week_goal", "awarded", 25) in entries(other)
    assert entries(other)[-1] == ("feedback_given", "reduced", 5)


def test_each_way_of_sharing_earns_once(as_other: Client, other: User, project: Project):
    address = f"/projects/{project.pk}/share/"
    for channel in ("link", "link", "email"):
        note = f"I would like you to see this {channel}, it is a good one."
        as_other.post(address, {"channel": channel, "note": note})
    assert earned(other) == ["project_shared", "project_shared"]
    for wrong in (
        {"channel": "pigeon", "note": WORDS},
        {"channel": "social", "note": "Look"},
        {"channel": "social", "note": "I would like you to see this link, it is a good one!"},
    ):
        assert as_other.post(address, wrong).context["share_form"].errors
    assert len(earned(other)) == 2


def test_nobody_is_paid_for_sharing_their_own(as_member: Client, member: User, project: Project):
    before = entries(member)
    sent = {"channel": "link", "note": WORDS}
    assert as_member.post(f"/projects/{project.pk}/share/", sent).status_code == 404
    assert entries(member) == before


def test_the_fifth_like_pays_the_owner_once(
    member: User, project: Project, make_member: MakeMember
):
    for number in range(6):
        signed_in(make_member(f"puppet{number}")).post(f"/projects/{project.pk}/like/")
    assert "project_milestone_reached" not in earned(member)
    members = [make_member(f"fan{number}") for number in range(5)]
    make_active(*members)
    fans = [signed_in(each) for each in members]
    for fan in fans:
        fan.post(f"/projects/{project.pk}/like/")
    assert earned(member)[-1] == "project_milestone_reached"
    before = entries(member)
    for _ in range(2):
        fans[0].post(f"/projects/{project.pk}/like/")
    assert project.likes.count() == 11
    assert entries(member) == before


def test_drafts_cannot_be_shared_liked_or_commented(as_other: Client, other: User, draft: Project):
    for action in ("share", "like", "feedback"):
        data = {"channel": "link", "text": WORDS, "note": WORDS}
        assert as_other.post(f"/projects/{draft.pk}/{action}/", data).status_code == 404
    assert entries(other) == []


def test_texts_are_escaped(as_member: Client, as_other: Client):
    as_member.post("/projects/new/", {**SHEET, "title": "<script>alert(1)</script>"})
    project = Project.objects.get()
    as_member.post(f"/projects/{project.pk}/publish/")
    assert "<script>alert" not in as_other.get(f"/projects/{project.pk}/").content.decode()


def test_so_many_pieces_of_writing_count_on_a_day(as_other: Client, other: User, member: User):
    for number in range(PIECES_A_DAY + 2):
        project = Project.objects.create(
            owner=member, title=f"No. {number}", summary="s", status=Project.Status.PUBLISHED
        )
        text = f"{WORDS} I mean it for {'abcdefghij'[number] * 3} in particular."
        response = as_other.post(f"/projects/{project.pk}/feedback/", {"text": text})
    assert earned(other).count("feedback_given") == PIECES_A_DAY
    assert "all that counts on a day" in response.content.decode()
    assert text in response.content.decode()


def test_an_owner_who_was_shut_out_reaches_no_milestone(
    member: User, project: Project, make_member: MakeMember
):
    User.objects.filter(pk=member.pk).update(is_active=False)
    fans = [make_member(f"fan{number}") for number in range(5)]
    make_active(*fans)
    for fan in fans:
        signed_in(fan).post(f"/projects/{project.pk}/like/")
    assert "project_milestone_reached" not in earned(member)
