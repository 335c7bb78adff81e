"""Projects: making, publishing, feedback, sharing, likes."""

import pytest
from django.test import Client

from allthrive.accounts.models import User
from allthrive.projects.models import Feedback, Project
from tests.host.conftest import MakeMember
from tests.host.ledger import earned, entries, told
from tests.host.people import signed_in

pytestmark = pytest.mark.django_db

SHEET = {"title": "A talking almanac", "summary": "It reads the sky.", "story": "", "link": ""}
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
    assert "counted before" in told(again)[-1]
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


def test_only_the_owner_edits_and_publishes(as_other: Client, other: User, draft: Project):
    assert as_other.get(f"/projects/{draft.pk}/edit/").status_code == 404
    assert as_other.post(f"/projects/{draft.pk}/edit/", SHEET).status_code == 404
    assert as_other.post(f"/projects/{draft.pk}/publish/").status_code == 404
    assert as_other.get(f"/projects/{draft.pk}/").status_code == 404
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


@pytest.mark.parametrize("text", ["", "Too short.", "x" * 1001, " " * 40])
def test_wrong_feedback_is_shown_again_and_earns_nothing(as_other, other, project, text):
    response = as_other.post(f"/projects/{project.pk}/feedback/", {"text": text})
    assert response.status_code == 400
    assert "errorlist" in response.content.decode()
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
        response = as_other.post(f"/projects/{project.pk}/feedback/", {"text": WORDS})
        if number == 4:
            assert any("25 for" in message for message in told(response))
    assert ("feedback_week_goal", "awarded", 25) in entries(other)
    assert entries(other)[-1] == ("feedback_given", "reduced", 5)


def test_each_way_of_sharing_earns_once(as_other: Client, other: User, project: Project):
    address = f"/projects/{project.pk}/share/"
    for channel in ("link", "link", "email"):
        as_other.post(address, {"channel": channel})
    assert earned(other) == ["project_shared", "project_shared"]
    wrong = as_other.post(address, {"channel": "pigeon"})
    assert told(wrong)[-1] == "Choose how you share the project."
    assert len(entries(other)) == 2


def test_the_fifth_like_pays_the_owner_once(
    member: User, project: Project, make_member: MakeMember
):
    fans = [signed_in(make_member(f"fan{number}")) for number in range(5)]
    for fan in fans:
        fan.post(f"/projects/{project.pk}/like/")
    assert earned(member)[-1] == "project_milestone_reached"
    before = entries(member)
    for _ in range(2):
        fans[0].post(f"/projects/{project.pk}/like/")
    assert project.likes.count() == 5
    assert entries(member) == before


def test_drafts_cannot_be_shared_liked_or_commented(as_other: Client, other: User, draft: Project):
    for action in ("share", "like", "feedback"):
        data = {"channel": "link", "text": WORDS}
        assert as_other.post(f"/projects/{draft.pk}/{action}/", data).status_code == 404
    assert entries(other) == []


def test_texts_are_escaped(as_member: Client, as_other: Client):
    as_member.post("/projects/new/", {**SHEET, "title": "<script>alert(1)</script>"})
    project = Project.objects.get()
    as_member.post(f"/projects/{project.pk}/publish/")
    assert "<script>alert" not in as_other.get(f"/projects/{project.pk}/").content.decode()
