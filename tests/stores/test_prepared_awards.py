"""Awards by prepared calls: how often they wait for the server, and what a failed one leaves."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from tests.stores.books import assert_books_agree
from thrive_points.core.event import Outcome
from thrive_points.exceptions import InvalidCorrection
from thrive_points.ledger.prepared_cursor import PreparedCursor
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService
from thrive_points.signals import points_recorded

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only PostgreSQL keeps statements prepared"
    ),
]


@pytest.fixture
def questions(tmp_path):
    """Yield a function that tells how often a piece of work waits for the server, and for what."""

    @contextmanager
    def traced():
        asked = []
        with (tmp_path / "protocol").open("w+") as trace:
            server = connection.connection.pgconn
            server.trace(trace.fileno())
            try:
                yield asked
            finally:
                server.untrace()
            trace.seek(0)
            fields = [line.rstrip("\n").split("\t") for line in trace]
        # The server answers a simple query, and all that was sent before a Sync, at once.
        asked += [line[3:] for line in fields if line[1] == "F" and line[3] in ("Query", "Sync")]

    return traced


def seen_elsewhere(key):
    """Tell whether another connection sees the entry under a key."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_seen, key).result()


def _seen(key):
    try:
        return PointsHistory.objects.filter(event_key=key).exists()
    finally:
        connection.close()


@contextmanager
def without_listeners():
    """Keep the host's own questions after a commit out of the count."""
    kept, points_recorded.receivers = points_recorded.receivers, []
    points_recorded.sender_receivers_cache.clear()
    try:
        yield
    finally:
        points_recorded.receivers = kept
        points_recorded.sender_receivers_cache.clear()


def award(user, key):
    return PointsService.award_points(user, "quiz_completed", {"event_key": key})


def test_an_award_of_its_own_waits_for_the_server_twice(user, questions):
    """BEGIN goes with the first question, COMMIT with the second."""
    award(user, "warm")
    with without_listeners(), questions() as asked:
        assert award(user, "k1").points_awarded == 20
    assert asked == [["Sync"], ["Sync"]]
    with without_listeners(), questions() as asked:
        assert award(user, "k1").outcome is Outcome.DUPLICATE
    assert asked == [["Sync"], ["Query", ' "COMMIT"']]


def test_what_an_award_of_its_own_wrote_is_there_for_everybody_when_it_returns(user):
    for key in ("warm", "k1"):
        award(user, key)
        assert seen_elsewhere(key)


def test_what_is_to_be_done_on_commit_is_done_after_it(user):
    award(user, "warm")
    seen = []

    def look(sender, result, **_):
        seen.append(seen_elsewhere(result.event_key))

    points_recorded.connect(look)
    try:
        award(user, "k1")
    finally:
        points_recorded.disconnect(look)
    assert seen == [True]


def test_a_commit_that_the_database_refuses_is_an_error_and_leaves_nothing(user, make_user):
    """Foreign keys are checked at COMMIT; the account may be gone by then."""
    award(user, "warm")
    gone = make_user()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [gone.pk])
    with pytest.raises(IntegrityError, match="foreign key"):
        award(gone, "k1")
    assert not PointsHistory.objects.filter(user_id=gone.pk).exists()
    assert award(user, "k2").total_points == 40
    assert_books_agree()


def test_a_host_that_commits_by_itself_is_not_forestalled(user):
    award(user, "warm")
    transaction.set_autocommit(False)
    try:
        award(user, "k1")
        transaction.rollback()
        award(user, "k2")
        transaction.commit()
    finally:
        transaction.set_autocommit(True)
    keys = PointsHistory.objects.order_by("pk").values_list("event_key", flat=True)
    assert list(keys) == ["warm", "k2"]
    assert_books_agree()


def test_a_write_that_was_held_when_an_award_failed_is_never_sent(user, monkeypatch):
    award(user, "warm")
    with monkeypatch.context() as patched:
        patched.setattr("thrive_points.ledger.posting.AwardResult", None)
        with pytest.raises(TypeError):
            award(user, "k1")
    with pytest.raises(InvalidCorrection):
        PointsService.reverse(user, "nothing of the kind", "A mistake")
    assert award(user, "k2").total_points == 40
    assert_books_agree()


def test_an_execute_wrapper_that_objects_to_the_last_write_undoes_it(user):
    def object_to_the_write(execute, query, params, many, context):
        answer = execute(query, params, many, context)
        if "append" in query:
            raise RuntimeError("too much")
        return answer

    award(user, "warm")
    with pytest.raises(RuntimeError), connection.execute_wrapper(object_to_the_write):
        award(user, "k1")
    assert award(user, "k2").total_points == 40
    assert_books_agree()


def test_inside_a_hosts_transaction_it_waits_twice(user, questions):
    award(user, "warm")
    with transaction.atomic():
        award(user, "k1")
        with questions() as asked:
            award(user, "k2")
        assert asked == [["Sync"], ["Sync"]]


def test_a_statement_forgotten_behind_psycopgs_back_costs_no_award(user):
    award(user, "warm")
    for number in range(3):
        for _ in range(2):
            with connection.cursor() as cursor:
                cursor.execute("DO $$BEGIN EXECUTE 'DEALLOCATE ALL'; END$$")
        assert award(user, f"k{number}").points_awarded == 20
    assert_books_agree()


def test_text_arrives_in_whatever_encoding_the_host_has_chosen(user):
    award(user, "warm")
    with connection.cursor() as cursor:
        cursor.execute("SET client_encoding TO 'LATIN1'")
    try:
        assert award(user, "käse").points_awarded == 20
        assert award(user, "käse").outcome is Outcome.DUPLICATE
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SET client_encoding TO 'UTF8'")
    assert PointsHistory.objects.filter(event_key="käse").exists()


def test_an_interrupt_as_the_pipeline_opens_leaves_a_sound_connection(user):
    class Interrupted(BaseException):
        pass

    # As a signal would: at the first step of the function with the pipeline open.
    def step(frame, event, _):
        if event == "opcode" and connection.connection.pgconn.pipeline_status:
            raise Interrupted
        return step

    def trace(frame, *_):
        if frame.f_code is PreparedCursor._send_framed.__code__:
            frame.f_trace_opcodes = True
            return step
        return None

    for key in ("warm", "warmer"):
        award(user, key)
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(Interrupted):
            award(user, "k1")
    finally:
        sys.settrace(before)
    assert award(user, "k2").total_points == 60
    assert_books_agree()
