"""A dump of the data alone comes back into a migrated database, with an empty search path."""

from tests.upgrade.databases import do, dump, empty_database, restore
from tests.upgrade.dump import stored

# What `migrate` makes by itself, and gives keys of its own.
MADE_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission")


def test_brings_everything_back_and_leaves_the_guards_alone(
    database: str, tmp_path, fresh_schema: list[list[str]]
) -> None:
    newest = list(stored("postgresql").values())[-1]
    restore(newest.read_text(encoding="utf-8"), database)
    _, given = do("migrate", "contents", database=database)
    options = [f"--exclude-table={table}" for table in MADE_BY_MIGRATE]
    text = dump(database, "--data-only", *options)
    assert "set_config('search_path', '', false)" in text
    assert len(given["thrive_points_ruleexperiment"]) == 2

    with empty_database(tmp_path) as target:
        do("migrate", database=target)
        restore(text, target)
        restored, schema, found, done, after = do(
            "contents", "schema", "audit", "live", "audit", database=target
        )
    assert restored == given
    assert schema == fresh_schema
    assert found == []
    assert len(done) == 7
    assert after == []
