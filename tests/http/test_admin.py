"""Members' XP and circles in the admin: read-only, adjusted by the service with a permission."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.stores.books import assert_books_agree, entries
from thrive_circles.models import Circle
from thrive_points.models import UserThriveProfile
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
PROFILES = reverse("admin:thrive_points_userthriveprofile_changelist")


@pytest.fixture
def member(user):
    for n in range(11):
        PointsService.award_points(user, "quiz_completed", {"event_key": f"q:{n}"})
    return user


@pytest.fixture
def staff(client):
    """Return a signed-in staff member who may look, and a function that grants more."""
    person = get_user_model().objects.create(username="staff", is_staff=True)

    def grant(*codenames):
        person.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
        client.force_login(person)

    grant("view_userthriveprofile", "view_circle")
    return grant


def test_every_page_shows_and_none_writes(client, staff, member):
    circle = Circle.objects.create(week="2026-03-02", level="Seedling", number=1)
    profile = UserThriveProfile.objects.get(pk=member.pk)
    for row in (profile, circle):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_add")).status_code == 403
        target = reverse(f"{name}_change", args=[row.pk])
        page = client.get(target).content.decode()
        assert "_save" not in page
        assert ("Total xp" in page and ">200<" in page) == (row == profile)
        assert client.post(target, {"total_xp": 1000, "number": 2}).status_code == 403
        target = reverse(f"{name}_delete", args=[row.pk])
        assert client.post(target, {"post": "yes"}).status_code == 403
    assert UserThriveProfile.objects.get(pk=member.pk).total_xp == 200
    assert Circle.objects.get().number == 1
    assert_books_agree()


def test_a_members_xp_leads_to_their_ledger(client, staff, member):
    address = reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])
    own = reverse("admin:thrive_points_userthriveprofile_change", args=[member.pk])
    for page in (PROFILES, own):
        assert f'<a href="{address}">Ledger</a>' in client.get(page).content.decode()


def test_members_are_found_by_their_whole_username(client, staff, member, make_user):
    other = make_user()
    PointsService.award_points(other, "daily_login")

    def found(term):
        page = client.get(PROFILES, {"q": term})
        return [profile.user for profile in page.context["cl"].result_list]

    assert found(other.username) == [other]
    assert found(other.username[:-1]) == []
    assert found("\x00") == [member, other], "what no name holds is refused, and filters nothing"
    assert set(found("")) == {member, other}


def act(client, page, action, rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(page, data, follow=True)


def test_adjustment_goes_through_the_service_and_tells_what_is_wrong(client, staff, member):
    staff("correct_points")
    rows = [UserThriveProfile.objects.get(user=member)]
    asked = act(client, PROFILES, "adjust_points", rows)
    assert "200 points" in asked.content.decode()
    form = {"confirmed": "yes", "reason": "a prize"}
    wrong = act(client, PROFILES, "adjust_points", rows, points="-500", **form)
    assert "may take 200 at most" in wrong.content.decode()
    assert len(entries(member)) == 11
    done = act(client, PROFILES, "adjust_points", rows, points="30", **form)
    assert "1 member is adjusted." in done.content.decode()
    assert UserThriveProfile.objects.get(user=member).total_xp == 230
    assert_books_agree()


def test_an_adjustment_of_many_is_all_or_none(client, staff, member, make_user):
    staff("correct_points")
    poor = make_user()
    PointsService.award_points(poor, "daily_login")
    rows = UserThriveProfile.objects.order_by("pk")
    fields = {"confirmed": "yes", "points": "-50", "reason": "a fine"}
    answer = act(client, PROFILES, "adjust_points", rows, **fields)
    assert "may take 5 at most" in answer.content.decode()
    assert UserThriveProfile.objects.get(user=member).total_xp == 200


def test_an_adjustment_needs_the_permission(client, staff, member):
    profile = [UserThriveProfile.objects.get(user=member)]
    act(client, PROFILES, "adjust_points", profile, confirmed="yes", points="9", reason="mine")
    assert len(entries(member)) == 11
