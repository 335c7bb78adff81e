"""Connections that die or see an old moment: a call is tried again and counts once.

Nothing here ends a request, as nothing does in a consumer's loop, so Django never looks whether
the connection is still good: the platform's own calls must leave it so that the next one works.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, Error, OperationalError, connection, connections, transaction
from django.utils import timezone

from tests.races.waiting import ends_or_waits
from thrive_points.models import PointsHistory
from thrive_points.selectors import balance
from thrive_points.services import PointsService

pytestmark = pytest.mark.postgresql

QUIZ = "quiz_completed"


def award(user: Any, key: str, **arguments: Any) -> Any:
    return PointsService.award_points(user, QUIZ, {"event_key": key}, **arguments)


def event(user: Any, key: str, **arguments: Any) -> dict[str, Any]:
    return {
        "user": user,
        "activity_type": QUIZ,
        "metadata": {"event_key": key},
        **arguments,
    }


def elsewhere(work: Callable[[], Any]) -> Any:
    """Do some work over another connection."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def kill_the_connection() -> None:
    """Have the server end this thread's connection, and wait until it has."""
    pid = connection.connection.info.backend_pid

    def terminate() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            return cursor.fetchone()

    assert elsewhere(terminate) == (True,)


@pytest.fixture(autouse=True)
def _a_connection_that_works(transactional_db: None) -> Iterator[None]:
    """Leave no dead connection to what comes after, whatever a test found."""
    yield
    connection.close()


# Kept for longer than a test, or asked for by every call.
REFRESH = pytest.mark.parametrize("refresh", [3600, 0], ids=["rules kept", "rules due"])


@pytest.fixture
def points(settings: Any, refresh: int) -> None:
    """Have the rules read again as often as the test says."""
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": refresh}


CALLS: dict[str, Callable[[Any], Any]] = {
    "award": lambda user: award(user, "k"),
    "award_many": lambda user: PointsService.award_many([event(user, "k"), event(user, "k")])[0],
    "reverse": lambda user: PointsService.reverse(user, "first", "A mistake"),
    "adjust": lambda user: PointsService.adjust(user, 20, "A gift", event_key="k"),
}


def troubles_of(call: Callable[[], Any]) -> list[str]:
    """Make a call, and once more if it fails; return what went wrong."""
    troubles: list[str] = []
    for _ in range(2):
        try:
            call()
            break
        except Error as error:
            troubles.append(repr(error))
    return troubles


@REFRESH
@pytest.mark.parametrize("name", CALLS)
def test_a_connection_that_died_heals_at_the_next_call(points: None, user: Any, name: str) -> None:
    """The call that finds it dead may fail; the same call, sent again, works and counts once."""
    award(user, "first")
    kill_the_connection()
    assert len(troubles := troubles_of(lambda: CALLS[name](user))) < 2, troubles
    assert CALLS[name](user).outcome.value == "duplicate"
    user.refresh_from_db()
    assert balance(user) == {"reverse": 0}.get(name, 40)
    call_command("points_audit", verbosity=0)


@REFRESH
def test_it_heals_as_often_as_it_dies(points: None, user: Any) -> None:
    award(user, "first")
    for number in range(3):
        kill_the_connection()
        assert len(troubles := troubles_of(lambda n=number: award(user, f"k:{n}"))) < 2, troubles
    assert PointsHistory.objects.filter(user_id=user.pk).count() == 4


@REFRESH
def test_within_the_hosts_transaction_the_error_is_the_hosts(points: None, user: Any) -> None:
    """What the host did before is gone with the connection; only the host can do it again."""
    award(user, "first")
    troubles = []

    @transaction.atomic
    def work() -> None:
        award(user, "lost")
        kill_the_connection()
        for key in ("meets it", "comes after"):
            try:
                award(user, key)
            except Error as error:
                troubles.append(error)
        assert len(troubles) == 2, "an award was made on a connection that the host knows not of"
        raise troubles[0]

    with pytest.raises(Error):
        work()
    assert award(user, "next").points_awarded == 20
    entries = PointsHistory.objects.filter(user_id=user.pk)
    assert set(entries.values_list("event_key", flat=True)) == {"first", "next"}
    call_command("points_audit", verbosity=0)


# A capped event leaves its member's profile as it was, so nothing of the profile tells an older
# moment that something was written: only the entry does, which that moment cannot see.

FORMS: dict[str, Callable[..., Any]] = {
    "award": award,
    "award_many": lambda user, key, **arguments: PointsService.award_many(
        [event(user, key, **arguments)]
    )[0],
}


def reach_the_cap(user: Any) -> Any:
    """Use up a day's quizzes, and return an instant of that day."""
    now = timezone.now()
    PointsService.award_many(event(user, f"q:{number}", occurred_at=now) for number in range(10))
    return now


def answer(redeliver: Callable[[], Any]) -> str:
    """Return the outcome of a delivery, or the kind of database error it ended with."""
    try:
        return str(redeliver().outcome.value)
    except DatabaseError as error:
        kind = "" if isinstance(error, OperationalError) else f"{type(error).__name__} "
        return f"{kind}{getattr(error.__cause__, 'sqlstate', error)}"


ALLOWED = {"duplicate", "40001"}


def set_isolation(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")


LEVELS = pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])


@LEVELS
@pytest.mark.parametrize("form", FORMS)
def test_a_redelivery_from_an_older_moment_is_no_integrity_error(
    user: Any, form: str, level: str
) -> None:
    now = reach_the_cap(user)

    @transaction.atomic
    def redeliver() -> Any:
        set_isolation(level)
        user.refresh_from_db()  # The moment this transaction sees is that of its first question.
        first = elsewhere(lambda: FORMS[form](user, "capped", occurred_at=now))
        assert first.outcome.value == "capped"
        return FORMS[form](user, "capped", occurred_at=now)

    assert answer(redeliver) in ALLOWED
    # Whoever tries again on 40001, as such hosts do, is told.
    assert FORMS[form](user, "capped", occurred_at=now).outcome.value == "duplicate"
    assert PointsHistory.objects.filter(user_id=user.pk, event_key="capped").count() == 1


@LEVELS
@pytest.mark.parametrize("form", FORMS)
def test_nor_is_one_that_had_to_wait_for_the_first(user: Any, form: str, level: str) -> None:
    now = reach_the_cap(user)
    answers: list[str] = []

    @transaction.atomic
    def redeliver() -> Any:
        set_isolation(level)
        return FORMS[form](user, "capped", occurred_at=now)

    def work() -> None:
        try:
            answers.append(answer(redeliver))
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        assert FORMS[form](user, "capped", occurred_at=now).outcome.value == "capped"
        thread.start()
        assert ends_or_waits(thread) == "waits"
    thread.join()
    assert len(answers) == 1
    assert answers[0] in ALLOWED
    assert PointsHistory.objects.filter(user_id=user.pk, event_key="capped").count() == 1
