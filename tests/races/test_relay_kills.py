"""Workers and relays are killed at any moment; nothing is lost, and each member's order holds.

With the news queued after the commit, as a signal would, the same kills do lose some.
"""

import multiprocessing
import os
import signal
import time
from collections import defaultdict

import pytest
from django.contrib.auth import get_user_model
from django.db import connections

from tests.connect.receiver import receiving
from tests.stores.books import assert_books_agree
from thrive_connect import relay as relaying
from thrive_connect.models import Listener, Outgoing
from thrive_connect.webhooks import new_secret
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS, EVENTS, WORKERS, RELAYS = 4, 30, 2, 2
PATIENCE = 90


def _award(members, worker, done):
    users = list(get_user_model().objects.filter(pk__in=members).order_by("pk"))
    for n in range(EVENTS):
        for user in users:
            key = f"quiz:{worker}:{n}"
            PointsService.award_points(user, "quiz_completed", {"event_key": key})
    done.set()


def _relay():
    # Short, so that what a killed relay had taken is free again soon.
    relaying.LEASE = relaying.timedelta(seconds=0.4)
    while True:
        relaying.relay()
        time.sleep(0.01)


def _killed_and_started_again(rng, context, jobs, finished):
    """Keep a process for each job alive, killing one every now and then, until all is finished."""
    running = {}
    kills = 0
    ends = time.monotonic() + PATIENCE
    try:
        while not finished():
            assert time.monotonic() < ends, "it did not come to an end"
            for name, (target, args) in jobs.items():
                if name not in running or not running[name].is_alive():
                    running[name] = context.Process(target=target, args=args)
                    running[name].start()
            time.sleep(rng.uniform(0.05, 0.3))
            victim = running[rng.choice(sorted(running))]
            if kills < 25 and victim.is_alive():
                os.kill(victim.pid, signal.SIGKILL)
                victim.join()
                kills += 1
    finally:
        for process in running.values():
            process.kill()
            process.join()
    return kills


def test_nothing_is_lost_and_the_order_holds(rng, settings):
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "WEBHOOK_NETWORKS": ["127.0.0.0/8"]}
    users = get_user_model().objects
    members = [users.create(username=f"member {n}").pk for n in range(MEMBERS)]
    context = multiprocessing.get_context("fork")
    done = [context.Event() for _ in range(WORKERS)]
    with receiving() as receiver:
        secret = new_secret()
        receiver.secrets = (secret,)
        Listener.objects.create(
            name="receiver", url=receiver.url, kinds=["entry.recorded"], secret=secret
        )
        connections.close_all()
        jobs = {f"worker {n}": (_award, (members, n, done[n])) for n in range(WORKERS)}
        jobs |= {f"relay {n}": (_relay, ()) for n in range(RELAYS)}

        def finished():
            try:
                return all(one.is_set() for one in done) and not Outgoing.objects.exists()
            finally:
                # A connection must not be shared with the next process.
                connections.close_all()

        kills = _killed_and_started_again(rng, context, jobs, finished)
        connections.close_all()
    heard = defaultdict(list)
    for body in receiver.got:
        numbers = heard[int(body["data"]["member"])]
        if body["data"]["number"] not in numbers:
            numbers.append(body["data"]["number"])
    for member in members:
        entries = PointsHistory.objects.filter(user_id=member).order_by("number")
        assert heard[member] == list(entries.values_list("number", flat=True))
        assert len(heard[member]) == WORKERS * EVENTS
    again = len(receiver.got) - len(set(receiver.ids))
    assert kills > 5
    assert again <= kills
    assert_books_agree()
    print(f"{kills} kills, {len(receiver.got)} deliveries, {again} of them again")
