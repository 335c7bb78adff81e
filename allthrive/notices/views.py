"""The page of the notices, and how many of them are new."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from allthrive.accounts.models import User
from allthrive.notices import services
from allthrive.pages import MembersView, Page


class Index(Page):
    """Show what happened while the member was away, the newest first."""

    template_name = "notices/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(told=services.told(self.member), **kwargs)


class MarkRead(MembersView):
    """Mark everything as read."""

    def post(self, request: HttpRequest) -> HttpResponse:
        services.mark_read(self.member)
        messages.success(request, "All read.")
        return redirect("notices:index")


def bell(request: HttpRequest) -> dict[str, Any]:
    """Give templates how many notices are new; it is counted where a page shows it."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"unread": SimpleLazyObject(lambda: services.unread(user))}
