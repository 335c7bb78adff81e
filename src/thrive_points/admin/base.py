"""What the admin's pages share: rows nobody writes by hand, and pages of their own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

if TYPE_CHECKING:
    # Generic for the type checker alone: Django's own class cannot be subscripted.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin

CORRECT = "thrive_points.correct_points"
"""The permission to take entries back and to adjust totals."""


def require(request: HttpRequest, *permissions: str) -> None:
    """Refuse a request of somebody who has none of these permissions.

    Raises:
        PermissionDenied: names them.
    """
    if not any(request.user.has_perm(permission) for permission in permissions):
        raise PermissionDenied(
            gettext("This needs the permission %(names)s.")
            % {"names": gettext(" or ").join(permissions)}
        )


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows and lets nobody add, change or delete them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PagesAdmin(ModelAdmin):
    """Serves pages of its own in place of a list of rows."""

    folder: str
    """Where the pages' templates are."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def route(self, where: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        """Return the address of a page, for staff alone, under the name `address` knows it by."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(where, self.admin_site.admin_view(view), name=name)

    def address(self, name: str, *args: Any) -> str:
        """Return where a page is; a site may run several admins, and it stays within this one."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(name, args=args, current_app=self.admin_site.name)

    def page(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """Return a page of the admin."""
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            f"thrive_points/{self.folder}/{template}.html",
            {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                **context,
            },
        )
