from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from allthrive.accounts.models import DailyVisit, User
from allthrive.staff import RecordAdmin


@admin.register(User)
class MemberAdmin(UserAdmin):
    """Members, with the zone their days follow."""

    fieldsets = (*(UserAdmin.fieldsets or ()), ("Clock", {"fields": ("timezone",)}))
    list_display = ("username", "first_name", "last_name", "timezone", "is_staff", "date_joined")


@admin.register(DailyVisit)
class DailyVisitAdmin(RecordAdmin):
    list_display = ("user", "day", "visited_at")
    date_hierarchy = "day"
    list_select_related = ["user"]
    raw_id_fields = ("user",)


admin.site.site_header = admin.site.site_title = "All Thrive staff"
admin.site.index_title = "What staff look after"
