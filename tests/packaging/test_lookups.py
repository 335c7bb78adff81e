"""Browser tests look things up by a whole name: part of one may be part of another tomorrow."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

_FOLDERS = ("tests/browser", "tests/support")


def _tests() -> list[Path]:
    return [path for folder in _FOLDERS for path in sorted((ROOT / folder).glob("*.py"))]


def _loose(tree: ast.AST) -> Iterator[int]:
    """Yield the line of every look-up that takes part of a name or a text for the whole."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        asked = given.get("has_text")
        if node.func.attr.startswith("get_by_"):
            by_role = node.func.attr == "get_by_role"
            asked = given.get("name") if by_role else next(iter(node.args), None)
        if asked and not _anchored(asked) and not _is_true(given.get("exact")):
            yield node.lineno


def _anchored(asked: ast.expr) -> bool:
    return ast.unparse(asked).startswith(
        tuple(f"re.compile({prefix}{quote}^" for prefix in ("", "f") for quote in "'\"")
    )


def _is_true(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is True


@pytest.mark.parametrize("path", _tests(), ids=lambda path: str(path.relative_to(ROOT)))
def test_names_are_given_whole(path: Path) -> None:
    lines = list(_loose(ast.parse(path.read_text())))
    assert not lines, f"give exact=True, or a pattern that begins with ^, in lines {lines}"


@pytest.mark.parametrize(
    ("look_up", "is_loose"),
    [
        ("page.get_by_role('button')", False),
        ("page.get_by_role('button', name='Join')", True),
        ("page.get_by_role('button', name='Join', exact=True)", False),
        ("page.get_by_role('button', name=re.compile(r'^Join (a|your) circle$'))", False),
        ("page.get_by_role('button', name=re.compile('Join'))", True),
        ("page.get_by_text('Join')", True),
        ("page.get_by_label(label, exact=False)", True),
        ("page.get_by_role('listitem').filter(has_text='Join')", True),
        ("page.get_by_role('listitem').filter(has_text=re.compile(rf'^{name}'))", False),
    ],
)
def test_loose_ones_are_told_from_whole_ones(look_up: str, is_loose: bool) -> None:
    assert bool(list(_loose(ast.parse(look_up)))) is is_loose
