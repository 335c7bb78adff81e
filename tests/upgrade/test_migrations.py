"""The reference host's migrations: none is missing, and each can be undone and done again."""

from tests.upgrade.databases import do, manage

HOST = {"DJANGO_SETTINGS_MODULE": "allthrive.settings", "ALLTHRIVE_DEBUG": "1"}


def test_none_is_missing(database: str) -> None:
    outcome = manage("makemigrations", "--check", "--dry-run", database=database, **HOST)
    assert outcome.returncode == 0, outcome.stdout


def test_each_is_undone_and_done_again(database: str) -> None:
    # Members and awards first, so that the ledger's triggers have something to guard.
    _, fresh, done, _, empty, _, again = do(
        *("migrate", "schema", "live", "nothing", "schema", "migrate", "schema"),
        database=database,
        **HOST,
    )
    assert len(done) == 1
    assert [name for _, name, _ in empty if "django_migrations" not in name] == []
    assert again == fresh
    assert any("pointshistory" in name for _, name, _ in fresh)
    assert any(kind == "trigger" for kind, _, _ in fresh)
