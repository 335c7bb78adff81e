"""What the upgrade tests share: empty databases, and how a fresh one looks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.upgrade.databases import VENDOR, do, empty_database

# They are about what PostgreSQL alone has: dumps of the data alone, and search paths.
collect_ignore = [] if VENDOR == "postgresql" else ["test_data_only.py", "test_search_paths.py"]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """Yield the address of an empty database of the kind under test."""
    with empty_database(tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def fresh_schema(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Return the kind, name and definition of everything in a database made today."""
    with empty_database(tmp_path_factory.mktemp("fresh")) as address:
        schema: list[list[str]] = do("migrate", "schema", database=address)[1]
        return schema
