"""A site watched by OpenTelemetry: each statement of an award is a span, and each span ends."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider

from tests.support.wire import sent_statements
from thrive_circles.models import UserThriveProfile
from thrive_points.services import PointsService

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("without_listeners"),
]


class Watch(SpanProcessor):
    """Keeps the spans that began, and those that ended, in memory."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.ended: list[str] = []

    def on_start(self, span: Any, parent_context: Any = None) -> None:
        self.began.append(span.name)

    def on_end(self, span: ReadableSpan) -> None:
        self.ended.append(span.name)

    def forget(self) -> None:
        self.began.clear()
        self.ended.clear()


@pytest.fixture
def watch(user: Any) -> Iterator[Watch]:
    """Yield a watch over a connection that was opened after psycopg was instrumented."""
    watch, provider = Watch(), TracerProvider()
    provider.add_span_processor(watch)
    instrumentor = PsycopgInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    connection.close()
    try:
        yield watch
    finally:
        instrumentor.uninstrument()
        # The next test's connection is to be one of psycopg's plain ones again.
        connection.close()


def award(user: Any, key: str) -> Any:
    return PointsService.award_points(user, "quiz_completed", {"event_key": key})


def test_every_statement_of_an_award_is_a_span_that_ends(watch: Watch, user: Any) -> None:
    for number in range(3):
        award(user, f"warm:{number}")
    for call in (
        lambda: award(user, "q:1"),
        lambda: award(user, "q:1"),
        lambda: transaction.atomic(award)(user, "q:2"),
        lambda: PointsService.award_points(user, "daily_login", {"event_key": "login"}),
        lambda: PointsService.reverse(user, "q:1", "A mistake"),
        lambda: PointsService.adjust(user, 5, "A gift"),
    ):
        watch.forget()
        with sent_statements(connection) as sent:
            call()
        assert sent
        assert len(watch.began) == len(sent), f"{watch.began}\n{sent}"
        assert watch.ended == watch.began


def test_a_statement_that_fails_ends_its_span_too(watch: Watch, user: Any) -> None:
    award(user, "warm")
    other = connection.copy()
    with contextlib.closing(other), connection.cursor() as cursor, other.cursor() as holder:
        holder.execute("BEGIN")
        holder.execute(f"LOCK TABLE {UserThriveProfile._meta.db_table}")
        cursor.execute("SET lock_timeout = '20ms'")
        watch.forget()
        with pytest.raises(OperationalError, match="lock timeout"):
            award(user, "refused")
    assert watch.began
    assert watch.ended == watch.began
    assert award(user, "again").points_awarded == 20
