"""Room to grow: the member's tables can be partitioned by hash of the member.

Tests about PostgreSQL itself partition the tables in their own transaction. Once more, the whole
folder runs on tables that are partitioned for good, where THRIVE_TEST_DATABASE says partitioned.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.db import connection, transaction

from tests.stores.books import assert_books_agree, assert_law_holds
from tests.stores.plans import functions
from tests.stores.touched import (
    PLANS,
    TABLE,
    counted,
    explained,
    prepared,
    sent_by,
    strays_of,
)
from tests.support.partitions import (
    MEMBER_TABLES,
    PARTITIONS,
    partition_members_tables,
    partitions,
)
from thrive_points import selectors
from thrive_points.ledger.audit import audit, rebuild
from thrive_points.ledger.posting import store_for_writing
from thrive_points.models import PointsHistory
from thrive_points.selectors import Bucket
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

FUNCTIONS = ("thrive_points_lock_v1", "thrive_points_open_v2", "thrive_points_append_v1")
MEMBERS, ENTRIES = 200, 12
BEGIN = datetime(2025, 3, 3, 12, tzinfo=UTC)
TODAY = (BEGIN + timedelta(days=ENTRIES)).date()


@pytest.mark.django_db
def test_the_tables_are_partitioned_where_the_run_says_so():
    """Hold the run that is about partitions to its name."""
    partitioned = set(partitions().values()) if connection.vendor == "postgresql" else set()
    expected = os.environ.get("THRIVE_TEST_DATABASE") == "partitioned"
    assert partitioned == (set(MEMBER_TABLES) if expected else set())


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("shape", ["plain", "partitioned"])
def test_every_key_between_the_members_tables_leads_with_the_member(shape):
    if shape == "partitioned":
        partition_members_tables()
    found = keys()
    assert {table for table, *_ in found} == set(MEMBER_TABLES)
    assert {kind for _, _, kind, *_ in found} == {"p", "u", "f", "index"}
    assert {columns for *_, columns in found} == {("user_id", None), ("user_id", "user_id")}
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX planted ON thrive_points_xpevent (number, user_id)")
    planted = ("thrive_points_xpevent", "planted", "index", ("number", None))
    assert set(keys()) - set(found) == {planted}


def keys():
    """Return each key of the member's tables: table, name, kind, and first column on both sides."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_COLUMNS, {"tables": list(MEMBER_TABLES)})
        return [(*key, (own, theirs)) for *key, own, theirs in cursor.fetchall()]


@pytest.mark.postgresql
def test_each_statement_of_a_function_touches_one_partition(members):
    for function in FUNCTIONS:
        for member in (members[0], newcomer_of(members[0])):
            assert strays_in(function, member) == []


@pytest.mark.postgresql
def test_each_statement_of_the_store_touches_one_partition(members):
    store, member = store_for_writing(), members[0]

    def work():
        assert store.find(member.pk, "k:3").event_key == "k:3"
        assert store.find(member.pk, "nothing") is None
        assert len(list(store.active_days(member.pk, None))) == ENTRIES
        assert len(list(store.active_days(member.pk, "quiz_completed"))) == ENTRIES
        less = ("quiz_completed", BEGIN.date())
        assert len(list(store.active_days(member.pk, None, TODAY, less))) == ENTRIES - 1
        assert len(list(store.active_days_from(member.pk, None, BEGIN.date()))) == ENTRIES
        assert store.marks(member.pk, "~streak:a", "~streak:z") == []
        assert store.following(member.pk, 2) == []
        assert store.shortfalls(member.pk, "quiz_completed", BEGIN.date(), TODAY) == []

    for statement, params in sent_by(work):
        numbers = count(1)
        numbered = re.sub("%s", lambda _, numbers=numbers: f"${next(numbers)}", statement)
        for plan in PLANS:
            assert_one_partition(statement, prepared(numbered, params, plan))


READERS = {
    "history": lambda user: selectors.history(user),
    "a later page of history": lambda user: selectors.history(user, before=9, limit=3),
    "balance": lambda user: selectors.balance(user),
    "progress": lambda user: selectors.progress(user),
    "activities": lambda user: selectors.activities(user),
    "recorded_span": lambda user: selectors.recorded_span(user),
    **{
        f"by_category, {bucket.value}": lambda user, bucket=bucket: selectors.by_category(
            user, BEGIN.date(), TODAY, bucket
        )
        for bucket in Bucket
    },
}


@pytest.mark.postgresql
def test_each_statement_of_a_reader_touches_one_partition(members):
    for name, read in READERS.items():
        sent = sent_by(lambda read=read: read(members[0]))
        assert sent, name
        for statement, params in sent:
            assert_one_partition(f"{name}: {statement}", explained(statement, params))


@pytest.mark.postgresql
def test_a_call_of_the_service_touches_one_partition_of_each_table(members):
    """Look at what the server counted: it also sees foreign keys, and rows that were written."""
    member = members[0]
    calls = {
        "award": lambda: award(member, "new"),
        "duplicate": lambda: award(member, "new"),
        "reversal": lambda: PointsService.reverse(member, "new", "spam"),
        "adjustment": lambda: PointsService.adjust(member, 5, "thanks"),
        "first award": lambda: award(newcomer_of(member), "new"),
    }
    for name, call in calls.items():
        with counted() as touched:
            call()
        assert_one_partition(name, touched)
        # A duplicate reads neither XP events nor more than the day's totals.
        assert set(touched) >= set(MEMBER_TABLES) - {"thrive_points_xpevent"}, name
    assert_books_agree()
    assert_law_holds(member)


@pytest.mark.postgresql
def test_batches_reach_every_member_wherever_they_are(members):
    assert homes_of(members) == PARTITIONS
    for member in members[:20]:
        assert_law_holds(member)
        rows = PointsHistory.objects.filter(user=member, activity_type="quiz_completed")
        keys = rows.order_by("number").values_list("event_key", flat=True)
        assert list(keys) == [f"k:{n}" for n in range(ENTRIES)]
    # Delivered again, in another order and with one new event for each.
    again = [event(member, n) for n in (ENTRIES, 3, 0) for member in reversed(members)]
    results = [str(result.outcome) for result in PointsService.award_many(again)]
    assert results == ["awarded"] * MEMBERS + ["duplicate"] * 2 * MEMBERS
    assert_books_agree()


@pytest.mark.postgresql
def test_audit_and_rebuild_reach_every_member_wherever_they_are(members):
    wronged = members[1:]
    assert homes_of(wronged) == PARTITIONS
    assert_books_agree()
    with unlocked_ledger(), connection.cursor() as cursor:
        for statement in WRONGS:
            cursor.execute(statement, [[member.pk for member in wronged]])
    assert {found.user_id for found in audit()} == {member.pk for member in wronged}
    assert rebuild() == len(wronged)
    assert_books_agree()
    for member in wronged:
        assert_law_holds(member)


@pytest.mark.postgresql
def test_a_look_up_by_the_key_alone_is_found(members):
    """Plant the fault in the function, as somebody might write it, and look for it as above."""
    table = "thrive_points_pointshistory"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('thrive_points_open_v2'::regproc)")
        definition = cursor.fetchone()[0]
        faulty = definition.replace("candidate.user_id = p_user AND ", "")
        assert faulty != definition
        cursor.execute(faulty)
    found = strays_in("thrive_points_open_v2", members[0])
    assert [(plan, strays) for plan, _, strays in found] == [
        (plan, {table: PARTITIONS}) for plan in PLANS
    ]
    with counted() as touched:
        award(members[0], "new")
    assert len(touched[table]) == PARTITIONS


# The member's tables, filled.


@pytest.fixture
def members(db, make_user):
    """Return members of all partitions, each with a few entries."""
    partition_members_tables()
    made = [make_user() for _ in range(MEMBERS)]
    PointsService.award_many(event(member, n) for n in range(ENTRIES) for member in made)
    PointsService.adjust(made[0], 1, "so that there is something else")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(MEMBER_TABLES)}")
    return made


def event(member, number):
    return {
        "user": member,
        "activity_type": "quiz_completed",
        "metadata": {"event_key": f"k:{number}"},
        "occurred_at": BEGIN + timedelta(days=number),
    }


def award(member, key):
    return PointsService.award_points(member, "quiz_completed", {"event_key": key})


def newcomer_of(member):
    """Return somebody who has no entry and no account yet."""
    return type(member).objects.create(username=f"newcomer {type(member).objects.count()}")


def homes_of(members):
    """Return the number of partitions that members' entries lie in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(DISTINCT tableoid) FROM thrive_points_pointshistory "
            "WHERE user_id = ANY(%s)",
            [[member.pk for member in members]],
        )
        return cursor.fetchone()[0]


# What the functions touch.


def strays_in(name, member):
    """Return (plan, statement, strays) for each statement that touches more than one partition."""
    (function,) = (one for one in functions() if one.name == name)
    given = params_of(name, member)
    found = []
    for statement in filter(TABLE.search, function.statements()):
        for plan in PLANS:
            touched = prepared(statement, given, plan, function.parameters.values())
            assert set(touched) == set(TABLE.findall(statement)), statement
            if strays := strays_of(touched):
                found.append((plan, statement, strays))
    return found


def assert_one_partition(what, touched):
    assert touched, what
    assert strays_of(touched) == {}, what


def params_of(function, member):
    """Return what a real award gives to a function."""
    given = {"thrive_points_lock_v1": [member.pk]}

    def keep(execute, sql, params, many, context):
        if called := re.search(r"thrive_points_(open|append)_v\d", sql):
            given[called[0]] = list(params)
            if called[1] == "open":  # As for a rule with a cooldown, which the award's has not.
                hour = timedelta(hours=1)
                given[called[0]][-3:] = [BEGIN, BEGIN - hour, BEGIN + hour]
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(keep):
            award(member, "new")
        transaction.set_rollback(True)
    return given[function]


FIRST_COLUMNS = """
SELECT conrelid::regclass::text, conname, contype::text, own.attname, theirs.attname
FROM pg_constraint
JOIN pg_attribute AS own ON own.attrelid = conrelid AND own.attnum = conkey[1]
LEFT JOIN pg_attribute AS theirs ON theirs.attrelid = confrelid AND theirs.attnum = confkey[1]
WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype IN ('p', 'u', 'x')
    OR conrelid = ANY(%(tables)s::regclass[]) AND confrelid = ANY(%(tables)s::regclass[])
UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, 'index', own.attname, NULL
FROM pg_index
LEFT JOIN pg_attribute AS own ON own.attrelid = indrelid AND own.attnum = indkey[0]
WHERE indrelid = ANY(%(tables)s::regclass[]) AND indisunique
"""

WRONGS = (
    "UPDATE thrive_points_pointsdailytotal SET points = points + 1 WHERE user_id = ANY(%s)",
    "DELETE FROM thrive_points_xpevent WHERE number = 2 AND user_id = ANY(%s)",
    "UPDATE thrive_points_userthriveprofile SET total_xp = 7 WHERE user_id = ANY(%s)",
)
