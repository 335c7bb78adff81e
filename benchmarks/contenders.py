"""The contenders that run in the project's own environment: floors, platform, hand-written."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import django
from django.db import connection, transaction
from django.utils import timezone

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from benchmarks.rules import ACTIVITY, CAP  # noqa: E402
from benchmarks.typical import services as typical_services  # noqa: E402
from thrive_points.models import PointsHistory  # noqa: E402
from thrive_points.selectors import (  # noqa: E402
    Bucket,
    by_category,
    history,
)
from thrive_points.services import PointsService  # noqa: E402

METADATA = {"score": 80, "quiz": 17}
POINTS = 20


class Contender:
    """Awards one event at a time, or a batch of (member, event key) in one transaction."""

    def open(self) -> None:
        """Get ready; called once in a process before this contender's first run."""

    def close(self) -> None:
        """Undo what `open` changed."""

    def members(self) -> Sequence[Any]:
        return list(User.objects.order_by("pk"))

    def award(self, member: Any, event_key: str) -> None:
        raise NotImplementedError

    def award_batch(self, events: Sequence[tuple[Any, str]]) -> None:
        raise NotImplementedError


class Floor(Contender):
    """One PL/pgSQL function through Django's cursor, in a transaction; batches by COPY."""

    def award(self, member: Any, event_key: str) -> None:
        with transaction.atomic():
            self.call(member, event_key)

    def call(self, member: Any, event_key: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM floor_award(%s, %s, %s, %s, %s, %s, %s)",
                [
                    member.pk, ACTIVITY, event_key, timezone.now(), json.dumps(METADATA),
                    CAP, POINTS,
                ],
            )  # fmt: skip
            cursor.fetchone()

    def award_batch(self, events: Sequence[tuple[Any, str]]) -> None:
        metadata, now = json.dumps(METADATA), timezone.now()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE floor_event (place bigint, user_id integer, "
                "activity_type varchar, event_key varchar, occurred_at timestamptz, "
                "metadata jsonb) ON COMMIT DROP"
            )
            with cursor.copy("COPY floor_event FROM STDIN") as copy:
                for place, (member, event_key) in enumerate(events):
                    copy.write_row((place, member.pk, ACTIVITY, event_key, now, metadata))
            cursor.execute("SELECT * FROM floor_award_batch(%s, %s)", [CAP, POINTS])
            cursor.fetchall()


class FloorAutocommit(Floor):
    """The same function without a transaction block."""

    def award(self, member: Any, event_key: str) -> None:
        self.call(member, event_key)


class Platform(Contender):
    """PointsService."""

    def award(self, member: Any, event_key: str) -> None:
        PointsService.award_points(member, ACTIVITY, {"event_key": event_key, **METADATA})

    def award_batch(self, events: Sequence[tuple[Any, str]]) -> None:
        PointsService.award_many(
            {
                "user": member,
                "activity_type": ACTIVITY,
                "metadata": {"event_key": event_key, **METADATA},
            }
            for member, event_key in events
        )


class Typical(Contender):
    """A sound hand-written version, one ORM call for each thought."""

    def award(self, member: Any, event_key: str) -> None:
        typical_services.award(member, ACTIVITY, event_key, METADATA)


class ByCategory(Platform):
    """Thirty days by category, as the chart asks for them."""

    def award(self, member: Any, event_key: str) -> None:
        today = timezone.localdate()
        by_category(member, today - timedelta(days=29), today, Bucket.DAY)


class FirstPage(Platform):
    """The newest page of the history."""

    def award(self, member: Any, event_key: str) -> None:
        history(member)


class ThousandthPage(Platform):
    """A page of the history far back, by its cursor."""

    def award(self, member: Any, event_key: str) -> None:
        if not hasattr(self, "_before"):
            own = PointsHistory.objects.filter(user=member).order_by("-number")
            self._before = own.values_list("number", flat=True)[50_000]
        history(member, before=self._before)


CONTENDERS: dict[str, type[Contender]] = {
    "floor": Floor,
    "floor_autocommit": FloorAutocommit,
    "platform": Platform,
    "typical": Typical,
    "by_category": ByCategory,
    "first_page": FirstPage,
    "thousandth_page": ThousandthPage,
}


def database_process() -> int | None:
    """Return the process id of this connection's server process, None for SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])
