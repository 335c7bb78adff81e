"""Named SQL: statements live in .sql files, each under a line `-- name: ...`."""

import re
from importlib.resources import files

from django.contrib.auth import get_user_model
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

_NAME = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


def load(package: str, filename: str) -> dict[str, str]:
    """Return the statements of a package's .sql file by name, without their comments."""
    text = files(package).joinpath(filename).read_text(encoding="utf-8")
    _, *parts = _NAME.split(text)
    return {
        name: "\n".join(line for line in body.splitlines() if not line.startswith("--")).strip()
        for name, body in zip(parts[::2], parts[1::2], strict=True)
    }


def vendor_sql(package: str, filenames: dict[str, str]) -> RunPython:
    """Return a reversible migration operation that runs a vendor's .sql file.

    Sections whose name starts with `create` run forwards in order, those with `drop`
    backwards. `{user_type}` stands for the column type of the user's primary key.

    Args:
        package: where the files lie.
        filenames: file by database vendor; a vendor without one is left alone.
    """

    def run(prefix: str, schema_editor: BaseDatabaseSchemaEditor) -> None:
        connection = schema_editor.connection
        if (filename := filenames.get(connection.vendor)) is None:
            return
        user_type = get_user_model()._meta.pk.rel_db_type(connection)
        for name, statement in load(package, filename).items():
            if name.startswith(prefix):
                schema_editor.execute(statement.replace("{user_type}", str(user_type)), None)

    return RunPython(
        lambda _, schema_editor: run("create", schema_editor),
        lambda _, schema_editor: run("drop", schema_editor),
    )
