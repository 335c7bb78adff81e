"""Hosts that lock their users, beside awards: neither ever waits for the other's end.

A host may lock a member's user and then award, or award and then lock or save the user; each
way by itself has to get along with awards from elsewhere, be they alone or in batches. So an
award may wait for the user's row, which is the host's, only while it holds nothing itself.
"""

import contextlib
import multiprocessing
import threading
import time
import traceback
from collections.abc import Callable, Collection
from functools import partial
from itertools import product
from random import Random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from tests.races.waiting import ends_or_waits
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

QUIZ = "quiz_completed"


def award(user: Any, key: str) -> Any:
    return PointsService.award_points(user, QUIZ, {"event_key": key})


def award_many(users: list[Any], key: str) -> Any:
    return PointsService.award_many(
        {"user": user, "activity_type": QUIZ, "metadata": {"event_key": key}} for user in users
    )


@transaction.atomic
def award_twice(user: Any) -> None:
    award(user, "once")
    award(user, "twice")


def reach_a_goal(user: Any) -> None:
    """Give feedback five times, for the last of which there is something on top."""
    now = timezone.now()
    for number in range(5):
        result = PointsService.award_points(
            user, "feedback_given", {"event_key": f"feedback:{number}"}, occurred_at=now
        )
    assert result.also_earned


def lock(user: Any) -> Any:
    return get_user_model().objects.select_for_update().get(pk=user.pk)


def save(user: Any) -> None:
    user.first_name = "Ada"
    user.save()


# One meeting each, arranged step by step, so that what can go wrong does so every time.

Members = list[Any]
# How many of two members have had an award before, the first of them first.
HAD_AWARDS = {"both are new": 0, "the second is new": 1, "both are known": 2}
FROM_ELSEWHERE: dict[str, Callable[[Members], Any]] = {
    "award": lambda users: award(users[0], "elsewhere"),
    "award to the other": lambda users: award(users[1], "elsewhere"),
    # PostgreSQL checks a foreign key anew where a row is updated twice in one transaction, even
    # if its key stays as it is: a profile that refers to the user would lock the user so.
    "two awards in one transaction": lambda users: award_twice(users[0]),
    "award that completes a goal": lambda users: reach_a_goal(users[0]),
    "adjust": lambda users: PointsService.adjust(users[0], 5, "A gift"),
    "award_many": lambda users: award_many(users, "elsewhere"),
    "award_many, the other way round": lambda users: award_many(users[::-1], "elsewhere"),
}


@pytest.fixture
def meetings(make_user: Callable[..., Any]) -> Callable[..., list[str]]:
    """Return a function that has a host meet each call from elsewhere, with each kind of members.

    In the host's transaction it does one thing, and then another once the call from elsewhere
    has ended or waits for it. What went wrong on either side is returned.
    """

    def meet_all(
        first: Callable[[Members], Any],
        then: Callable[[Members], Any],
        kinds: Collection[str] = HAD_AWARDS,
    ) -> list[str]:
        troubles = []
        for (name, call), kind in product(FROM_ELSEWHERE.items(), kinds):
            members = [make_user(), make_user()]
            for user in members[: HAD_AWARDS[kind]]:
                award(user, "first")
            found = meet(*(partial(do, members) for do in (first, call, then)))
            troubles += [f"{name}, {kind}: {error}" for error in found]
        call_command("points_audit", verbosity=0)
        return troubles

    return meet_all


def meet(
    first: Callable[[], Any], elsewhere: Callable[[], Any], then: Callable[[], Any]
) -> list[str]:
    errors: list[str] = []

    def call() -> None:
        try:
            elsewhere()
        except DatabaseError as error:
            errors.append(f"elsewhere: {error}")
        finally:
            connections.close_all()

    thread = threading.Thread(target=call)
    try:
        with transaction.atomic():
            first()
            thread.start()
            ends_or_waits(thread)
            then()
    except DatabaseError as error:
        errors.append(f"host: {error}")
    thread.join()
    return errors


def test_a_host_that_locks_the_user_and_then_awards(meetings: Callable[..., list[str]]) -> None:
    assert not meetings(lambda users: lock(users[0]), lambda users: award(users[0], "host"))


def test_a_host_that_locks_one_user_and_awards_to_two(meetings: Callable[..., list[str]]) -> None:
    """As a battle's end does. A batch must not hold one's profile while it waits for another.

    Two who are both new are left out: the host would take the users' rows out of their order.
    """
    assert not meetings(
        lambda users: lock(users[1]),
        lambda users: award_many(users, "host"),
        kinds=["the second is new", "both are known"],
    )


@pytest.mark.parametrize("then", [lock, save])
def test_a_host_that_awards_and_then_locks_or_saves_the_user(
    meetings: Callable[..., list[str]], then: Callable[[Any], Any]
) -> None:
    """Two first awards must not share the user's row, when the host then asks for all of it."""
    assert not meetings(lambda users: award(users[0], "host"), lambda users: then(users[0]))


def test_an_award_to_a_known_member_waits_for_no_lock_of_the_hosts(
    make_user: Callable[..., Any],
) -> None:
    user = make_user()
    award(user, "first")
    ended: list[bool] = []

    def call() -> None:
        award(user, "alone")
        award_twice(user)
        reach_a_goal(user)
        award_many([user, user], "batch")
        PointsService.reverse(user, "alone", "A mistake")
        ended.append(True)
        connections.close_all()

    thread = threading.Thread(target=call)
    with transaction.atomic():
        lock(user)
        thread.start()
        answer = ends_or_waits(thread)
    thread.join()
    assert (answer, ended) == ("ends", [True])


def test_a_batch_waits_for_a_first_award_and_for_no_user(
    make_user: Callable[..., Any],
) -> None:
    """A first award elsewhere holds the member's profile; a user's row that a host holds is none
    of the batch's business, though the member is new."""
    user, other = make_user(), make_user()
    errors: list[str] = []

    def run() -> None:
        try:
            award_many([user, other], "batch")
        except DatabaseError as error:
            errors.append(str(error))
        finally:
            connections.close_all()

    batch = threading.Thread(target=run)
    holder = connection.copy()
    with contextlib.closing(holder), holder.cursor() as cursor:
        cursor.execute("BEGIN")
        table = get_user_model()._meta.db_table
        cursor.execute(f"SELECT FROM {table} WHERE id = %s FOR UPDATE", [other.pk])
        with transaction.atomic():
            award(user, "first ever")
            batch.start()
            assert ends_or_waits(batch) == "waits"
        assert ends_or_waits(batch, holder) == "ends"
        cursor.execute("COMMIT")
    batch.join()
    assert errors == []
    call_command("points_audit", verbosity=0)


# Many meetings, as they come: processes that each do one thing again and again to few members.


def locks_then_awards(rng: Random, users: list[Any], key: str) -> None:
    user = rng.choice(users)
    with transaction.atomic():
        lock(user)
        time.sleep(rng.choice([0, 0.002]))
        award(user, key)


def awards_then_locks(rng: Random, users: list[Any], key: str) -> None:
    user = rng.choice(users)
    with transaction.atomic():
        award(user, key)
        time.sleep(rng.choice([0, 0.002]))
        lock(user)


def awards_then_saves(rng: Random, users: list[Any], key: str) -> None:
    user = rng.choice(users)
    with transaction.atomic():
        award(user, key)
        save(user)


def only_awards(rng: Random, users: list[Any], key: str) -> None:
    award(rng.choice(users), key)


def awards_batches(rng: Random, users: list[Any], key: str) -> None:
    award_many(rng.sample(users, 3), key)


Role = Callable[[Random, list[Any], str], None]
ROUNDS, TURNS = 2, 10


def work(
    name: str, role: Role, seed: int, rounds: list[list[int]], start: Any, answers: Any
) -> None:
    """Play a role for some turns with the members of each round, who are new to awards."""
    rng = Random(seed)
    errors = []
    try:
        for number, keys in enumerate(rounds):
            users = list(get_user_model().objects.filter(pk__in=keys).order_by("pk"))
            start.wait(30)
            for turn in range(TURNS):
                try:
                    role(rng, users, f"{name}:{number}:{turn}")
                except DatabaseError as error:
                    sqlstate = getattr(error.__cause__, "sqlstate", None)
                    errors.append(f"{name}: {sqlstate} {error}")
    except Exception:
        errors.append(traceback.format_exc())
        start.abort()
    finally:
        connections.close_all()
        answers.put(errors)


@pytest.mark.parametrize("host", [locks_then_awards, awards_then_locks, awards_then_saves])
def test_hosts_and_awards_in_many_processes(
    make_user: Callable[..., Any], rng: Random, host: Role
) -> None:
    rounds = [[make_user().pk for _ in range(4)] for _ in range(ROUNDS)]
    roles = [host, host, only_awards, awards_batches]
    # A connection must not be shared across a fork.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, answers = context.Barrier(len(roles)), context.Queue()
    children = [
        context.Process(
            target=partial(work, f"{number} {role.__name__}", role),
            args=(rng.getrandbits(32), rounds, start, answers),
        )
        for number, role in enumerate(roles)
    ]
    for child in children:
        child.start()
    errors = [error for _ in children for error in answers.get(timeout=60)]
    for child in children:
        child.join(timeout=10)
    assert errors == []
    # Each turn of the hosts and of the single awards left one entry, each batch three.
    assert PointsHistory.objects.filter(event_key__contains=":").count() >= ROUNDS * TURNS * 6
    call_command("points_audit", verbosity=0)
