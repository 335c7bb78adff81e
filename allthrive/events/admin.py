from django.contrib import admin

from allthrive.events.models import Attendance, Event
from allthrive.staff import MembersAdmin


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    list_display = ("title", "place", "starts_at", "ends_at", "check_in_code")
    search_fields = ("title", "description", "place")
    date_hierarchy = "starts_at"


@admin.register(Attendance)
class AttendanceAdmin(MembersAdmin):
    """Who came; not edited here, because checking in pays points."""

    list_display = ("member", "event", "rsvp_at", "checked_in_at", "wrong_codes")
    list_filter = ("event",)
    list_select_related = ("member", "event")
    readonly_fields = (
        "event",
        "member",
        "rsvp_at",
        "checked_in_at",
        "wrong_codes",
        "last_wrong_code_at",
    )
