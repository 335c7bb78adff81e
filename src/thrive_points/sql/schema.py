"""Does a database still have the functions, triggers and constraints of this release?"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from thrive_points.sql.named import LEDGER, filled, load, places_of, schema_files

MISSING, ALTERED, DISABLED = "missing", "altered", "disabled"
_SQL = load("catalog.sql")
_FUNCTION = re.compile(r"CREATE FUNCTION (?P<name>\w+)\b.* AS \$\$(?P<text>.*)\$\$", re.DOTALL)
_TRIGGER = re.compile(
    r"(?P<text>CREATE (?:CONSTRAINT )?TRIGGER (?P<name>\w+)\b.*?\bON (?P<table>\w+).*)", re.DOTALL
)
_CONSTRAINT = re.compile(
    r"ALTER TABLE (?P<table>\w+) ADD CONSTRAINT (?P<name>\w+)\s+(?P<text>.*)", re.DOTALL
)


class _Part(NamedTuple):
    """A function, trigger or constraint of today's schema.

    Args:
        kind: which of the three.
        name: the database's name for it.
        text: what the database has to say of it.
        create, drop: the statements that make it and take it away.
        params: what the catalog is asked with.
    """

    kind: str
    name: str
    text: str
    create: str
    drop: str
    params: dict[str, Any]


def altered(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    """Yield (name, what is wrong) for each function, trigger or constraint that is not as released.

    Args:
        connection: of the ledger's database, migrated.
    """
    for part in _parts(connection):
        if wrong := _wrong(connection, part):
            yield part.name, wrong


def more_than_needed(connection: BaseDatabaseWrapper) -> tuple[str, str] | None:
    """Return what the connection's role may do to the ledger beyond what the service needs.

    Returns:
        The privileges, or "owns", and the role; None where there are none, or no roles.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(_SQL["postgresql_more_than_needed"], {"ledger": LEDGER})
        row = cursor.fetchone()
    return (row[0], row[1]) if row and row[0] else None


def restore(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Put back what `altered` finds, all of it or nothing, and return what that was.

    The database's user has to own the tables, as the one who migrates does.
    """
    found = []
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for part in _parts(connection):
            if wrong := _wrong(connection, part):
                found.append((part.name, wrong))
                for statement in _replacing(part):
                    cursor.execute(statement)
    return found


def _parts(connection: BaseDatabaseWrapper) -> Iterator[_Part]:
    """Yield today's functions, triggers and constraints in the order they are made."""
    places = places_of(connection)
    statements = {
        section: filled(statement, places)
        for one in schema_files(connection.vendor)
        for section, statement in one.items()
    }
    for section, create in statements.items():
        for kind, pattern in (
            ("function", _FUNCTION),
            ("trigger", _TRIGGER),
            ("constraint", _CONSTRAINT),
        ):
            if found := pattern.match(create):
                drop = statements[section.replace("create_", "drop_", 1)]
                params: dict[str, Any] = {
                    "name": found["name"],
                    "table": found.groupdict().get("table"),
                    "ledger": LEDGER,
                }
                yield _Part(kind, found["name"], found["text"], create, drop, params)


def _wrong(connection: BaseDatabaseWrapper, part: _Part) -> str | None:
    """Return what is wrong with a part, None for nothing."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL[f"{connection.vendor}_{part.kind}"], part.params)
        row = cursor.fetchone()
    if row is None:
        return MISSING
    text, is_on = row
    if not is_on:
        return DISABLED
    return None if _plain(text) == _plain(part.text) else ALTERED


def _replacing(part: _Part) -> Iterator[str]:
    """Yield the statements that make a part, whatever there is by its name."""
    if part.kind == "function":
        # Where it is: triggers depend on it.
        yield part.create.replace("CREATE", "CREATE OR REPLACE", 1)
    else:
        yield re.sub(r"DROP (TRIGGER|CONSTRAINT) ", r"DROP \1 IF EXISTS ", part.drop)
        yield part.create


def _plain(text: str) -> str:
    """Return a text without spaces and quoted names: each database writes them in its own way."""
    return re.sub(r'[\s"]+', "", text)
