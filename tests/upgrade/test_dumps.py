"""A database of any release, upgraded to today, is like a fresh one, works, and can be undone."""

from pathlib import Path

import pytest

from tests.upgrade.databases import VENDOR, do, restore
from tests.upgrade.dump import stored

DUMPS = stored(VENDOR)


@pytest.fixture(params=list(DUMPS.values()), ids=list(DUMPS))
def upgraded(request: pytest.FixtureRequest, database: str) -> str:
    """Return the address of a database that a stored dump was brought into."""
    path: Path = request.param
    restore(path.read_text(encoding="utf-8"), database)
    return database


def test_is_like_a_fresh_one_and_keeps_every_row(
    upgraded: str, fresh_schema: list[list[str]]
) -> None:
    before, _, after, schema, found = do(
        "contents", "migrate", "contents", "schema", "audit", database=upgraded
    )
    assert schema == fresh_schema, "if nothing landed yet: python -m tests.upgrade.dump"
    assert found == []
    assert len(before["thrive_points_pointshistory"]) > 50
    for table, rows in before.items():
        assert rows, f"the story leaves {table} empty"
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert sorted(kept, key=str) == rows


def test_works_and_can_be_undone(upgraded: str) -> None:
    _, done, found, _, damaged, rebuilt, repaired, _, left = do(
        *("migrate", "live", "audit", "damage", "audit", "rebuild", "audit", "zero", "schema"),
        database=upgraded,
    )
    as_before = "awarded duplicate awarded awarded awarded reversed adjusted"
    assert done == [as_before] * 7
    assert found == []
    assert damaged
    assert rebuilt == {"rebuilt": 7}
    assert repaired == []
    assert [name for _, name, definition in left if "thrive_" in f"{name} {definition}"] == []
