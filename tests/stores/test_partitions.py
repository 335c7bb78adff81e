"""Room to grow: the member's tables can be partitioned by hash of the member.

Tests about PostgreSQL itself partition the tables in their own transaction. Once more, the whole
folder runs on tables that are partitioned for good, where THRIVE_TEST_DATABASE says partitioned.
"""

import json
import os
import re
from collections import defaultdict
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.stores.books import assert_books_agree, assert_law_holds
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

FUNCTIONS = ("thrive_points_lock_v1", "thrive_points_open_v1", "thrive_points_append_v1")
PLANS = ("force_generic_plan", "force_custom_plan")
MEMBERS, ENTRIES = 200, 12
BEGIN = datetime(2025, 3, 3, 12, tzinfo=UTC)
TODAY = (BEGIN + timedelta(days=ENTRIES)).date()
TABLE = re.compile(rf"\b({'|'.join(MEMBER_TABLES)})\b")


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
    with connection.cursor() as cursor:
        cursor.execute(FIRST_COLUMNS, {"tables": list(MEMBER_TABLES)})
        found = cursor.fetchall()
    assert {table for table, *_ in found} == set(MEMBER_TABLES)
    assert {"p", "u", "f"} <= {kind for _, _, kind, *_ in found}
    assert [row for row in found if (row[3], row[4] or "user_id") != ("user_id", "user_id")] == []


@pytest.mark.postgresql
def test_each_statement_of_a_function_touches_one_partition(members):
    for function in FUNCTIONS:
        for member in (members[0], newcomer_of(members[0])):
            assert strays_in(function, member) == []


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_statement_of_a_function_is_overlooked(function):
    """Hold the reader of the functions to what PostgreSQL has: every mention of a table."""
    body, _ = function_named(function)
    taken = [table for statement in statements_of(body) for table in TABLE.findall(statement)]
    assert sorted(taken) == sorted(TABLE.findall(body)) != []


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

    for statement, params in sent_by(work):
        for plan in PLANS:
            assert_one_partition(statement, prepared(statement, params, plan))


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
    wronged = members[::5]
    assert homes_of(wronged) == PARTITIONS
    assert_books_agree()
    with connection.cursor() as cursor:
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
        cursor.execute("SELECT pg_get_functiondef('thrive_points_open_v1'::regproc)")
        definition = cursor.fetchone()[0]
        faulty = definition.replace("candidate.user_id = p_user AND ", "")
        assert faulty != definition
        cursor.execute(faulty)
    found = strays_in("thrive_points_open_v1", members[0])
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


# What a statement touches.


def strays_in(function, member):
    """Return (plan, statement, strays) for each statement that touches more than one partition."""
    body, types = function_named(function)
    values = params_of(function, member)
    found = []
    for statement in statements_of(body):
        for plan in PLANS:
            touched = prepared(statement, values, plan, types)
            named = set(TABLE.findall(statement))
            assert set(touched) == named, statement
            if strays := strays_of(touched):
                found.append((plan, statement, strays))
    return found


def assert_one_partition(what, touched):
    assert touched, what
    assert strays_of(touched) == {}, what


def strays_of(touched):
    """Return the tables with more than one partition touched, and how many."""
    return {table: len(found) for table, found in touched.items() if len(found) > 1}


def prepared(statement, params, plan, types=None):
    """Return what a statement touches that is planned as the server plans one with parameters.

    Args:
        statement: with %s for each parameter, or with the names that `types` has.
        params: the values, in the order of the statement or of `types`.
        plan: generic, which is made before the values are known, or custom.
        types: the type of each parameter that the statement may name.
    """
    if types is None:
        for number in range(1, statement.count("%s") + 1):
            statement = statement.replace("%s", f"${number}", 1)
    else:
        for number, name in enumerate(types, 1):
            statement = re.sub(rf"\b{name}\b", f"${number}", statement)
    declared = f"({', '.join(types.values())})" if types else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL plan_cache_mode = {plan}")
        cursor.execute(f"PREPARE asked {declared} AS {statement}")
        try:
            return explained(f"EXECUTE asked ({', '.join(['%s'] * len(params))})", params)
        finally:
            cursor.execute("DEALLOCATE asked")


def explained(statement, params):
    """Execute a statement, take back what it did, and return the partitions it touched by table.

    Its plan tells which were scanned, the server's counters also which were written.
    """
    with transaction.atomic():
        with counted() as touched, connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", params)
            answer = cursor.fetchone()[0]
        transaction.set_rollback(True)
    plans = json.loads(answer) if isinstance(answer, str) else answer
    tables = partitions()
    for node in nodes_of(plans[0]["Plan"]):
        # What is pruned as it starts is not in the plan; what is pruned later never executes.
        # Rows are put into the table as a whole; the counters know where they went.
        name = node.get("Relation Name")
        if name in tables and name != tables[name] and node["Actual Loops"]:
            touched[tables[name]].add(name)
    return touched


def nodes_of(node):
    yield node
    for child in node.get("Plans", ()):
        yield from nodes_of(child)


@contextmanager
def counted():
    """Yield a mapping which, after the block, has the partitions by table that it touched."""
    touched = defaultdict(set)
    before = counters()
    yield touched
    tables = partitions()
    for partition, figures in counters().items():
        if figures != before.get(partition) and any(figures):
            touched[tables[partition]].add(partition)


def counters():
    """Return for each partition how often it was scanned and written in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_scan, COALESCE(idx_scan, 0), n_tup_ins, n_tup_upd, n_tup_del "
            "FROM pg_stat_xact_user_tables JOIN pg_inherits ON inhrelid = relid "
            "WHERE pg_table_is_visible(relid)"
        )
        return {name: figures for name, *figures in cursor.fetchall()}


def sent_by(work):
    """Return the statements about the member's tables that a piece of work sends."""
    sent = []

    def keep(execute, sql, params, many, context):
        if TABLE.search(sql):
            sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        work()
    return sent


# The statements inside the functions.


def function_named(name):
    """Return a function's body without comments, and the types of its parameters by name.

    A constant is a parameter of the statements too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, proargnames[1:pronargs], proargtypes::regtype[]::text[] "
            "FROM pg_proc WHERE oid = %s::regproc",
            [name],
        )
        body, names, types = cursor.fetchone()
    body = re.sub(r"--[^\n]*", "", body)
    return body, dict(zip(names, types, strict=True)) | {
        constant: kind for constant, kind, _ in CONSTANT.findall(body)
    }


def statements_of(body):
    """Yield the statements of a function's body that are about the member's tables."""
    for step in body.split(";"):
        found = re.search(r"\b(SELECT|INSERT|UPDATE|DELETE|WITH)\b.*", step, re.DOTALL)
        if found and TABLE.search(found[0]):
            # Where plpgsql keeps the answer is no part of what it sends.
            yield re.sub(r"(?<!INSERT )\bINTO\b[\w\s,]+?(?=\bFROM\b|\Z)", "", found[0])


def params_of(function, member):
    """Return what a real award gives to a function."""
    given = {"thrive_points_lock_v1": [member.pk]}

    def keep(execute, sql, params, many, context):
        if called := re.search(r"thrive_points_(open|append)_v1", sql):
            given[called[0]] = list(params)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(keep):
            award(member, "new")
        transaction.set_rollback(True)
    body, _ = function_named(function)
    return given[function] + [value for _, _, value in CONSTANT.findall(body)]


CONSTANT = re.compile(r"(\w+) CONSTANT (\w+) := (\w+)")

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
