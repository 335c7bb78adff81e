"""The first page a signed-in member opens on a day counts as that day's login."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from allthrive.accounts.models import User
from allthrive.accounts.services import record_visit
from allthrive.earning import tell
from thrive_points.calendar.zones import today_of

SESSION_KEY = "last_visited_day"


class MemberDayMiddleware:
    """Record a member's first visit of their calendar day, and say what it earned."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Record the visit before the page is built, so that the page shows it."""
        user = request.user
        if isinstance(user, User) and "text/html" in request.headers.get("accept", ""):
            today = today_of(user).isoformat()
            if request.session.get(SESSION_KEY) != today:
                result = record_visit(user=user)
                request.session[SESSION_KEY] = today
                if result is not None:
                    tell(request, result)
        return self.get_response(request)
