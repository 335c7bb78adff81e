"""Taking down spam takes its points back, once, with a reason the owner reads."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from allthrive.accounts.models import User
from allthrive.projects.models import Feedback, Project
from tests.host.conftest import MakeMember
from tests.host.ledger import entries
from tests.host.people import signed_in
from tests.host.test_projects import SHEET, WORDS
from thrive_points.models import PointsHistory

pytestmark = pytest.mark.django_db

REASON = {"reason": "This is an advertisement."}


@pytest.fixture
def project(as_member: Client) -> Project:
    as_member.post("/projects/new/", SHEET)
    project = Project.objects.get()
    as_member.post(f"/projects/{project.pk}/publish/")
    return project


def test_unpublishing_takes_the_publications_points_back(
    as_staff: Client, as_member: Client, member: User, project: Project
):
    for _ in range(2):
        as_staff.post(f"/projects/{project.pk}/unpublish/", REASON)
    assert entries(member)[2:] == [("project_published", "reversed", -15)]
    page = as_member.get("/activity/history/").content.decode()
    assert "15 taken back for publishing a project: This is an advertisement." in page


def test_an_unpublished_project_earns_nothing_when_published_again(
    as_staff: Client, as_member: Client, member: User, project: Project
):
    as_staff.post(f"/projects/{project.pk}/unpublish/", REASON)
    as_member.post(f"/projects/{project.pk}/publish/")
    project.refresh_from_db()
    member.refresh_from_db()
    assert project.status == Project.Status.PUBLISHED
    assert member.total_points == 10


def test_removing_spam_takes_everything_back_and_hides_it(
    as_staff: Client, as_member: Client, as_other: Client, member: User, project: Project
):
    for _ in range(2):
        as_staff.post(f"/projects/{project.pk}/remove/", REASON)
    member.refresh_from_db()
    assert member.total_points == 0
    assert len(entries(member)) == 4
    assert as_other.get(f"/projects/{project.pk}/").status_code == 404
    assert as_member.get(f"/projects/{project.pk}/").status_code == 404
    assert as_member.post(f"/projects/{project.pk}/publish/").status_code == 404


def test_removing_feedback_takes_its_points_back(
    as_staff: Client, as_other: Client, other: User, project: Project
):
    as_other.post(f"/projects/{project.pk}/feedback/", {"text": WORDS})
    feedback = Feedback.objects.get()
    as_staff.post(f"/projects/feedback/{feedback.pk}/remove/", REASON)
    other.refresh_from_db()
    assert other.total_points == 0
    assert WORDS not in as_other.get(f"/projects/{project.pk}/").content.decode()


@pytest.mark.parametrize("reason", ["", "x" * 201])
def test_without_a_proper_reason_nothing_changes(as_staff, member, project, reason):
    before = entries(member)
    as_staff.post(f"/projects/{project.pk}/remove/", {"reason": reason})
    project.refresh_from_db()
    assert project.status == Project.Status.PUBLISHED
    assert entries(member) == before


def test_removing_feedback_takes_the_goal_it_completed_too(
    as_staff: Client, as_other: Client, other: User, member: User
):
    for number in range(5):
        each = Project.objects.create(
            owner=member, title=f"No. {number}", summary="s", status=Project.Status.PUBLISHED
        )
        text = f"{WORDS} I mean it for {'abcde'[number] * 3} in particular."
        as_other.post(f"/projects/{each.pk}/feedback/", {"text": text})
    last = Feedback.objects.latest("pk")
    as_staff.post(f"/projects/feedback/{last.pk}/remove/", REASON)
    other.refresh_from_db()
    assert other.total_points == 40


def test_what_the_ledger_never_held_is_taken_down_all_the_same(
    as_staff: Client, member: User, other: User
):
    project = Project.objects.create(
        owner=member, title="Imported", summary="s", status="published"
    )
    feedback = Feedback.objects.create(project=project, author=other, text=WORDS)
    as_staff.post(f"/projects/feedback/{feedback.pk}/remove/", REASON)
    as_staff.post(f"/projects/{project.pk}/remove/", REASON)
    project.refresh_from_db()
    feedback.refresh_from_db()
    assert project.status == Project.Status.REMOVED
    assert feedback.removed_at is not None


def test_nobody_moderates_what_is_their_own(as_staff: Client, staff: User, project: Project):
    Project.objects.update(owner=staff)
    for action in ("unpublish", "remove"):
        assert as_staff.post(f"/projects/{project.pk}/{action}/", REASON).status_code == 403
    as_staff.post(
        "/admin/projects/project/",
        {"action": "remove_as_spam", "_selected_action": [str(project.pk)]},
    )
    project.refresh_from_db()
    assert project.status == Project.Status.PUBLISHED


def test_the_page_and_the_admin_ask_for_the_same_permission(
    make_member: MakeMember, project: Project
):
    helper = make_member("helper", is_staff=True)
    helper.user_permissions.set(
        Permission.objects.filter(codename__in=["view_project", "change_project"])
    )
    clicks = signed_in(helper)
    assert clicks.post(f"/projects/{project.pk}/remove/", REASON).status_code == 403
    listed = clicks.get("/admin/projects/project/").content.decode()
    assert "remove_as_spam" not in listed
    clicks.post(f"/projects/{project.pk}/unpublish/", REASON)
    project.refresh_from_db()
    assert project.status == Project.Status.DRAFT


def test_staff_without_a_permission_read_no_draft(make_member: MakeMember, project: Project):
    Project.objects.update(status=Project.Status.DRAFT)
    nobody = signed_in(make_member("nobody", is_staff=True))
    assert nobody.get(f"/projects/{project.pk}/").status_code == 404


def test_whose_a_project_is_cannot_be_edited(
    as_staff: Client, member: User, other: User, project: Project
):
    address = f"/admin/projects/project/{project.pk}/change/"
    as_staff.post(address, {**SHEET, "title": "Edited", "owner": str(other.pk)})
    project.refresh_from_db()
    assert (project.title, project.owner) == ("Edited", member)


def test_members_cannot_moderate(as_other: Client, member: User, project: Project):
    before = entries(member)
    for action in ("unpublish", "remove"):
        assert as_other.post(f"/projects/{project.pk}/{action}/", REASON).status_code == 403
    assert entries(member) == before


def test_the_admins_action_goes_through_moderation(
    as_staff: Client, staff: User, member: User, project: Project
):
    as_staff.post(
        "/admin/projects/project/",
        {"action": "remove_as_spam", "_selected_action": [str(project.pk)]},
    )
    member.refresh_from_db()
    assert member.total_points == 0
    newest = PointsHistory.objects.filter(user=member).latest("number")
    assert newest.actor == staff
    assert as_staff.post(f"/admin/projects/project/{project.pk}/delete/").status_code == 403
