"""Earlier releases: which there are, and a wheel of the newest.

A release is a version that has a dump. Its wheel is built from the commit that carries its tag,
`v0.2.0`, or without one from the last commit before pyproject.toml names a later version.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.sites import run


def newest_before(version: str, released: Iterable[str]) -> str | None:
    """Return the newest of the versions released before another, None for none."""
    earlier = [one for one in released if _order(one) < _order(version)]
    return max(earlier, key=_order, default=None)


def commit_of(version: str, repository: Path = ROOT) -> str:
    """Return the commit that a version was released from.

    Raises:
        LookupError: the history is not there, or never had that version.
    """
    tag = _git(repository, "rev-parse", "--quiet", "--verify", f"refs/tags/v{version}^{{commit}}")
    if tag is not None:
        return tag.strip()
    later = None
    history = _git(repository, "log", "--format=%H", "--", "pyproject.toml") or ""
    for commit in history.split():
        project = _git(repository, "show", f"{commit}:pyproject.toml")
        if project is not None and tomllib.loads(project)["project"]["version"] == version:
            found = _git(repository, "rev-parse", f"{later}^" if later else "HEAD")
            assert found is not None
            return found.strip()
        later = commit
    raise LookupError(
        f"No commit of {version} is to be found: fetch the whole history, or its tag v{version}."
    )


def build_wheel(version: str | None, folder: Path) -> Path:
    """Build the wheel of a release, or of the working tree, into a folder; return its path."""
    source = ROOT
    if version is not None:
        source = folder / "source"
        source.mkdir()
        archive = folder / "source.tar"
        run(["git", "archive", f"--output={archive}", commit_of(version)], cwd=ROOT)
        run(["tar", "-xf", archive, "-C", source], cwd=folder)
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source],
        cwd=folder,
    )
    (path,) = folder.glob("*.whl")
    return path


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _git(repository: Path, *arguments: str) -> str | None:
    """Return what git prints, None where it fails."""
    outcome = subprocess.run(
        ["git", *arguments], cwd=repository, capture_output=True, text=True, check=False
    )
    return outcome.stdout if outcome.returncode == 0 else None
