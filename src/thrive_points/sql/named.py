"""Named SQL: statements live in .sql files, each under a line `-- name: ...`."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

from django.contrib.auth import get_user_model
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from thrive_points.ledger.columns import PLACEHOLDERS

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(filename: str, package: str = "thrive_points.sql") -> dict[str, str]:
    """Return the statements of a .sql file by name, with the columns in their places.

    Comments before a statement are left out; those within it stay.
    """
    return _sections(filled(_text(filename, package), PLACEHOLDERS))


def _text(filename: str, package: str = "thrive_points.sql") -> str:
    return files(package).joinpath(filename).read_text(encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    _, *parts = _NAME.split(text)
    return {
        name: re.sub(r"\A(\s*--[^\n]*\n)+", "", body).strip()
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def filled(text: str, placeholders: Mapping[str, str]) -> str:
    """Return a text with every placeholder, such as {columns}, replaced."""
    for placeholder, value in placeholders.items():
        text = text.replace(placeholder, value)
    return text


def of_site(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return what only the site knows: the user's table, key column and the key's type."""
    meta = get_user_model()._meta
    quote = connection.ops.quote_name
    return {
        "{user_type}": str(meta.pk.rel_db_type(connection)),
        "{user_table}": quote(meta.db_table),
        "{user_key}": quote(str(meta.pk.column)),
    }


def schema_of(connection: BaseDatabaseWrapper, prefix: str = "create") -> Iterator[str]:
    """Yield the statements of today's schema beyond Django's, as this site has them.

    Args:
        connection: tells the database's vendor.
        prefix: create, or drop.
    """
    for name, statement in load(f"schema_{connection.vendor}.sql").items():
        if name.startswith(f"{prefix}_"):
            yield filled(statement, of_site(connection))


def frozen_sql(name: str) -> RunPython:
    """Return a reversible migration operation that runs the frozen SQL file of a vendor.

    Sections whose name starts with `create` run forwards in order, those with `drop`
    backwards. The files never change once they were released.

    Args:
        name: of the migration, such as "0002_functions".
    """

    def run(prefix: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        # As it stands: today's columns have no place in it.
        text = _text(f"migrations/{name}_{connection.vendor}.sql")
        for section, statement in _sections(text).items():
            if section.startswith(prefix):
                schema_editor.execute(filled(statement, of_site(connection)), None)

    return RunPython(
        lambda _, schema_editor: run("create", schema_editor),
        lambda _, schema_editor: run("drop", schema_editor),
    )
