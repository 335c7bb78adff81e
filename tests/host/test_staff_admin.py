"""The staff admin: every list and form opens, for staff alone, and none of them changes points."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from allthrive.accounts.models import User
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = [model for model in MODELS if model.__module__.startswith("allthrive.")]


def listing(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_opens_for_staff_alone(as_staff: Client, as_member: Client, model: type[Model]):
    assert as_staff.get(listing(model)).status_code == 200
    assert as_staff.get(listing(model), {"q": "a"}).status_code == 200
    assert as_member.get(listing(model)).status_code == 302


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_form_opens_where_staff_may_add(
    as_staff: Client, staff: User, model: type[Model], rf: RequestFactory
):
    request = rf.get("/")
    request.user = staff
    if admin.site._registry[model].has_add_permission(request):
        assert as_staff.get(f"{listing(model)}add/").status_code == 200
    else:
        assert as_staff.get(f"{listing(model)}add/").status_code == 403


def test_a_member_with_a_ledger_cannot_be_deleted(as_staff: Client, member: User):
    PointsService.award_points(
        user=member, activity_type="quiz_completed", metadata={"event_key": "q:1"}
    )
    address = reverse("admin:accounts_user_delete", args=[member.pk])
    page = as_staff.get(address)
    assert "Cannot delete user" in page.content.decode()
    as_staff.post(address, {"post": "yes"})
    assert User.objects.filter(pk=member.pk).exists()
