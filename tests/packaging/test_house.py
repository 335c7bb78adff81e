"""The shape of the house: its layers, what does without Django, and what is nobody else's."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
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


DJANGO_FREE = [
    "thrive_points",
    "thrive_points.exceptions",
    "thrive_points.rules.definitions",
    "thrive_points.rules.lint",
    "thrive_points.rules.registry",
    *(f"thrive_points.core.{path.stem}" for path in sorted((PLATFORM / "core").glob("[a-z]*.py"))),
]


@pytest.mark.parametrize("module", DJANGO_FREE)
def test_is_imported_without_django(module: str) -> None:
    code = f"import sys, {module}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT / "src").returncode == 0


DOCUMENTED = {
    *("_meta", "_state", "_default_manager", "_base_manager"),  # Django
    *("_asdict", "_fields", "_make", "_replace"),  # a named tuple
}
"""Names that start with an underscore, and yet are in the documentation of whose they are."""


def _private_names(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and name of each use of a private name that is not the code's own.

    An object's own are those of `self` and `cls`; a module's own are never reached by a dot.
    """
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                continue
            case ast.Attribute(attr=name):
                found = [name]
            case ast.Call(
                func=ast.Name(id="getattr" | "setattr" | "hasattr" | "delattr"),
                args=[_, ast.Constant(value=str(name)), *_],
            ):
                found = [name]
            case ast.Import(names=names):
                found = [part for name in names for part in name.name.split(".")]
            case ast.ImportFrom(module=module, names=names):
                found = [*(module or "").split("."), *(name.name for name in names)]
            case _:
                continue
        for name in found:
            if re.match(r"_[^_]", name) and name not in DOCUMENTED:
                yield node.lineno, name


def test_nothing_private_of_others_is_used() -> None:
    """A private name may be gone with the next release of whose it is, without a word."""
    used = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for line, name in _private_names(path.read_text(encoding="utf-8"))
    ]
    assert used == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("connection._cursor()", ["_cursor"]),
        ("raw.pgconn._pgconn_ptr = 1", ["_pgconn_ptr"]),
        ("getattr(cursor, '_tx')", ["_tx"]),
        ("from psycopg import _queries", ["_queries"]),
        ("from psycopg._queries import PostgresQuery", ["_queries"]),
        ("import psycopg._queries", ["_queries"]),
        ("self.cursor._tx", ["_tx"]),
        ("self._cursor", []),
        ("cls._pool", []),
        ("model._meta.pk, row._replace(a=1), user._state.adding", []),
        ("import __future__; __name__; value.__class__", []),
    ],
)
def test_a_private_name_is_seen_where_it_is_used(source: str, found: list[str]) -> None:
    assert [name for _, name in _private_names(source)] == found
