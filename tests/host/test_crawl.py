"""No address, method or input breaks a page, whoever asks."""

from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter
from django.utils.http import urlencode

from allthrive.accounts.models import User
from allthrive.demo.seeding.quizzes import create_quizzes
from tests.host.conftest import MakeMember
from tests.host.people import signed_in
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

NUMBERS = ("0", "1", "9" * 30)
TEXTS = ("now", "1", "a%00b", "%F0%9F%8C%B1", "x" * 300)
QUERIES = (
    {},
    {"page": "x", "q": "a\0b", "before": "9" * 40, "days": "-1", "ref": "\0"},
    {"since": "0001-01-01", "until": "9999-12-31", "window": "all", "bucket": "day"},
    {"since": "2026-10-01", "until": "2026-11-25", "username": "\0", "outcome": "\0", "e": "1"},
    {"o": "1.2.99", "p": "99999", "member": "9" * 30, "q": "\ud7ff", "_popup": "1"},
)
SENT = {
    "text": "a\0b", "title": "\0", "token": "\0", "kind": "x" * 5_000, "channel": "\0",
    "code": "9" * 300, "answer": "\0", "reason": "\0", "accept": "\0", "note": "\0",
    "coming": "\0", "points": "9" * 40, "comment": "\0", "next": "//evil.example",
}  # fmt: skip


def routes() -> Iterator[tuple[str, bool]]:
    """Yield an address for each route and each odd value of what it takes, and whether it does."""
    yield from _below("/", get_resolver().url_patterns)


def _below(prefix: str, patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, bool]]:
    for pattern in patterns:
        route = str(pattern.pattern)
        if route.startswith("^"):
            continue
        takes = pattern.pattern.converters
        odd = [NUMBERS if isinstance(takes[name], IntConverter) else TEXTS for name in takes]
        for values in product(*odd):
            address = route
            for value in values:
                before, _, rest = address.partition("<")
                address = f"{before}{value}{rest.partition('>')[2]}"
            if isinstance(pattern, URLResolver):
                yield from _below(prefix + address, pattern.url_patterns)
            else:
                yield prefix + address, bool(takes)


@pytest.fixture
def people(make_member: MakeMember, staff: User, member: User) -> dict[str, Client]:
    """Return a visitor, a newcomer, a member who did something, and staff."""
    import random

    create_quizzes(random.Random(1))
    for number in range(3):
        PointsService.award_points(member, "quiz_completed", {"event_key": f"q:{number}"})
    clients = {
        "visitor": Client(),
        "newcomer": signed_in(make_member("nova")),
        "member": signed_in(member),
        "staff": signed_in(staff),
    }
    for client in clients.values():
        client.raise_request_exception = False
        client.defaults["HTTP_ACCEPT"] = "text/html"
    return clients


@pytest.mark.parametrize("who", ["visitor", "newcomer", "member", "staff"])
def test_nothing_breaks(people: dict[str, Client], who: str):
    client = people[who]
    broken = []
    for address, takes_values in dict.fromkeys(routes()):
        if "sign-out" in address or "logout" in address:
            continue
        for query in QUERIES[: 1 if takes_values else None]:
            asked = f"{address}?{urlencode(query)}"
            if client.get(asked).status_code >= 500:
                broken.append(f"GET {asked[:200]}")
        if client.post(address, SENT).status_code >= 500:
            broken.append(f"POST {address[:200]}")
        if not takes_values and client.generic("PATCH", address).status_code >= 500:
            broken.append(f"PATCH {address[:200]}")
    assert not broken, "\n".join(broken)
