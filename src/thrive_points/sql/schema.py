"""Does a database still have the functions, triggers and constraints of this release?"""

import re
from collections.abc import Iterator, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.sql.named import schema_of

MISSING, ALTERED, DISABLED = "missing", "altered", "disabled"

_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\b.*?AS \$\$(.*)\$\$", re.DOTALL)
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+)\b")
_CONSTRAINT = re.compile(r"ADD CONSTRAINT (\w+)\b")


def altered(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Yield (name, what is wrong) for each function, trigger or constraint that is not as released.

    Args:
        connection: of the ledger's database, migrated.
    """
    for name, statement in _expected(connection):
        found = _present(connection, name, statement)
        if found is None:
            yield name, MISSING
        elif found == DISABLED:
            yield name, DISABLED
        elif found != statement and _plain(found) != _plain(statement):
            yield name, ALTERED


def _expected(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Yield each name with what it should say: a function's body, a trigger, or nothing."""
    for statement in schema_of(connection):
        if function := _FUNCTION.search(statement):
            yield function[1], function[2]
        elif trigger := _TRIGGER.search(statement):
            yield trigger[1], statement
        elif constraint := _CONSTRAINT.search(statement):
            yield constraint[1], ""


def _present(connection: BaseDatabaseWrapper, name: str, statement: str) -> str | None:
    """Return what the database has under a name, None for nothing."""
    if connection.vendor == "sqlite":
        return _one(
            connection, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", name
        )
    if statement == "":
        found = _one(
            connection,
            "SELECT conname FROM pg_constraint WHERE conname = %s AND connamespace = "
            "ANY(SELECT oid FROM pg_namespace WHERE nspname = ANY(current_schemas(false)))",
            name,
        )
        return None if found is None else ""
    if _TRIGGER.search(statement):
        return _one(
            connection,
            "SELECT CASE WHEN tgenabled IN ('O', 'A') THEN pg_get_triggerdef(oid, true) "
            f"ELSE '{DISABLED}' END FROM pg_trigger WHERE tgname = %s AND tgparentid = 0 "
            "AND pg_table_is_visible(tgrelid)",
            name,
        )
    return _one(
        connection,
        "SELECT prosrc FROM pg_proc WHERE proname = %s AND pg_function_is_visible(oid)",
        name,
    )


def _one(connection: BaseDatabaseWrapper, statement: str, name: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, (name,))
        row = cursor.fetchone()
    return row[0] if row else None


def _plain(statement: str) -> str:
    """Return a trigger without what PostgreSQL prints in its own way: spaces, brackets, case.

    A function's body, and all of SQLite's, are kept to the letter: they pass as they are.
    """
    if not _TRIGGER.search(statement):
        return statement
    return re.sub(r"[\s()]+", " ", statement).strip().lower()


def names(connection: BaseDatabaseWrapper) -> Mapping[str, str]:
    """Return the names of today's functions, triggers and constraints with what each says."""
    return dict(_expected(connection))
