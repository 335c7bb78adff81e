from django.contrib import admin

from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.staff import MembersAdmin


@admin.register(WeeklyChallenge)
class WeeklyChallengeAdmin(admin.ModelAdmin):
    list_display = ("title", "monday")
    date_hierarchy = "monday"


@admin.register(Participation)
class ParticipationAdmin(MembersAdmin):
    """Members' parts; they change on the site's own pages, because each change pays points."""

    list_display = ("member", "challenge", "submitted_at", "completed_at", "completed_by")
    list_filter = ("challenge",)
    list_select_related = ("member", "challenge", "completed_by")
    readonly_fields = (
        "challenge",
        "member",
        "opted_in_at",
        "submission",
        "submitted_at",
        "completed_at",
        "completed_by",
        "answered_at",
        "answer",
    )
