"""Poolers: a site behind PgBouncer in transaction mode, and one with psycopg's own pool.

A pooler hands one client's transactions to several servers, so whatever is kept on a server from
one transaction to the next is missing in some, or found by a client that knows nothing of it.
Few connections and many clients make that happen all the time.
"""

import multiprocessing
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test.utils import override_settings

from tests.support.databases import scratch_database
from tests.support.paths import ROOT
from tests.support.pgbouncer import running_pgbouncer
from tests.support.small_site import database_at, started
from thrive_points.models import PointsHistory
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.selectors import activities, balance, history
from thrive_points.services import PointsService
from thrive_points.testing import forget_rules

pytestmark = pytest.mark.postgresql

PROCESSES, CALLS, MEMBERS = 3, 40, 6


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Yield the address of a migrated database that the sites of this module share."""
    with scratch_database() as url:
        with started(database_at(url)) as site:
            site.ask(set_up)
        yield url


@pytest.fixture(scope="module")
def pooler(server: str) -> Iterator[str]:
    with running_pgbouncer(server) as url:
        yield url


# What follows up to the tests runs in the sites.


def set_up() -> None:
    call_command("migrate", verbosity=0)
    for number in range(MEMBERS):
        get_user_model().objects.create(username=f"member{number}")
    rule = POINT_RULES["tutorial_completed"]
    with override_settings(THRIVE_POINTS={"RULES_REFRESH_SECONDS": 0}):
        publish("tutorial_completed", replace(rule, base_points=20), reason="A try.")


def call_from_processes(run: str, seed: int) -> dict[str, Any]:
    connections.close_all()
    jobs = [(f"{run}:{number}", seed + number) for number in range(PROCESSES)]
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        return together(pool.starmap(call_again_and_again, jobs), run)


def call_from_threads(run: str, seed: int) -> dict[str, Any]:
    jobs = [(f"{run}:{number}", seed + number, True) for number in range(PROCESSES)]
    with ThreadPoolExecutor(PROCESSES) as pool:
        return together(list(pool.map(lambda job: call_again_and_again(*job), jobs)), run)


def together(reports: list[dict[str, Any]], run: str) -> dict[str, Any]:
    """Return the errors of all, and what is in the books afterwards beside what was answered."""
    call_command("points_audit", verbosity=0)
    return {
        "errors": dict(Counter(error for report in reports for error in report["errors"])),
        "answered": sum(report["awarded"] for report in reports),
        "written": PointsHistory.objects.filter(event_key__startswith=f"{run}:")
        .exclude(outcome__in=["reversed", "adjusted"])
        .count(),
        "thresholds": sorted({str(report["threshold"]) for report in reports}),
    }


def call_again_and_again(name: str, seed: int, requests: bool = False) -> dict[str, Any]:
    """Make all kinds of calls, and now and then read the rules anew.

    `requests` gives the connection back after each, as the end of a request does.
    """
    rng = Random(seed)
    members = list(get_user_model().objects.order_by("pk"))
    errors: list[str] = []
    awarded, threshold = 0, None
    for number in range(CALLS):
        key, user = f"{name}:{number}", rng.choice(members)
        kind = rng.choice(["award", "award", "again", "nested", "many", "correct", "read"])
        if number % 3 == 0:
            forget_rules()
        try:
            awarded += call(kind, user, key, rng.sample(members, 3))
        except Exception as error:
            # A lost cursor shows in many ways, not all of them Django's or the driver's.
            errors.append(f"{kind}: {str(error).splitlines()[0]}")
        if connection.connection is not None:
            threshold = connection.connection.prepare_threshold
        if requests:
            connection.close()
    connection.close()
    return {"errors": errors, "awarded": awarded, "threshold": threshold}


def call(kind: str, user: Any, key: str, others: list[Any]) -> int:
    """Make one call and return how many events were recorded."""
    event = {"activity_type": "tutorial_completed", "metadata": {"event_key": key}}
    if kind == "read":
        user.refresh_from_db()
        assert balance(user) >= 0
        assert history(user) or balance(user) == 0
        assert activities(user)
        return 0
    if kind == "correct":
        PointsService.adjust(user, 5, "A gift", event_key=key)
        PointsService.reverse(user, key, "A mistake")
        return 0
    if kind == "many":
        return len(PointsService.award_many([{**event, "user": other} for other in others]))
    if kind == "nested":
        with transaction.atomic():
            user.save(update_fields=["first_name"])
            PointsService.award_points(user, **event)
        return 1
    PointsService.award_points(user, **event)
    if kind == "again":
        assert PointsService.award_points(user, **event).outcome.value == "duplicate"
    return 1


# How a site may say that it is behind a pooler: as Django's documentation has it, as psycopg's has
# it (which is Django's default, said aloud), or not at all, over connections that are kept.
BEHIND_A_POOLER: dict[str, dict[str, Any]] = {
    "as Django documents it": {"DISABLE_SERVER_SIDE_CURSORS": True},
    "as psycopg documents it": {"OPTIONS": {"prepare_threshold": None}},
    "not said": {"CONN_MAX_AGE": None},
}


def check(report: dict[str, Any], threshold: int | None) -> None:
    assert report["errors"] == {}
    assert report["answered"] == report["written"] > 0
    # What the host has chosen for its connections is the host's.
    assert report["thresholds"] == [str(threshold)]


@pytest.mark.parametrize("said", BEHIND_A_POOLER)
def test_a_site_behind_a_pooler_makes_no_errors(pooler: str, rng: Random, said: str) -> None:
    with started(database_at(pooler, **BEHIND_A_POOLER[said])) as site:
        check(site.ask(call_from_processes, said, rng.getrandbits(32)), None)


POOL = {"pool": {"min_size": 1, "max_size": 3, "timeout": 60}}


def test_a_site_with_psycopgs_pool_makes_no_errors(server: str, rng: Random) -> None:
    with started(database_at(server, OPTIONS=POOL)) as site:
        check(site.ask(call_from_threads, "pool", rng.getrandbits(32)), None)


def test_nor_does_one_with_both(pooler: str, rng: Random) -> None:
    database = database_at(pooler, OPTIONS=POOL, DISABLE_SERVER_SIDE_CURSORS=True)
    with started(database) as site:
        check(site.ask(call_from_threads, "both", rng.getrandbits(32)), None)


def test_a_host_that_prepares_keeps_its_threshold(server: str, rng: Random) -> None:
    with started(database_at(server, OPTIONS={"prepare_threshold": 3})) as site:
        check(site.ask(call_from_processes, "prepares", rng.getrandbits(32)), 3)


OWNER = """
import sys, time
from tests.support.pgbouncer import running_pgbouncer
with running_pgbouncer(sys.argv[1]) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def test_the_pooler_ends_with_its_owner(server: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, server], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    folder = Path(database_at(url)["HOST"])
    assert folder.exists()
    owner.send_signal(signal.SIGKILL)
    owner.communicate()
    # The folder goes last.
    until = time.monotonic() + 30
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()
