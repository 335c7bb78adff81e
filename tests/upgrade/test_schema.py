"""Today's schema, of which the code and the checks speak, is what the frozen migrations made."""

from tests.upgrade.databases import do


def test_made_anew_from_todays_files_it_is_the_same(
    database: str, fresh_schema: list[list[str]]
) -> None:
    _, _, schema = do("migrate", "remake", "schema", database=database)
    assert schema == fresh_schema
    kinds = {kind for kind, name, _ in schema if name.startswith("thrive_points_")}
    assert {"index", "trigger"} <= kinds
