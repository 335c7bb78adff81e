"""Named SQL: statements live in .sql files, each under a line `-- name: ...`."""

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

from thrive_points.ledger.columns import MANY_ENTRIES, ONE_ENTRY, PLACEHOLDERS

LEDGER = "thrive_points_pointshistory"
"""The table in whose schema everything of the platform's is."""

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(filename: str, package: str = "thrive_points.sql") -> dict[str, str]:
    """Return the statements of a .sql file by name, with the columns in their places.

    Comments before a statement are left out; those within it stay. A section `shared_x` stands
    wherever another has {shared_x}: for one entry, or in a section `..._many` for many.
    """
    sections = _sections(filled(_text(filename, package), PLACEHOLDERS))
    shared = {f"{{{name}}}": body for name, body in sections.items() if name.startswith("shared_")}
    return {
        name: filled(
            filled(body, shared), MANY_ENTRIES if name.endswith("_many") else ONE_ENTRY
        ).strip()
        for name, body in sections.items()
        if not name.startswith("shared_")
    }


def _text(filename: str, package: str = "thrive_points.sql") -> str:
    return files(package).joinpath(filename).read_text(encoding="utf-8")


def _sections(text: str) -> dict[str, str]:
    _, *parts = _NAME.split(text)
    return {
        name: re.sub(r"\A(\s*--[^\n]*\n)+", "", body).strip("\n")
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def filled(text: str, placeholders: Mapping[str, str]) -> str:
    """Return a text with every placeholder, such as {columns}, replaced."""
    for placeholder, value in placeholders.items():
        text = text.replace(placeholder, value)
    return text


def of_site(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return what only the site knows: the type of its users' keys."""
    return {"{user_type}": str(get_user_model()._meta.pk.rel_db_type(connection))}


def places_of(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return where the site's tables are: the platform's schema, the user's table and key."""
    meta, quote = get_user_model()._meta, connection.ops.quote_name
    places = {
        **of_site(connection),
        "{user_table}": quote(meta.db_table),
        "{user_key}": quote(str(meta.pk.column)),
    }
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COALESCE((SELECT nspname FROM pg_namespace AS place JOIN pg_class AS found "
                "ON found.relnamespace = place.oid WHERE found.oid = to_regclass(name)), "
                "current_schema()) FROM unnest(%s::text[]) WITH ORDINALITY AS asked (name, place) "
                "ORDER BY asked.place",
                [[LEDGER, places["{user_table}"]]],
            )
            own, users = (quote(schema) for (schema,) in cursor.fetchall())
        # A tenant's users may be in a schema that all tenants share.
        places |= {"{schema}": own, "{user_table}": f"{users}.{places['{user_table}']}"}
    return places


def schema_of(connection: BaseDatabaseWrapper, prefix: str = "create") -> Iterator[str]:
    """Yield the statements of today's schema beyond Django's, as this site has them.

    Args:
        connection: of the ledger's database.
        prefix: create, or drop.
    """
    places = places_of(connection)
    for statements in schema_files(connection.vendor):
        for name, statement in statements.items():
            if name.startswith(f"{prefix}_"):
                yield filled(statement, places)


def schema_files(vendor: str) -> Iterator[dict[str, str]]:
    """Yield the statements of each schema file by name: the ledger's own first, then those of apps
    that name theirs as `ledger_sql`."""
    apps_with_sql = (getattr(app, "ledger_sql", None) for app in apps.get_app_configs())
    for package in ("thrive_points.sql", *filter(None, apps_with_sql)):
        yield load(f"schema_{vendor}.sql", package)


def frozen_sql(name: str, package: str = "thrive_points.sql") -> RunPython:
    """Return a reversible migration operation that runs the frozen SQL file of a vendor.

    A vendor without one is left alone. Sections whose name starts with `create` run forwards in
    order, those with `drop` backwards. The files never change once they are released.

    Args:
        name: of the migration, such as "0002_functions".
        package: whose folder `migrations` the file is in.
    """

    def run(prefix: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        filename = f"migrations/{name}_{connection.vendor}.sql"
        if not files(package).joinpath(filename).is_file():
            return
        places = places_of(connection)
        # As it stands: today's columns have no place in it.
        text = _text(filename, package)
        for section, statement in _sections(text).items():
            if section.startswith(prefix):
                schema_editor.execute(filled(statement, places), None)

    return RunPython(
        lambda _, schema_editor: run("create", schema_editor),
        lambda _, schema_editor: run("drop", schema_editor),
    )
