"""A site of django-tenants: what happens in one tenant's schema never reaches another's.

Both tenants have members of the same primary keys, so that an award that went to the wrong
schema would find somebody there. Each test's connection was used in red before, as a web
process's is by earlier requests, and the first statement in blue is the platform's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models, transaction
from django.test.utils import override_settings

from tests.support.databases import scratch_database
from tests.support.small_site import SmallSite, database_at, started
from thrive_points.models import PointRule, PointsHistory
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.selectors import balance
from thrive_points.services import PointsService

pytestmark = pytest.mark.postgresql

TENANTS = ("red", "blue")
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def site() -> Iterator[SmallSite]:
    with (
        scratch_database() as url,
        started(
            database_at(url, ENGINE="django_tenants.postgresql_backend"),
            module="tests.sites.tenants.settings",
        ) as site,
    ):
        site.ask(set_up)
        yield site


@pytest.fixture
def ask(site: SmallSite) -> Ask:
    """Return a function that asks the site."""
    return site.ask


# What follows up to the tests runs in the site, whose models pytest's own process does not have.


def set_up() -> None:
    from tests.sites.tenants.models import Client

    call_command("migrate_schemas", shared=True, run_syncdb=True, verbosity=0)
    for name in TENANTS:
        Client(schema_name=name, name=name).save(verbosity=0)


def inside(name: str) -> Any:
    from django_tenants.utils import schema_context

    return schema_context(name)


def members(username: str, count: int = 1) -> dict[str, list[Any]]:
    """Make members of the same keys in both tenants, and use the connection in red."""
    model = get_user_model()
    last = 0
    for name in TENANTS:
        with inside(name):
            last = max(last, model.objects.aggregate(last=models.Max("pk"))["last"] or 0)
    made = {}
    for name in reversed(TENANTS):
        with inside(name):
            made[name] = [
                model.objects.create(pk=last + number, username=f"{username}{last + number}")
                for number in range(1, count + 1)
            ]
    with inside("red"):
        for user in made["red"]:
            award(user, "red:1")
            award(user, "red:2")
    return made


def award(user: Any, key: str) -> Any:
    return PointsService.award_points(user, "quiz_completed", {"event_key": key})


def event(user: Any, key: str) -> dict[str, Any]:
    return {"user": user, "activity_type": "quiz_completed", "metadata": {"event_key": key}}


def books(made: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what each tenant's members have, after the audit has gone through both."""
    found = {}
    for name, users in made.items():
        with inside(name):
            call_command("points_audit", verbosity=0)
            for user in users:
                user.refresh_from_db()
            entries = PointsHistory.objects.filter(user_id__in=[user.pk for user in users])
            found[name] = {
                "balances": [balance(user) for user in users],
                "keys": sorted(set(entries.values_list("event_key", flat=True))),
            }
    return found


UNTOUCHED = {"balances": [40], "keys": ["red:1", "red:2"]}


def award_over_a_warm_connection() -> Any:
    made = members("warm")
    with inside("blue"):
        total = award(made["blue"][0], "blue:1").total_points
    return total, books(made)


def award_after_a_block_that_rolled_back() -> Any:
    made = members("rolled")
    (user,) = made["blue"]
    with inside("blue"):
        with transaction.atomic():
            award(user, "undone")
            transaction.set_rollback(True)
        total = award(user, "blue:1").total_points
        # A savepoint takes back what was set since, too.
        with transaction.atomic():
            with transaction.atomic():
                award(user, "undone")
                transaction.set_rollback(True)
            award(user, "blue:2")
    return total, books(made)


def award_by_turns() -> Any:
    made = members("turns")
    for number in range(3):
        for name in TENANTS:
            with inside(name):
                award(made[name][0], f"{name}:turn:{number}")
    return books(made)


def award_inside_one_transaction_by_turns() -> Any:
    """One database transaction over both schemas, as a job over all tenants may be."""
    made = members("one")
    with transaction.atomic():
        for name in (*TENANTS, *TENANTS):
            with inside(name):
                award(made[name][0], f"{name}:both")
    return books(made)


def award_in_batches() -> Any:
    made = members("batch", 3)
    users = made["blue"]
    with inside("blue"):
        results = PointsService.award_many([event(user, "blue:1") for user in users])
        results += PointsService.award_stream(
            (event(user, key) for user in users for key in ("blue:2", "blue:1")), batch_size=4
        )
    return [result.total_points for result in results], books(made)


def reverse_a_key_that_both_have() -> Any:
    made = members("reverse")
    for name in ("blue", "red"):
        with inside(name):
            award(made[name][0], "both")
    with inside("blue"):
        first = PointsService.reverse(made["blue"][0], "both", "A mistake")
        PointsService.adjust(made["blue"][0], 7, "A gift", event_key="gift")
    outcomes = {}
    for name in TENANTS:
        with inside(name):
            entries = PointsHistory.objects.filter(user_id=made[name][0].pk)
            outcomes[name] = sorted(set(entries.values_list("outcome", flat=True)))
    return first.outcome.value, outcomes, [books(made)[name]["balances"] for name in TENANTS]


PUBLISHED = {"red": "tutorial_completed", "blue": "event_attended"}


def award_under_rules_of_another_tenant() -> Any:
    """Have each tenant double the points of another activity, and award both in both.

    Returns what each tenant paid, with the kind of revision it wrote down.
    """
    made = members("rules")
    for name, activity in PUBLISHED.items():
        with inside(name):
            if not PointRule.objects.exists():
                rule = POINT_RULES[activity]
                rule = replace(rule, base_points=2 * rule.base_points)
                with override_settings(THRIVE_POINTS={"RULES_REFRESH_SECONDS": 0}):
                    publish(activity, rule, reason="A try.")
    for number in range(2):
        for name in TENANTS:
            with inside(name):
                for activity in PUBLISHED.values():
                    key = {"event_key": f"{activity}:{number}"}
                    PointsService.award_points(made[name][0], activity, key)
    paid = {}
    for name in TENANTS:
        with inside(name):
            entries = PointsHistory.objects.filter(
                user_id=made[name][0].pk, activity_type__in=PUBLISHED.values()
            )
            facts = entries.values_list("activity_type", "points", "rule_revision")
            paid[name] = sorted({(a, points, r.partition(":")[0]) for a, points, r in facts})
    return paid


def test_an_award_goes_where_the_tenant_is(ask: Ask) -> None:
    total, found = ask(award_over_a_warm_connection)
    assert found == {"red": UNTOUCHED, "blue": {"balances": [20], "keys": ["blue:1"]}}
    assert total == 20


def test_an_award_after_a_rolled_back_block_goes_where_the_tenant_is(ask: Ask) -> None:
    total, found = ask(award_after_a_block_that_rolled_back)
    assert found == {"red": UNTOUCHED, "blue": {"balances": [40], "keys": ["blue:1", "blue:2"]}}
    assert total == 20


def test_tenants_that_take_turns_keep_their_own_books(ask: Ask) -> None:
    found = ask(award_by_turns)
    assert [found[name]["balances"] for name in TENANTS] == [[100], [60]]


def test_so_they_do_within_one_transaction(ask: Ask) -> None:
    found = ask(award_inside_one_transaction_by_turns)
    assert [found[name]["balances"] for name in TENANTS] == [[60], [20]]


def test_a_batch_goes_where_the_tenant_is(ask: Ask) -> None:
    totals, found = ask(award_in_batches)
    assert found == {
        "red": {**UNTOUCHED, "balances": [40, 40, 40]},
        "blue": {"balances": [40, 40, 40], "keys": ["blue:1", "blue:2"]},
    }
    assert totals == [20, 20, 20, *[40] * 6]


def test_a_correction_touches_its_own_tenant_alone(ask: Ask) -> None:
    outcome, outcomes, balances = ask(reverse_a_key_that_both_have)
    assert outcome == "reversed"
    assert outcomes == {"red": ["awarded"], "blue": ["adjusted", "awarded", "reversed"]}
    assert balances == [[60], [7]]


# As if nothing were due during the test; or as if every award came after the interval, when
# the database is asked what was published: the same answer in both tenants, of other rules.
@pytest.mark.parametrize("refresh", [3600, 0], ids=["kept", "asked for each time"])
def test_a_revision_decides_in_its_own_tenant_alone(site: SmallSite, refresh: int) -> None:
    paid = site.ask(
        award_under_rules_of_another_tenant,
        settings={"THRIVE_POINTS": {"RULES_REFRESH_SECONDS": refresh}},
    )
    assert paid == {
        "red": [["event_attended", 15, "code"], ["tutorial_completed", 20, "r1"]],
        "blue": [["event_attended", 30, "r1"], ["tutorial_completed", 10, "code"]],
    }
