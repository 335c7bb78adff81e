"""The wheel, built once for all that install it."""

import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sites import run


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        cwd=folder,
    )
    (path,) = folder.glob("*.whl")
    return path
