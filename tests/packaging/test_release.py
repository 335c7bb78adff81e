"""What ships beside the code: release notes, workflows, the floor of coverage."""

import re
import runpy
import subprocess
import sys
import tomllib

import pytest

from tests.support.floor import raised
from tests.support.paths import ROOT

NOTES = runpy.run_path(str(ROOT / "scripts" / "release_notes"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = sorted((ROOT / ".github").rglob("*.yml"))

CHANGELOG = """# Changelog

## 0.2.0 (2026-01-02)

### Added

- [This](docs/a.md), and [that](https://example.org/).

## 0.1.0

The first.
"""


def test_notes_are_the_section_of_the_version() -> None:
    notes, linked = NOTES["notes"], NOTES["linked"]
    assert notes(CHANGELOG, "0.1.0") == "The first.\n"
    assert notes(CHANGELOG, "0.2.0").startswith("### Added")
    assert "first" not in notes(CHANGELOG, "0.2.0")
    assert linked(notes(CHANGELOG, "0.2.0"), "https://forge.example/x/") == (
        "### Added\n\n- [This](https://forge.example/x/docs/a.md), and [that](https://example.org/).\n"
    )
    assert "- This, and" in linked(notes(CHANGELOG, "0.2.0"), "")


@pytest.mark.parametrize("version", ["0.3.0", "0", ".2.0"])
def test_no_notes_without_a_section(version: str) -> None:
    with pytest.raises(LookupError, match=re.escape(version)):
        NOTES["notes"](CHANGELOG, version)


def test_the_last_release_has_notes() -> None:
    script = [sys.executable, ROOT / "scripts" / "release_notes", "v0.2.0"]
    printed = subprocess.run(script, capture_output=True, text=True, check=True).stdout
    assert "### Added" in printed
    assert "](docs/" not in printed


def test_the_floor_only_rises() -> None:
    text = "[tool.coverage.report]\nfail_under = 95\n"
    assert raised(text, 96.9) == text.replace("95", "96")
    assert raised(text, 95.2) == raised(text, 12.0) == text


def test_workflows_use_pinned_public_actions() -> None:
    used = [
        action for path in WORKFLOWS for action in re.findall(r"uses: *(\S+)", path.read_text())
    ]
    assert used
    assert [action for action in used if not re.fullmatch(r"actions/[\w-]+@v\d+", action)] == []


def test_the_matrix_has_every_supported_version() -> None:
    matrix = (ROOT / ".github" / "workflows" / "tests.yml").read_text()
    page = (ROOT / "docs" / "reference" / "versions.md").read_text()
    for kind in ("Python", "Django"):
        classified = re.findall(rf"{kind} :: (\d+\.\d+)", "\n".join(PROJECT["classifiers"]))
        assert classified == sorted(
            set(re.findall(rf'{kind.lower()}: "([\d.]+)"', matrix)), key=_parts
        )
    cells = re.findall(
        r'python: "(.+?)", django: "(.+?)", postgresql: "(.+?)", psycopg: "(.+?)"', matrix
    )
    assert {cell[2] for cell in cells} == {"14", "15", "16", "17", "18"}
    assert {cell[3] for cell in cells} == {"3.2", "newest"}
    for cell in cells:
        assert f"| {' | '.join(cell)} |" in page, cell


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
