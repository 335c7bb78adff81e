"""The admin shows points read-only; corrections go through the service and need a permission."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from tests.stores.books import assert_books_agree, entries
from thrive_circles.models import Circle, UserThriveProfile, XPEvent
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
LEDGER = reverse("admin:thrive_points_pointshistory_changelist")
PROFILES = reverse("admin:thrive_circles_userthriveprofile_changelist")


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

    grant("view_pointshistory", "view_userthriveprofile", "view_xpevent", "view_circle")
    return grant


def test_every_page_shows_and_none_writes(client, staff, member):
    entry = PointsHistory.objects.latest("pk")
    for model in (PointsHistory, UserThriveProfile, XPEvent, Circle):
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        assert client.get(reverse(f"{name}_add")).status_code == 403
    page = client.get(reverse("admin:thrive_points_pointshistory_change", args=[entry.pk]))
    assert "10 of 10 today; again tomorrow" in page.content.decode()
    assert "_save" not in page.content.decode()
    target = reverse("admin:thrive_points_pointshistory_change", args=[entry.pk])
    assert client.post(target, {"points": 1000}).status_code == 403
    target = reverse("admin:thrive_points_pointshistory_delete", args=[entry.pk])
    assert client.post(target, {"post": "yes"}).status_code == 403
    assert_books_agree()


def act(client, page, action, rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(page, data, follow=True)


def test_reversal_asks_for_one_reason_and_goes_through_the_service(client, staff, member):
    staff("correct_points")
    chosen = list(PointsHistory.objects.order_by("pk")[:2])
    asked = act(client, LEDGER, "reverse_entries", chosen)
    assert "Nothing is deleted" in asked.content.decode()
    refused = act(client, LEDGER, "reverse_entries", chosen, confirmed="yes", reason="")
    assert "This field is required" in refused.content.decode()
    assert member.points_history.count() == 11
    done = act(client, LEDGER, "reverse_entries", chosen, confirmed="yes", reason="copied")
    assert "2 entries are reversed." in done.content.decode()
    again = act(client, LEDGER, "reverse_entries", chosen, confirmed="yes", reason="again")
    assert "was reversed before; nothing is changed" in again.content.decode()
    assert "is reversed." not in again.content.decode()
    corrected = PointsHistory.objects.filter(outcome="reversed")
    assert [(e.description, e.actor.username) for e in corrected] == [("copied", "staff")] * 2
    assert_books_agree()


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


def test_corrections_need_the_permission(client, staff, member):
    rows = list(PointsHistory.objects.all()[:1])
    act(client, LEDGER, "reverse_entries", rows, confirmed="yes", reason="not allowed")
    profile = [UserThriveProfile.objects.get(user=member)]
    act(client, PROFILES, "adjust_points", profile, confirmed="yes", points="9", reason="mine")
    assert len(entries(member)) == 11
