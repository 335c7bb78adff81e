"""What the platform's tests share: members, and fresh rules."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from thrive_points.signals import points_recorded
from thrive_points.testing import forget_rules

_numbers = count(1)


@pytest.fixture(autouse=True)
def fresh_rules() -> Iterator[None]:
    """Keep one test's rule revisions out of the next one's rule book."""
    forget_rules()
    yield
    forget_rules()


@pytest.fixture
def without_listeners(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep what the reference host does after an award out of what a test counts."""
    with monkeypatch.context() as patched:
        patched.setattr(points_recorded, "receivers", [])
        points_recorded.sender_receivers_cache.clear()
        yield
    points_recorded.sender_receivers_cache.clear()


@pytest.fixture
def make_user(db: None) -> Callable[..., Any]:
    """Return a function that makes a saved user, in the zone given."""

    def make(zone: str = "UTC") -> Any:
        return get_user_model().objects.create(username=f"member{next(_numbers)}", timezone=zone)

    return make


@pytest.fixture
def user(make_user: Callable[..., Any]) -> Any:
    """Return a saved user."""
    return make_user()
