"""What the ledger says about a member, and what a page told them."""

from typing import Any

from django.contrib.messages import get_messages

from allthrive.accounts.models import User
from tests.host.people import BEFORE
from thrive_points.models import PointsHistory


def entries(user: User) -> list[tuple[str, str, int]]:
    """Return activity type, outcome and points of a member's entries, the oldest first."""
    rows = PointsHistory.objects.filter(user=user).exclude(event_key__startswith=BEFORE)
    rows = rows.order_by("number")
    return list(rows.values_list("activity_type", "outcome", "points"))


def earned(user: User) -> list[str]:
    """Return the activity types of a member's paid entries, the oldest first."""
    return [name for name, _, points in entries(user) if points > 0]


def told(response: Any) -> list[str]:
    """Return the messages the next page of this client would show."""
    return [str(message) for message in get_messages(response.wsgi_request)]
