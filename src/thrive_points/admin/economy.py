"""Where the review pages hang: an entry of the admin's index that leads to them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from thrive_points.admin import review_pages as views

if TYPE_CHECKING:
    # Generic for the type checker alone: Django's own class cannot be subscripted.
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class PointsEconomyAdmin(ModelAdmin):
    """Serves the review pages in place of a list of rows, so that any host has them."""

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages, for those who may see them."""
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="thrive_points_pointseconomy_changelist"),
            path(
                "suspicions/",
                wrap(self.suspicions_view),
                name="thrive_points_pointseconomy_suspicions",
            ),
            path(
                "members/",
                wrap(self.find_member_view),
                name="thrive_points_pointseconomy_find_member",
            ),
            path(
                "members/<path:member_id>/",
                wrap(self.ledger_view),
                name="thrive_points_pointseconomy_ledger",
            ),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the economy."""
        return views.economy_page(request, self)

    def suspicions_view(self, request: HttpRequest) -> HttpResponse:
        """Show the suspicions."""
        return views.suspicions_page(request, self)

    def find_member_view(self, request: HttpRequest) -> HttpResponse:
        """Lead to a member's ledger by username."""
        return views.find_member(request, self)

    def ledger_view(self, request: HttpRequest, member_id: str) -> HttpResponse:
        """Show a member's ledger."""
        return views.ledger_page(request, self, member_id)
