"""Members who click: what the feature tests share."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.utils import timezone

from allthrive.accounts.models import User
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

BEFORE = "before:"
"""How the keys begin of what members did before a test."""


def make_member(name: str, **fields: Any) -> User:
    """Create a member who can sign in with the password "open sesame"."""
    return User.objects.create_user(name, password="open sesame", **fields)


def make_active(*users: User) -> None:
    """Have members earned on three days before, so that their word counts for others' points."""
    for user in users:
        for days in (1, 2, 3):
            PointsService.award_points(
                user=user,
                activity_type="quiz_completed",
                metadata={"event_key": f"{BEFORE}{days}"},
                occurred_at=timezone.now() - timedelta(days=days),
            )


def signed_in(user: User) -> Client:
    """Return a test client that is signed in as the member."""
    client = Client()
    client.force_login(user)
    return client


def said(response: Any) -> list[str]:
    """Return the messages a page has shown."""
    return [str(message) for message in response.context["messages"]]


def earned(user: User) -> list[tuple[str, int]]:
    """Return the member's entries since they were made active, as activity type and points."""
    return list(
        PointsHistory.objects.filter(user=user)
        .exclude(event_key__startswith=BEFORE)
        .order_by("pk")
        .values_list("activity_type", "points")
    )


def race(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls at the same moment, each on a connection of its own.

    Returns:
        What each call returned or raised, in the order given.
    """
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=10)
            answers[place] = call()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers
