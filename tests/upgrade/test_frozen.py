"""What has landed of migrations, and of what they run, never changes again."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.upgrade import freeze
from tests.upgrade.databases import VENDORS
from tests.upgrade.dump import stored
from thrive_points import __version__

SITE = {"{schema}", "{user_type}", "{user_table}", "{user_key}"}


def test_nothing_differs_from_what_was_recorded() -> None:
    assert freeze.problems() == []


def test_every_version_with_migrations_has_its_dumps() -> None:
    for vendor in VENDORS:
        assert stored(vendor).keys() == freeze.recorded().keys()
        for path in stored(vendor).values():
            assert path.stat().st_size < 200_000


@pytest.mark.parametrize(
    "path", sorted((ROOT / "src/thrive_points/sql/migrations").glob("*.sql")), ids=lambda p: p.stem
)
def test_frozen_sql_leaves_open_what_the_site_alone_knows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"\{\w+\}", text)) <= SITE


class TestFreeze:
    """The command, on a repository of its own."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        folder = tmp_path / "src/thrive_points/migrations"
        folder.mkdir(parents=True)
        (folder / "0001_ledger.py").write_text("first")
        return tmp_path

    @pytest.fixture
    def at(self, root: Path):
        return lambda version: {"version": version, "frozen": root / "frozen.toml", "root": root}

    def _write(self, root: Path, name: str, text: str) -> None:
        (root / "src/thrive_points/migrations" / name).write_text(text)

    def test_records_anew_until_the_version_lands(self, root: Path, at) -> None:
        (told,) = freeze.problems(**at("0.2.0"))
        assert "0001_ledger.py is not recorded: python -m tests.upgrade.freeze" in told
        assert freeze.freeze(**at("0.2.0")) == []
        assert freeze.problems(**at("0.2.0")) == []
        self._write(root, "0001_ledger.py", "changed")
        (told,) = freeze.problems(**at("0.2.0"))
        assert "python -m tests.upgrade.freeze records it anew" in told
        assert freeze.freeze(**at("0.2.0")) == []
        assert freeze.problems(**at("0.2.0")) == []

    @pytest.mark.parametrize("version", ["0.2.0", "0.3.0"])
    def test_refuses_a_change_of_what_has_landed(self, root: Path, at, version: str) -> None:
        assert freeze.freeze(landed=True, **at("0.2.0")) == []
        assert freeze.has_landed("0.2.0", root / "frozen.toml")
        before = (root / "frozen.toml").read_bytes()
        self._write(root, "0001_ledger.py", "changed")
        (told,) = freeze.problems(**at(version))
        assert "landed with 0.2.0: put it back" in told
        (refused,) = freeze.freeze(**at(version))
        assert "0001_ledger.py has landed and never changes" in refused
        assert (root / "frozen.toml").read_bytes() == before
        (root / "src/thrive_points/migrations/0001_ledger.py").unlink()
        (told,) = freeze.problems(**at(version))
        assert "0001_ledger.py is gone, but landed with 0.2.0" in told

    def test_a_new_migration_needs_a_higher_version(self, root: Path, at) -> None:
        freeze.freeze(landed=True, **at("0.2.0"))
        self._write(root, "0002_more.py", "second")
        (refused,) = freeze.freeze(**at("0.2.0"))
        assert "0002_more.py is new, but 0.2.0 has landed: raise the version" in refused
        assert freeze.freeze(**at("0.3.0")) == []
        assert freeze.problems(**at("0.3.0")) == []
        kept = freeze.recorded(root / "frozen.toml")
        assert [list(section["files"]) for section in kept.values()] == [
            ["src/thrive_points/migrations/0001_ledger.py"],
            ["src/thrive_points/migrations/0002_more.py"],
        ]
        assert [section["landed"] for section in kept.values()] == [True, False]

    def test_the_next_version_ends_what_was_open(self, root: Path, at) -> None:
        freeze.freeze(**at("0.2.0"))
        (told,) = freeze.problems(**at("0.3.0"))
        assert "0.2.0 is not today's version any more" in told
        assert freeze.freeze(**at("0.3.0")) == []
        assert freeze.problems(**at("0.3.0")) == []
        assert freeze.has_landed("0.2.0", root / "frozen.toml")


def test_todays_version_is_the_package_s() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{__version__}"\n' in project
