"""Several schemas of one database, each with a ledger: what is missing in one of them."""

from collections.abc import Callable
from urllib.parse import quote

import psycopg
import pytest

from tests.upgrade.databases import do


@pytest.fixture
def schemas(database: str) -> Callable[[str], str]:
    """Return a function from a search path to an address, of a database with red and blue."""

    def along(search_path: str) -> str:
        return f"{database}?options={quote(f'-c search_path={search_path}')}"

    with psycopg.connect(database, autocommit=True) as connection:
        for name in ("red", "blue"):
            connection.execute(f"CREATE SCHEMA {name}")
            do("migrate", database=along(name))
    return along


def test_each_schema_is_looked_at_by_itself(schemas, database: str) -> None:
    assert do("guards", database=schemas("blue,red")) == [[]]
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "DROP TRIGGER thrive_points_append_only_v2 ON blue.thrive_points_pointshistory"
        )
        connection.execute("DROP FUNCTION blue.thrive_points_append_v1")
        # As a careless clone of a tenant's schema leaves it: it would read the other one's rows.
        body = connection.execute(
            "SELECT pg_get_functiondef('blue.thrive_points_refuse_overlap_v1'::regproc)"
        ).fetchone()
        assert body is not None
        connection.execute(body[0].replace('"blue".', '"red".'))
    wrong = [
        ["thrive_points_append_v1", "missing"],
        ["thrive_points_append_only_v2", "missing"],
        ["thrive_points_refuse_overlap_v1", "altered"],
    ]
    assert do("guards", database=schemas("red,blue")) == [[]]
    assert do("guards", database=schemas("blue,red")) == [wrong]
    restored, left, done, found = do("restore", "guards", "live", "audit", database=schemas("blue"))
    assert restored == wrong
    assert left == []
    assert len(done) == 1
    assert found == []
    _, untouched = do("guards", "contents", database=schemas("red"))
    assert untouched["thrive_points_pointshistory"] == []
