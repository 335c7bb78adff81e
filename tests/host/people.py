"""Members who click: what the feature tests share."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client

from allthrive.accounts.models import User
from thrive_points.models import PointsHistory


def make_member(name: str, **fields: Any) -> User:
    """Create a member who can sign in with the password "open sesame"."""
    return User.objects.create_user(name, password="open sesame", **fields)


def signed_in(user: User) -> Client:
    """Return a test client that is signed in as the member."""
    client = Client()
    client.force_login(user)
    return client


def said(response: Any) -> list[str]:
    """Return the messages a page has shown."""
    return [str(message) for message in response.context["messages"]]


def earned(user: User) -> list[tuple[str, int]]:
    """Return the member's entries, oldest first, as activity type and points."""
    return list(
        PointsHistory.objects.filter(user=user)
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
