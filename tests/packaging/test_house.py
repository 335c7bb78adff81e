"""The shape of the house: its layers, and what does without Django."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PLATFORM = ROOT / "src" / "thrive_points"


def test_layers() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    outcome = subprocess.run(
        [linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_every_module_of_the_platform_has_its_place_in_the_layers() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c["id"] == "layers")
    placed = set(re.findall(r"thrive_points\.(\w+)", " ".join(layers)))
    present = {
        path.stem
        for path in PLATFORM.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }
    homeless = sorted(present - placed)
    assert not homeless, f"give {homeless} a place in pyproject.toml, tool.importlinter"


@pytest.mark.parametrize(
    "module",
    [
        "thrive_points",
        "thrive_points.core.activities",
        "thrive_points.exceptions",
        "thrive_points.core.decide",
        "thrive_points.core.levels",
        "thrive_points.core.periods",
        "thrive_points.core.rubric",
        "thrive_points.core.streaks",
        "thrive_points.rules.registry",
    ],
)
def test_is_imported_without_django(module: str) -> None:
    code = f"import sys, {module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "src").returncode == 0


# What Django's and Python's own documentation name.
DOCUMENTED = frozenset(
    {
        *("_meta", "_state", "_default_manager", "_base_manager"),
        *("_make", "_replace", "_fields", "_asdict"),
    }
)


def _private_names(path: Path) -> list[str]:
    """Return the names with an underscore that a module takes from what is not its own."""
    tree = ast.parse(path.read_text())
    own = {"self", "cls", "other"}
    found = [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and re.match(r"_[^_]", node.attr)
        and node.attr not in DOCUMENTED
        and not (isinstance(node.value, ast.Name) and node.value.id in own)
    ]
    return found + [
        f"{node.lineno}: from {node.module} import {alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name.startswith("_")
    ]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_leans_on_nobodys_private_names(path: Path) -> None:
    assert _private_names(path) == []


def test_a_private_name_would_be_seen(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "from psycopg import _x\nraw._prepared._names\nself._own\nrow._replace(a=1)\n"
    )
    assert len(_private_names(module)) == 3
