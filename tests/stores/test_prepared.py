"""Prepared calls: sent by name, BEGIN with the first one, and as safe as the driver's own way."""

import signal

import pytest
from django.db import Error, connection, transaction
from psycopg import IsolationLevel

from thrive_points.ledger.prepared import PreparedCalls

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="only PostgreSQL keeps statements prepared"
    ),
]

PLUS_ONE = "SELECT %(number)s::bigint + 1"
ISOLATION = "SELECT current_setting('transaction_isolation'), %(number)s::bigint"


@pytest.fixture
def call():
    return PreparedCalls(connection)


def kept():
    """Return how many statements the server keeps for the calls of this module."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%::bigint%'"
            " AND statement NOT LIKE '%pg_prepared%'"
        )
        return cursor.fetchone()[0]


def test_a_call_is_prepared_once_whatever_the_size_of_its_values(call):
    numbers = [0, 1, 40_000, 3_000_000_000, 2]
    assert [call(PLUS_ONE, {"number": number})[0] for number in numbers] == [
        number + 1 for number in numbers
    ]
    assert kept() == 1


def test_a_second_store_finds_the_statement_of_the_first(call):
    call(PLUS_ONE, {"number": 1})
    other = PreparedCalls(connection)
    assert [other(PLUS_ONE, {"number": number}) for number in (2, 3)] == [(3,), (4,)]
    assert kept() == 1


def test_null_is_a_value_like_any_other(call):
    assert [call(PLUS_ONE, {"number": number}) for number in (1, None, 2)] == [(2,), (None,), (3,)]


def test_behind_a_pooler_nothing_is_prepared(call, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    assert call(PLUS_ONE, {"number": 1}) == (2,)
    assert kept() == 0


def test_a_transaction_begins_as_the_host_has_set_it_up(call):
    connection.ensure_connection()
    raw = connection.connection
    before = raw.isolation_level
    raw.isolation_level = IsolationLevel.SERIALIZABLE
    try:
        for _ in range(2):
            with transaction.atomic():
                assert call(ISOLATION, {"number": 1})[0] == "serializable"
    finally:
        raw.isolation_level = before


@pytest.mark.parametrize("calls_before", [0, 1])
def test_an_error_is_djangos_and_leaves_a_sound_connection(call, calls_before):
    @transaction.atomic
    def fail():
        for number in range(calls_before):
            call(PLUS_ONE, {"number": number})
        call(PLUS_ONE, {"number": "one"})

    call(PLUS_ONE, {"number": 1})
    with pytest.raises(Error, match="invalid input syntax"):
        fail()
    for number in range(2):
        with transaction.atomic():
            assert call(PLUS_ONE, {"number": number}) == (number + 1,)


def test_a_statement_that_the_server_was_made_to_forget_is_prepared_anew(call):
    """psycopg forgets its statements after a rollback, and has the server do so too."""
    for number in range(3):
        with transaction.atomic():
            assert call(PLUS_ONE, {"number": number}) == (number + 1,)
            transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    with transaction.atomic():
        assert call(PLUS_ONE, {"number": 7}) == (8,)
    assert kept() == 1


def test_a_host_that_pipelines_by_itself_gets_its_answers(call):
    call(PLUS_ONE, {"number": 1})
    with transaction.atomic(), connection.connection.pipeline():
        assert call(PLUS_ONE, {"number": 2}) == (3,)


def test_an_interrupted_call_never_leaves_its_answer_to_the_next(call):
    class Interrupted(BaseException):
        pass

    def interrupt(*_):
        raise Interrupted

    statement = "SELECT pg_sleep(%(seconds)s), 'late'::text"
    call(statement, {"seconds": 0})
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Interrupted), transaction.atomic():
            call(statement, {"seconds": 5})
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with transaction.atomic():
        assert call(PLUS_ONE, {"number": 1}) == (2,)
