"""The peers' award, as their own documentation calls it."""

from collections.abc import Sequence
from typing import Any

import django
from django.db import connection, transaction

django.setup()

import django_gamification.signals  # noqa: E402, F401 - connects its receivers
from django.contrib.auth.models import User  # noqa: E402
from django_gamification.models import GamificationInterface, PointChange  # noqa: E402
from pinax.points.models import award_points  # noqa: E402

POINTS = 20


class Pinax:
    """pinax-points: a value, a total and a position for each member; no keys, no caps."""

    def open(self) -> None:
        """Need nothing."""

    close = open

    def members(self) -> Sequence[Any]:
        return list(User.objects.order_by("pk"))

    def award(self, member: Any, event_key: str) -> None:
        # Not in a transaction: it moves other members' positions too, so that two awards at
        # once would deadlock.
        award_points(member, POINTS, reason=event_key)


class Gamification(Pinax):
    """django-gamification: a row of its log and the unlockables; no keys, no caps, no total."""

    def members(self) -> Sequence[Any]:
        return list(GamificationInterface.objects.order_by("pk"))

    def award(self, member: Any, event_key: str) -> None:
        with transaction.atomic():
            PointChange.objects.create(amount=POINTS, interface=member)


CONTENDERS = {"pinax_points": Pinax, "django_gamification": Gamification}


def database_process() -> int:
    """Return the process id of this connection's server process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
