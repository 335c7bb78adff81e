"""Which partitions of the member's tables a statement touches, by its plan and by the counters."""

import json
import re
from collections import defaultdict
from contextlib import contextmanager

from django.db import connection, transaction

from tests.support.partitions import MEMBER_TABLES, partitions

PLANS = ("force_generic_plan", "force_custom_plan")
TABLE = re.compile(rf"\b({'|'.join(MEMBER_TABLES)})\b")


def strays_of(touched):
    """Return the tables with more than one partition touched, and how many."""
    return {table: len(found) for table, found in touched.items() if len(found) > 1}


def prepared(statement, params, plan, types=()):
    """Return what a statement touches that is planned as the server plans one with parameters.

    Args:
        statement: with $1, $2 ... for its parameters.
        params: their values.
        plan: generic, which is made before the values are known, or custom.
        types: their types, where the statement does not tell.
    """
    declared = f"({', '.join(types)})" if types else ""
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
        if figures != before[partition]:
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
