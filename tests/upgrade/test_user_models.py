"""The migrations know nothing of the user model but that there is one."""

from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.paths import ROOT
from tests.upgrade.databases import do, manage

USER_MODELS = ("auth.User", "people.BigMember", "people.UuidMember")
APPS = ("thrive_points", "thrive_circles")


@pytest.mark.parametrize("model", USER_MODELS)
def test_fit_and_work_with(model: str, database: str) -> None:
    missing = manage(
        *("makemigrations", "--check", "--dry-run", *APPS),
        database=database,
        UPGRADE_USER_MODEL=model,
    )
    assert missing.returncode == 0, missing.stdout
    assert "No changes detected" in missing.stdout

    _, fresh, _, remade, done, found, _, left = do(
        *("migrate", "schema", "remake", "schema", "live", "audit", "zero", "schema"),
        database=database,
        UPGRADE_USER_MODEL=model,
    )
    assert remade == fresh
    assert done == ["awarded duplicate awarded awarded awarded reversed adjusted"]
    assert found == []
    assert [name for _, name, definition in left if "thrive_" in f"{name} {definition}"] == []


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("src/thrive_*/migrations/[0-9]*.py")),
    ids=lambda path: path.stem,
)
def test_depend_on_the_swappable_user_alone(path: Path) -> None:
    module = import_module(f"{path.parts[-3]}.migrations.{path.stem}")
    for dependency in module.Migration.dependencies:
        swappable = getattr(dependency, "setting", None) == settings.AUTH_USER_MODEL
        assert swappable or dependency[0] in APPS, dependency
