"""The admin looks; taking down goes through moderation, so that points follow."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from allthrive.accounts.access import member
from allthrive.projects import moderation
from allthrive.projects.models import Feedback, Project
from allthrive.staff import EarnedAdmin
from thrive_points import AwardResult

SPAM = "Removed as spam by the team."


class _TakesDown(EarnedAdmin):
    may_remove = ""

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Return whether somebody may take down: the same that the site's pages ask for."""
        return request.user.has_perm(self.may_remove)

    def take_down(
        self,
        request: HttpRequest,
        things: QuerySet[Any],
        act: Callable[[Any], list[AwardResult]],
    ) -> None:
        """Do it to each, and say how many were taken down; one's own are left alone."""
        count = 0
        for thing in things:
            try:
                count += bool(act(thing))
            except PermissionDenied as refusal:
                self.message_user(request, f"{thing}: {refusal}", messages.ERROR)
        self.message_user(request, f"{count} taken down, their points taken back.")


@admin.register(Project)
class ProjectAdmin(_TakesDown):
    list_display = ("title", "owner", "status", "created_at", "published_at")
    list_filter = ("status",)
    search_fields = ("title", "owner__username")
    date_hierarchy = "created_at"
    list_select_related = ("owner",)
    # Whose it is decides who was paid.
    readonly_fields = ("owner", "status", "staff_note", "created_at", "published_at")
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    actions = ("unpublish", "remove_as_spam")
    may_remove = moderation.MAY_REMOVE

    @admin.action(description="Unpublish and take the points back", permissions=["change"])
    def unpublish(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        """Unpublish the selection."""
        reason, actor = "Unpublished by the team.", member(request)
        self.take_down(
            request,
            queryset,
            lambda project: moderation.unpublish(project=project, reason=reason, actor=actor),
        )

    @admin.action(description="Remove as spam and take the points back", permissions=["remove"])
    def remove_as_spam(self, request: HttpRequest, queryset: QuerySet[Project]) -> None:
        """Remove the selection."""
        actor = member(request)
        self.take_down(
            request,
            queryset,
            lambda project: moderation.remove_as_spam(project=project, reason=SPAM, actor=actor),
        )


@admin.register(Feedback)
class FeedbackAdmin(_TakesDown):
    list_display = ("author", "project", "created_at", "removed_at")
    search_fields = ("text", "author__username")
    date_hierarchy = "created_at"
    list_select_related = ("author", "project")
    readonly_fields = ("author", "project", "created_at", "removed_at")
    actions = ("remove",)
    may_remove = moderation.MAY_REMOVE_FEEDBACK

    @admin.action(description="Remove and take the points back", permissions=["remove"])
    def remove(self, request: HttpRequest, queryset: QuerySet[Feedback]) -> None:
        """Remove the selection."""
        actor = member(request)
        self.take_down(
            request,
            queryset,
            lambda feedback: moderation.remove_feedback(
                feedback=feedback, reason=SPAM, actor=actor
            ),
        )
