"""What the admins share: rows nobody writes by hand, and pages of their own."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from thrive_points.core.rule import Rule
from thrive_points.exceptions import UnknownActivityType
from thrive_points.rules.current import rulebook

if TYPE_CHECKING:
    # Generic for the type checker alone: Django's own class cannot be subscripted.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows and lets nobody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PagesAdmin(ModelAdmin):
    """Serves pages of its own; its model is immutable."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def check_may(self, allowed: bool) -> None:
        """Refuse a request whose user may not.

        Raises:
            PermissionDenied: not allowed.
        """
        if not allowed:
            raise PermissionDenied

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """Return a page of the admin."""
        return render(
            request,
            f"thrive_points/rules/{template}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "may_publish": self.has_add_permission(request),
                **context,
            },
        )


def rule_in_code(activity_type: str) -> Rule:
    """Return the registry's rule of an activity named in an address.

    Raises:
        Http404: there is none.
    """
    try:
        return rulebook().in_code(activity_type)
    except UnknownActivityType as error:
        raise Http404(str(error)) from error
