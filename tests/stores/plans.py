"""How the database would execute a statement, and what is wrong with that for a member's tables.

The statements inside PostgreSQL's functions are taken from the functions themselves, as they are
in the database, so that no copy of them can be right where they are wrong.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection

MEMBERS_TABLES = (
    "thrive_points_pointshistory",
    "thrive_points_pointsdailytotal",
    "thrive_points_userthriveprofile",
    "thrive_points_xpevent",
)
KEY_INDEX = "thrive_points_event_once"
_SOURCE = """
SELECT proname, prosrc, proargnames, proargmodes,
       ARRAY(SELECT format_type(type, NULL) FROM unnest(proargtypes::oid[]) AS given (type))
FROM pg_proc
WHERE proname LIKE 'thrive\\_points\\_%%' AND prorettype <> 'trigger'::regtype
    AND pg_function_is_visible(oid)
ORDER BY proname
"""
_CONSTANT = re.compile(r"(\w+)\s+CONSTANT\s+\w+\s*:=\s*([^;]+);")
_CONTROL = re.compile(
    r"(?:IF\b.*?\bTHEN|FOR\s+\w+\s+IN|ELSE|BEGIN|END\s+IF|END\s+LOOP|END)\b\s*", re.S
)
_KEYED = re.compile(r"\bevent_key\"?\s*(?:\|\|[^=<>]*)?>?=")
_BY_KEY = re.compile(r"event_key=\?|event_key>\? AND event_key<\?")
_TARGETS = r"\s+INTO\s+(?:STRICT\s+)?\w+(?:\s*,\s*\w+)*(?=\s|\Z)"


class Function(NamedTuple):
    """A function of the platform's, with the name and type of each parameter."""

    name: str
    source: str
    parameters: Mapping[str, str]

    def statements(self) -> Iterator[str]:
        """Yield each statement, its targets left out and parameters numbered.

        Raises:
            AssertionError: a table is named outside what is yielded.
        """
        source = re.sub(r"--[^\n]*", "", self.source)
        declared, _, body = source.partition("BEGIN")
        found = [text for chunk in re.split(r";|\bLOOP\b", body) if (text := _statement(chunk))]
        table = re.compile(rf"\b(?:thrive_\w+|{get_user_model()._meta.db_table})\b")
        named, seen = table.findall(body), table.findall(" ".join(found))
        assert named == seen, f"{self.name} names {named}, its statements {seen}"
        for text in found:
            for name, value in _CONSTANT.findall(declared):
                text = re.sub(rf"\b{name}\b", value, text)
            for number, name in enumerate(self.parameters, 1):
                text = re.sub(rf"\b{name}\b", f"${number}", text)
            yield text


def _statement(chunk: str) -> str:
    """Return the SQL of a piece of plpgsql; empty for what is none."""
    text = chunk.strip()
    while control := _CONTROL.match(text):
        text = text[control.end() :]
    text = re.sub(r"\A(?:PERFORM|RETURN\s+QUERY\s+SELECT)\b", "SELECT", text)
    if re.match(r"SELECT\b", text):
        return re.sub(_TARGETS, "", text, count=1)
    if re.match(r"(?:WITH|INSERT|UPDATE|DELETE)\b", text):
        return re.sub(rf"(\bRETURNING\b.*?){_TARGETS}", r"\1", text, flags=re.S)
    return ""


def functions() -> list[Function]:
    """Return the platform's functions but those of triggers, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE, [])
        rows = cursor.fetchall()
    return [
        Function(name, source, dict(zip(_inputs(names, modes), types, strict=True)))
        for name, source, names, modes, types in rows
    ]


def _inputs(names: list[str], modes: list[str] | None) -> list[str]:
    return [
        name for name, mode in zip(names, modes or "i" * len(names), strict=True) if mode == "i"
    ]


def faults_inside(function: Function, values: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the plans of a function's statements.

    The server makes plans for the values at hand and, once it finds that as good, one for any
    values: both are asked for.

    Args:
        function: as the database has it.
        values: the SQL of a value for each parameter's name.
    """
    types = ", ".join(function.parameters.values())
    given = ", ".join(values[name] for name in function.parameters)
    found = []
    with connection.cursor() as cursor:
        for text in function.statements():
            cursor.execute(f"PREPARE planned ({types}) AS {text}")
            for mode in ("force_custom_plan", "force_generic_plan"):
                cursor.execute(f"SET LOCAL plan_cache_mode = {mode}")
                cursor.execute(f"EXPLAIN (FORMAT JSON) EXECUTE planned ({given})")
                plan = _plan(cursor.fetchone())
                found += [f"{function.name}, {mode}: {fault}" for fault in faults_of(plan, text)]
            cursor.execute("RESET plan_cache_mode")
            cursor.execute("DEALLOCATE planned")
    return found


def faults_in(statement: str) -> list[str]:
    """Return what is wrong with the plan of a statement that has no parameters."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
            return list(faults_of(_plan(cursor.fetchone()), statement))
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [step for *_, step in cursor.fetchall()]
    keyed = _KEYED.search(statement)
    return [
        step
        for step in steps
        if (look := re.match(r"(SCAN|SEARCH) (\w+)(.*)", step))
        and _table_of(look[2], statement).startswith(MEMBERS_TABLES)
        and ("user_id" not in look[3] or (keyed and not _BY_KEY.search(look[3])))
    ]


def _table_of(alias: str, statement: str) -> str:
    """Return the table that a statement calls by an alias, on SQLite."""
    found = re.search(rf'(\w+)"?\s+AS\s+"?{alias}\b', statement)
    return found[1] if found else alias


def _plan(row: tuple[Any]) -> Any:
    found = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return found[0]["Plan"]


def faults_of(plan: Any, statement: str) -> Iterator[str]:
    """Yield each look into a member's table that does not go straight to what it looks for.

    Args:
        plan: of the statement, as EXPLAIN tells it.
        statement: one that looks for an event key may do so by no other index.
    """
    keyed = _KEYED.search(statement)
    users = get_user_model()._meta.db_table
    for node in _nodes(plan):
        table = node.get("Relation Name", "")
        if not node["Node Type"].endswith("Scan") or not table.startswith((*MEMBERS_TABLES, users)):
            continue
        looks = list(_looks(node))
        shown = f"{node['Node Type']} on {table} by {looks}"
        # Of look-ups whose results are intersected, one that goes straight there is enough.
        enough = any if node.get("Plans", [{}])[0].get("Node Type") == "BitmapAnd" else all
        if not looks:
            yield shown
        elif table.startswith(MEMBERS_TABLES):
            if not enough("user_id" in condition for _, condition in looks):
                yield f"{shown}, not by member"
            if keyed and table.startswith(MEMBERS_TABLES[0]):
                if not enough("event_key" in condition for _, condition in looks):
                    yield f"{shown}, not by key"
                if not enough(index == KEY_INDEX for index, _ in looks):
                    yield f"{shown}, not by {KEY_INDEX}"


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def _looks(node: Any) -> Iterator[tuple[str, str]]:
    """Yield the index and the condition of each look-up that a scan is made of."""
    if "Index Cond" in node:
        yield node["Index Name"], node["Index Cond"]
    if node["Node Type"] == "Bitmap Heap Scan":
        for child in _nodes(node["Plans"][0]):
            if child["Node Type"] == "Bitmap Index Scan":
                yield child["Index Name"], child.get("Index Cond", "")
