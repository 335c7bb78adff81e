from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from allthrive.accounts.models import DailyVisit, User
from allthrive.staff import RecordAdmin

POWERS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Members, with the zone their days follow."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("Clock", {"fields": ("timezone",)}))
    list_display = ("username", "first_name", "last_name", "timezone", "is_staff", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Leave who may do what to superusers: others would make themselves one."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, *POWERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Leave superusers, their passwords included, to superusers."""
        is_above = obj is not None and (obj.is_superuser or obj.is_staff) and obj != request.user
        if is_above and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)


@admin.register(DailyVisit)
class DailyVisitAdmin(RecordAdmin):
    list_display = ("user", "day", "visited_at")
    date_hierarchy = "day"
    list_select_related = ["user"]
    raw_id_fields = ("user",)


admin.site.site_header = admin.site.site_title = "All Thrive staff"
admin.site.index_title = "What staff look after"
