"""How much may be sent in how much time: by a member, or by an address that is nobody yet."""

import logging
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from limits import RateLimitItem, parse_many
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

logger = logging.getLogger(__name__)

FORMS = "20/minute; 200/hour"
"""What a member may send: more than anybody types, less than a script would like."""
VISITORS = "10/minute; 60/hour"
"""What an address may send before it has signed in."""
BY_VIEW = {
    "accounts:signup": "5/minute; 20/hour",
    "referrals:accept": "20/minute; 100/hour",
    "referrals:make_link": "5/minute; 20/hour",
}
"""Views with a limit of their own, the invitation's page for looking codes up too."""
LOOKED_UP = frozenset({"referrals:accept"})


@cache
def limiter() -> FixedWindowRateLimiter:
    """Return what counts requests, in the storage that the settings name."""
    return FixedWindowRateLimiter(storage_from_string(settings.RATE_LIMIT_STORAGE))


@cache
def _items(limits: str) -> list[RateLimitItem]:
    return parse_many(limits)


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from, as the outermost of our own proxies saw it."""
    # What stands further left in the header is the visitor's word.
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    proxies = int(settings.PROXIES)
    seen = hops[-proxies] if 0 < proxies <= len(hops) else ""
    return seen or str(request.META.get("REMOTE_ADDR", ""))


class RateLimitMiddleware:
    """Answer 429 to whoever sends forms faster than people do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on; `process_view` looks at it once its view is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Count what is sent, and refuse what is too much."""
        view = request.resolver_match.view_name if request.resolver_match else ""
        is_sent = request.method not in ("GET", "HEAD", "OPTIONS")
        if not getattr(settings, "RATE_LIMITS_ON", True) or not (is_sent or view in LOOKED_UP):
            return None
        user = request.user
        who = f"member:{user.pk}" if user.is_authenticated else f"address:{address_of(request)}"
        common = FORMS if user.is_authenticated else VISITORS
        checks = [(item, "") for item in _items(common)] if is_sent else []
        checks += [(item, view) for item in _items(BY_VIEW[view])] if view in BY_VIEW else []
        # Each is counted, so that waiting for one does not save up for another.
        passed = [limiter().hit(item, who, about) for item, about in checks]
        if all(passed):
            return None
        logger.warning("Too many requests by %s to %s", who, request.path)
        wait = max(
            item.get_expiry() for (item, _), went in zip(checks, passed, strict=True) if not went
        )
        answer = render(request, "429.html", {"minutes": max(1, wait // 60)}, status=429)
        answer.headers["Retry-After"] = str(wait)
        return answer
