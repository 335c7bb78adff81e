"""The release before this one works on today's database, beside today's code.

That is what a deployment does: for a while both run. Until there is a second release, the first
runs beside itself.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.sites import run
from tests.upgrade.beside import ROUNDS
from tests.upgrade.databases import VENDOR, do, environment
from tests.upgrade.dump import stored
from tests.upgrade.releases import build_wheel, commit_of, newest_before
from thrive_points import __version__

MEMBERS = 3


@pytest.fixture(scope="session")
def previous_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of an environment that has the previous release's wheel."""
    folder = tmp_path_factory.mktemp("previous")
    wheel = build_wheel(newest_before(__version__, stored(VENDOR)), folder)
    uv = ROOT / "scripts" / "uv"
    run([uv, "venv", "--quiet", "--python", sys.executable, folder / "env"], cwd=folder)
    python = folder / "env" / "bin" / "python"
    extra = "[postgresql]" if VENDOR == "postgresql" else ""
    needed = [f"{wheel}{extra}", "dj-database-url"]
    run([uv, "pip", "install", "--quiet", "--python", python, *needed], cwd=folder)
    return python


def _start(python: Path | str, name: str, database: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, "-m", "tests.upgrade.beside", name],
        cwd=ROOT,
        env=environment(database),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_both_award_side_by_side(database: str, previous_python: Path) -> None:
    do("migrate", "enrol", database=database)
    with (
        _start(previous_python, "previous", database) as previous,
        _start(sys.executable, "today", database) as today,
    ):
        packages = [Path(process.stdout.readline().strip()) for process in (previous, today)]
        assert packages[0].is_relative_to(previous_python.parents[1])
        assert packages[1] == ROOT / "src" / "thrive_points"
        for process in (previous, today):
            process.stdin.write("go\n")
            process.stdin.flush()
        counts = [json.loads(process.communicate()[0]) for process in (previous, today)]
    assert [previous.returncode, today.returncode] == [0, 0]
    # What both sent was decided once, by one or the other.
    assert sum(count.get("decided", 0) for count in counts) == ROUNDS * MEMBERS
    assert sum(count.get("duplicate", 0) for count in counts) == ROUNDS * MEMBERS

    done, found, guards = do("live", "audit", "guards", database=database, python=previous_python)
    # The others are at their caps by now.
    *_, newcomer = done
    assert newcomer == "awarded duplicate awarded awarded awarded reversed adjusted"
    assert [found, guards] == [[], []]
    found, guards, contents = do("audit", "guards", "contents", database=database)
    assert [found, guards] == [[], []]
    keys = [row["event_key"] for row in contents["thrive_points_pointshistory"]]
    for name, times in (("previous:", 4), ("today:", 4), ("shared:", 1)):
        assert sum(key.startswith(name) for key in keys) == times * ROUNDS * MEMBERS, name


def test_the_newest_release_before_is_chosen() -> None:
    assert newest_before("0.2.0", ["0.2.0"]) is None
    assert newest_before("0.3.0", ["0.2.0"]) == "0.2.0"
    assert newest_before("0.11.0", ["0.2.0", "0.10.1", "0.9.0", "0.11.0"]) == "0.10.1"


class TestCommit:
    """Where a release is found, in a repository of its own."""

    @pytest.fixture
    def commits(self, tmp_path: Path) -> list[str]:
        """Return the commits of: 0.2.0, more of it, 0.3.0, more of it."""
        self._git(tmp_path, "init", "--quiet")
        commits = []
        for version in ("0.2.0", None, "0.3.0", None):
            if version is not None:
                text = f'[project]\nversion = "{version}"\n'
                (tmp_path / "pyproject.toml").write_text(text)
            (tmp_path / "more").write_text(str(len(commits)))
            self._git(tmp_path, "add", ".")
            self._git(tmp_path, "commit", "--quiet", "--message", str(version))
            commits.append(self._git(tmp_path, "rev-parse", "HEAD").strip())
        return commits

    def _git(self, folder: Path, *arguments: str) -> str:
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        return run(["git", *who, *arguments], cwd=folder)

    def test_is_the_last_before_the_next_version(self, tmp_path: Path, commits) -> None:
        assert commit_of("0.2.0", tmp_path) == commits[1]
        assert commit_of("0.3.0", tmp_path) == commits[3]

    def test_is_the_tagged_one(self, tmp_path: Path, commits) -> None:
        self._git(tmp_path, "tag", "--annotate", "--message", "first", "v0.2.0", commits[0])
        assert commit_of("0.2.0", tmp_path) == commits[0]

    def test_is_missed_by_a_plain_word(self, tmp_path: Path, commits) -> None:
        with pytest.raises(LookupError, match=r"fetch the whole history, or its tag v0\.1\.0"):
            commit_of("0.1.0", tmp_path)
