"""The shape of the house: its layers, and what does without Django."""

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
