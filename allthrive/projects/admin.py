"""The admin looks; taking down goes through moderation, so that points follow."""

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from allthrive.accounts.access import member
from allthrive.projects import moderation
from allthrive.projects.models import Feedback, Project
from allthrive.staff import EarnedAdmin

SPAM = "Removed as spam by the team."


@admin.register(Project)
class ProjectAdmin(EarnedAdmin):
    list_display = ("title", "owner", "status", "created_at", "published_at")
    list_filter = ("status",)
    search_fields = ("title", "owner__username")
    date_hierarchy = "created_at"
    list_select_related = ("owner",)
    raw_id_fields = ("owner",)
    readonly_fields = ("status", "staff_note", "created_at", "published_at")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    actions = ("unpublish", "remove_as_spam")

    @admin.action(description="Unpublish and take the points back", permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        """Unpublish the selection."""
        results = [
            moderation.unpublish(
                project=project, reason="Unpublished by the team.", actor=member(request)
            )
            for project in queryset
        ]
        count = len([result for result in results if result is not None])
        self.message_user(request, f"{count} unpublished, their points taken back.")

    @admin.action(description="Remove as spam and take the points back", permissions=["change"])
    def remove_as_spam(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        """Remove the selection."""
        results = [
            moderation.remove_as_spam(project=project, reason=SPAM, actor=member(request))
            for project in queryset
        ]
        count = len([result for result in results if result])
        self.message_user(request, f"{count} removed, their points taken back.", messages.SUCCESS)


@admin.register(Feedback)
class FeedbackAdmin(EarnedAdmin):
    list_display = ("author", "project", "created_at", "removed_at")
    search_fields = ("text", "author__username")
    date_hierarchy = "created_at"
    list_select_related = ("author", "project")
    raw_id_fields = ("author", "project")
    readonly_fields = ("created_at", "removed_at")
    actions = ("remove",)

    @admin.action(description="Remove and take the points back", permissions=["change"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Remove the selection."""
        results = [
            moderation.remove_feedback(feedback=feedback, reason=SPAM, actor=member(request))
            for feedback in queryset
        ]
        count = len([result for result in results if result is not None])
        self.message_user(request, f"{count} removed, their points taken back.", messages.SUCCESS)
