"""What was written when the session had ended: it is kept, and sent after signing in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

KEPT = "unsent"
MOST = 20_000
"""Characters kept: more than any form of members takes."""


class UnsentMiddleware:
    """Keep a form that was sent without a session, and offer it again where it was sent to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Keep what leads to the sign-in page; offer it on the way back; explain a bare 405."""
        response = self.get_response(request)
        to_sign_in = response.headers.get("Location", "").startswith(
            resolve_url(settings.LOGIN_URL)
        )
        if request.method == "POST" and response.status_code == 302 and to_sign_in:
            _keep(request)
        if request.method == "GET" and response.status_code == 405:
            fields = _kept_for(request)
            page = "405.html" if fields is None else "unsent.html"
            explained = render(
                request, page, {"fields": fields}, status=405 if fields is None else 200
            )
            if "Allow" in response.headers:
                explained.headers["Allow"] = response.headers["Allow"]
            return explained
        return response


def _keep(request: HttpRequest) -> None:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and "password" not in name
    ]
    if sum(len(value) for _, value in fields) <= MOST:
        request.session[KEPT] = {"path": request.path, "fields": fields}


def _kept_for(request: HttpRequest) -> list[Any] | None:
    kept = request.session.get(KEPT)
    if not request.user.is_authenticated or not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return list(kept["fields"])
