"""Which partitions of the member's tables a statement touches, by its plan and by the counters.

The statements inside PostgreSQL's functions are taken from the functions as the database has them.
"""

import json
import re
from collections import defaultdict
from contextlib import contextmanager

from django.db import connection, transaction

from tests.support.partitions import MEMBER_TABLES, partitions

PLANS = ("force_generic_plan", "force_custom_plan")
TABLE = re.compile(rf"\b({'|'.join(MEMBER_TABLES)})\b")
CONSTANT = re.compile(r"(\w+) CONSTANT (\w+) := (\w+)")


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
