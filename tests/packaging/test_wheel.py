"""The wheel, installed alone into a new Django project outside the repository."""

import json
import re
import runpy
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sites import run, serving

AWARD = """
import json
from django.contrib.auth import get_user_model
from thrive_points.core.activities import ActivityType
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.services import PointsService

user = get_user_model().objects.create_user("ada")
event = dict(
    user=user, activity_type=ActivityType.QUIZ_COMPLETED, metadata={"event_key": "quiz_attempt:7"}
)
first = PointsService.award_points(**event)
again = PointsService.award_points(**event)
print(json.dumps({
    "points": first.points_awarded,
    "again": [str(again.outcome.value), again.points_awarded],
    "total": user.total_points,
    "entries": list(PointsHistory.objects.values_list("number", flat=True)),
    "profile": UserThriveProfile.objects.get().total_xp,
}))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> tuple[Path, Path]:
    """Return the Python of a fresh environment and the folder of a fresh, migrated project."""
    folder = tmp_path_factory.mktemp("site")
    uv = ROOT / "scripts" / "uv"
    run([uv, "venv", "--quiet", "--python", sys.executable, folder / "env"], cwd=folder)
    python = folder / "env" / "bin" / "python"
    run([uv, "pip", "install", "--quiet", "--python", python, wheel], cwd=folder)
    run([python, "-m", "django", "startproject", "fresh", folder], cwd=folder)
    settings = folder / "fresh" / "settings.py"
    settings.write_text(
        f"{settings.read_text()}\nINSTALLED_APPS += ['thrive_circles', 'thrive_points']\n"
    )
    run([python, "manage.py", "migrate", "--verbosity", "0"], cwd=folder)
    return python, folder


def test_holds_more_than_modules(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    packages = [ROOT / "src" / name for name in ("thrive_points", "thrive_circles")]
    expected = {
        str(path.relative_to(ROOT / "src"))
        for package in packages
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= names
    assert {"thrive_points/py.typed", "thrive_circles/py.typed"} <= names
    assert {
        "thrive_points/migrations/0001_ledger.py",
        "thrive_circles/migrations/0001_circles.py",
        "thrive_points/sql/postgresql.sql",
        "thrive_points/sql/sqlite.sql",
        "thrive_points/sql/schema_postgresql.sql",
        "thrive_points/sql/schema_sqlite.sql",
        "thrive_points/sql/migrations/0002_functions_postgresql.sql",
        "thrive_points/sql/migrations/0002_functions_sqlite.sql",
        "thrive_points/static/thrive_points/points-by-category.js",
    } <= names
    assert not [name for name in names if name.startswith(("allthrive", "tests", "web"))]


def test_the_package_index_gets_no_dead_link(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
    assert "Description-Content-Type: text/markdown" in metadata
    text = metadata.split("\n\n", 1)[1]
    assert "# Thrive Points" in text
    assert re.findall(r"\]\((?!https://)[^)]*\)", text) == []
    assert "no-run" not in text


def test_links_of_the_package_index_lead_to_the_source() -> None:
    for_index = runpy.run_path(str(ROOT / "scripts" / "index_readme.py"))["for_index"]
    text = "![Film](docs/a.webp) [Do](docs/do.md#now) [Other](https://example.org/x) [Here](#one)"
    base = "https://forge.example/team/points/blob/main"
    assert for_index(text, base) == (
        "![Film](https://forge.example/team/points/raw/main/docs/a.webp) "
        f"[Do]({base}/docs/do.md#now) [Other](https://example.org/x) [Here](#one)"
    )
    assert for_index(text, None) == " Do [Other](https://example.org/x) [Here](#one)"


def test_needs_nothing_but_django(site: tuple[Path, Path]) -> None:
    python, folder = site
    listing = run(
        [ROOT / "scripts" / "uv", "pip", "list", "--format", "json", "--python", python], cwd=folder
    )
    installed = {package["name"] for package in json.loads(listing.splitlines()[-1])}
    assert installed == {"asgiref", "django", "sqlparse", "thrive-points"}


def test_passes_the_checks_of_a_new_project(site: tuple[Path, Path]) -> None:
    python, folder = site
    assert "no issues" in run([python, "manage.py", "check"], cwd=folder)
    run([python, "manage.py", "makemigrations", "--check", "--dry-run"], cwd=folder)


def test_awards(site: tuple[Path, Path]) -> None:
    python, folder = site
    printed = run([python, "manage.py", "shell", "--no-imports", "--command", AWARD], cwd=folder)
    assert json.loads(printed.splitlines()[-1]) == {
        "points": 20,
        "again": ["duplicate", 0],
        "total": 20,
        "entries": [1],
        "profile": 20,
    }
    assert "Every book says what the ledger says." in run(
        [python, "manage.py", "points_audit"], cwd=folder
    )


def test_migrates_back_and_forth(site: tuple[Path, Path]) -> None:
    python, folder = site
    for app in ("thrive_circles", "thrive_points"):
        run([python, "manage.py", "migrate", "--verbosity", "0", app, "zero"], cwd=folder)
    run([python, "manage.py", "migrate", "--verbosity", "0"], cwd=folder)
    assert "Every book" in run([python, "manage.py", "points_audit"], cwd=folder)


def test_serves(site: tuple[Path, Path]) -> None:
    python, folder = site
    with serving(python, cwd=folder, log=folder / "server.log") as address:
        with urllib.request.urlopen(f"{address}/admin/login/") as page:
            assert "Django administration" in page.read().decode()
        bundle = "static/thrive_points/points-by-category.js"
        with urllib.request.urlopen(f"{address}/{bundle}") as script:
            assert "points-by-category" in script.read().decode()
