"""The first page a signed-in member opens on a day counts as that day's login."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.accounts.services import record_visit
from allthrive.accounts.zones import clock_of
from allthrive.earning import tell
from thrive_points.calendar.zones import today_of

SESSION_KEY = "last_visited_day"


class MemberDayMiddleware:
    """Record a member's first visit of their calendar day, and say what it earned."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Record the visit before the page is built, so that the page shows it.

        Pages tell the time by the member's own clock; the staff admin keeps to the site's.
        """
        user = request.user
        if not isinstance(user, User) or request.path.startswith(reverse("admin:index")):
            return self.get_response(request)
        with timezone.override(clock_of(user)):
            self._note_visit(request, user)
            return self.get_response(request)

    def _note_visit(self, request: HttpRequest, user: User) -> None:
        today = today_of(user).isoformat()
        is_page = "text/html" in request.headers.get("accept", "")
        if is_page and request.session.get(SESSION_KEY) != today:
            result = record_visit(user=user)
            request.session[SESSION_KEY] = today
            if result is not None:
                tell(request, result)
