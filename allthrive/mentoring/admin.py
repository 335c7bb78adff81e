from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from allthrive.mentoring.models import Mentor, Session
from allthrive.staff import MembersAdmin


@admin.register(Mentor)
class MentorAdmin(admin.ModelAdmin):
    list_display = ("member", "is_available", "since")
    list_filter = ("is_available",)
    list_select_related = ("member",)
    raw_id_fields = ("member",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in nothing from the address: an instant there is text, which no page can show."""
        return {}


@admin.register(Session)
class SessionAdmin(MembersAdmin):
    """Sessions; their course is not edited here, because confirming one pays points."""

    list_display = ("topic", "mentor", "mentee", "status", "requested_at", "held_at")
    list_filter = ("status",)
    list_select_related = ("mentor", "mentee")
    search_fields = ("topic",)
    readonly_fields = ("mentor", "mentee", "status", "requested_at", "answered_at", "held_at")
