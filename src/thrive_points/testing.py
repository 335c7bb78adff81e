"""For a host's tests: what was awarded, a service without a database, and a ledger to flush."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unittest import mock

from django.db import connections
from django.utils import timezone

from thrive_points.core.event import Outcome
from thrive_points.ledger.results import AwardResult
from thrive_points.models import PointsHistory
from thrive_points.rules import current
from thrive_points.services import PointsService
from thrive_points.sql.named import schema_of

flush_is_allowed = False
"""Whether this process is a test run that may empty the ledger."""


@contextmanager
def unlocked_ledger(alias: str = "default") -> Iterator[None]:
    """Lift the triggers that guard ledger and rules of a test database, for a block.

    Args:
        alias: the database's alias.
    """
    connection = connections[alias]

    def run(prefix: str) -> None:
        with connection.cursor() as cursor:
            for statement in schema_of(connection, prefix):
                if re.match(rf"{prefix} (constraint )?trigger", statement, re.IGNORECASE):
                    cursor.execute(statement)

    run("drop")
    try:
        yield
    finally:
        run("create")


def allow_flush() -> None:
    """Let `flush`, and so TransactionTestCase and pytest's transactional_db, empty the ledger.

    They empty tables by DELETE or TRUNCATE, which the ledger's triggers refuse. Call this once,
    in conftest.py or wherever the test run is configured.
    """
    global flush_is_allowed
    flush_is_allowed = True


def forget_rules() -> None:
    """Drop the rules this process has read, as a test that rolled back a revision must."""
    current.forget()


def assert_awarded(
    user: Any,
    activity_type: str,
    *,
    points: int | None = None,
    event_key: str | None = None,
    times: int | None = None,
) -> None:
    """Fail unless a member was paid for an activity.

    Args:
        user: the member.
        activity_type: an enum member or its plain name.
        points: that one such award must have brought, if it matters.
        event_key: of the event, if it matters.
        times: how many such awards there must be; one or more by default.

    Raises:
        AssertionError: there is none, or another number; it says what the member has.
    """
    history = PointsHistory.objects.filter(user_id=user.pk).order_by("number")
    entries = list(history.values_list("activity_type", "outcome", "points", "event_key"))
    found = [
        entry
        for entry in entries
        if entry[0] == str(activity_type)
        and Outcome(entry[1]).pays
        and points in (None, entry[2])
        and event_key in (None, entry[3])
    ]
    if len(found) != times if times is not None else not found:
        told = "; ".join(f"{a} {o} {p:+d} under {k}" for a, o, p, k in entries) or "nothing"
        wanted = "an award" if times is None else f"{times} awards"
        raise AssertionError(
            f"{user} should have {wanted} of {activity_type!s}"
            + (f" with {points} points" if points is not None else "")
            + (f" under {event_key}" if event_key is not None else "")
            + f", but has {told}"
        )


def assert_nothing_awarded(user: Any) -> None:
    """Fail if a member was paid for anything.

    Raises:
        AssertionError: it says for what.
    """
    rows = PointsHistory.objects.filter(user_id=user.pk).values_list("activity_type", "outcome")
    if paid := [name for name, outcome in rows if Outcome(outcome).pays]:
        raise AssertionError(f"{user} should have no awards, but has {', '.join(paid)}")


@dataclass(slots=True)
class FakePoints:
    """What a feature asked of the service while `fake_points` stood in for it.

    Args:
        points: what each award brings.
        awarded: an event for each award: user, activity type, metadata, occurred at.
    """

    points: int = 10
    awarded: list[dict[str, Any]] = field(default_factory=list)
    _results: dict[tuple[Any, str], AwardResult] = field(default_factory=dict)

    def award_points(
        self,
        user: Any,
        activity_type: str,
        metadata: Mapping[str, Any] | None = None,
        occurred_at: datetime | None = None,
        *,
        event_key: str | None = None,
    ) -> AwardResult:
        """Remember an event; answer `awarded`, or `duplicate` to a key that was given before."""
        facts = dict(metadata or {})
        key = event_key or facts.get("event_key") or f"~fake:{len(self.awarded)}"
        known = (user.pk, key) in self._results
        total = sum(one.points_awarded for (who, _), one in self._results.items() if who == user.pk)
        now = timezone.now()
        at = occurred_at or now
        result = AwardResult(
            outcome=Outcome.DUPLICATE if known else Outcome.AWARDED,
            activity_type=str(activity_type),
            event_key=key,
            points_awarded=0 if known else self.points,
            total_points=total if known else total + self.points,
            number=len(self._results) + (not known),
            label=str(activity_type).replace("_", " "),
            day=at.date(),
            occurred_at=at,
            recorded_at=now,
        )
        if not known:
            self._results[user.pk, key] = result
            self.awarded.append(
                {
                    "user": user,
                    "activity_type": str(activity_type),
                    "metadata": facts,
                    "occurred_at": occurred_at,
                }
            )
        return result

    def award_many(self, events: Iterable[Mapping[str, Any]], **_: Any) -> list[AwardResult]:
        """Remember a batch."""
        return [self.award_points(**event) for event in events]

    def award_stream(self, events: Iterable[Mapping[str, Any]], **_: Any) -> Iterator[AwardResult]:
        """Remember a stream."""
        return (self.award_points(**event) for event in events)


@contextmanager
def fake_points(points: int = 10) -> Iterator[FakePoints]:
    """Let a fake stand in for `award_points`, `award_many` and `award_stream`, for a block.

    For tests of a feature that are about what it awards, not about points: no rule is asked, no
    cap is kept and no database is needed.

    Args:
        points: what each award brings.
    """
    fake = FakePoints(points)
    with mock.patch.multiple(
        PointsService,
        award_points=fake.award_points,
        award_many=fake.award_many,
        award_stream=fake.award_stream,
    ):
        yield fake
