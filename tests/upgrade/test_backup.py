"""A backup, whole or of the data alone, keeps guards, functions, experiments and the proof."""

import sqlite3
from contextlib import closing

import pytest

from tests.upgrade.databases import VENDOR, do, dump, empty_database, restore

KEY = {"THRIVE_POINTS_PROOF_KEY": "a key that is kept out of the database"}
# What `migrate` makes by itself, and gives keys of its own.
MADE_BY_MIGRATE = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture
def lived(database: str, tmp_path):
    """Return a database with a history, its checkpoint's file, its rows and its schema."""
    _, _, signed, contents, schema = do(
        "migrate", "story", "sign", "contents", "schema", database=database, **KEY
    )
    checkpoint = tmp_path / "checkpoint.jsonl"
    checkpoint.write_text(signed["checkpoint"])
    return database, checkpoint, contents, schema


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "data only"])
def test_brings_back_what_guards_and_proves(lived, whole: bool, tmp_path) -> None:
    database, checkpoint, contents, schema = lived
    text = dump(database) if whole else _data_of(database)
    with empty_database(tmp_path) as target:
        if not whole:
            do("migrate", database=target)
        restore(text, target)
        verbs = ("contents", "schema", "guards", "check", "audit", "proved", "live", "audit")
        back = do(*verbs, database=target, CHECKPOINT=str(checkpoint), **KEY)
        restored, its_schema, altered, check, found, past, done, after = back
        (still,) = do("proved", database=target, CHECKPOINT=str(checkpoint), **KEY)
    assert restored == contents
    assert len(contents["thrive_points_ruleexperiment"]) == 2
    assert its_schema == schema
    assert altered == check == found == past == after == still == []
    assert len(done) == 7


def _data_of(database: str) -> str:
    if VENDOR == "postgresql":
        return dump(database, "--data-only", *(f"--exclude-table={t}" for t in MADE_BY_MIGRATE))
    rows = []
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        for line in connection.iterdump():
            table = line.removeprefix('INSERT INTO "').partition('"')[0]
            if line.startswith("INSERT INTO") and table not in (
                *MADE_BY_MIGRATE,
                "sqlite_sequence",
            ):
                rows.append(line)
    return "\n".join(["BEGIN;", *rows, "COMMIT;"])
