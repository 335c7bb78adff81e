"""Small faults are planted in core/ one by one: python -m tests.support.mutants [MODULE ...]

A fault is one comparison, operator, constant or choice made wrong. It survives if no test of its
module's fails: first those of tests/unit that are named for it below, then the others.
Survivors that change nothing are listed, with the reason, in survivors.toml beside this file. The
run fails if one is not listed, or if more than three in a hundred survive.
"""

import argparse
import ast
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from tests.support.paths import ROOT

CORE = ROOT / "src" / "thrive_points" / "core"
UNIT = ROOT / "tests" / "unit"
SURVIVORS = Path(__file__).with_name("survivors.toml")
MOST = 0.03
"""The share of faults that may survive, listed ones included."""
LONGEST = 300
"""Seconds that a fault's tests may take: one that never ends is noticed too."""

NAMED_FOR = {
    "decide": ("test_decisions.py",),
    "promotion": ("test_promotion.py",),
    "usage": ("test_usage.py", "test_decisions.py"),
    "streaks": ("test_streaks.py",),
    "periods": ("test_periods.py",),
    "levels": ("test_levels.py",),
    "nudge": ("test_nudge.py",),
    "words": ("test_words.py",),
    "rule": ("test_registry.py", "test_decisions.py"),
    "modifiers": ("test_decisions.py", "test_registry.py"),
    "rubric": ("test_registry.py",),
}
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
}


class Mutant(NamedTuple):
    """A module with one fault.

    Args:
        module: its name within core.
        name: where the fault is and what it says, without line numbers.
        source: the module's text with it.
    """

    module: str
    name: str
    source: str


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield a module's mutants: one for each fault that can be planted."""
    tree = ast.parse(source)
    seen: dict[str, int] = {}
    for function, node in _places(tree):
        before = ast.unparse(node)
        for change in _changes(node):
            kept = copy.copy(node.__dict__)
            change()
            name = f"{function}: {before} -> {ast.unparse(node)}"
            text = ast.unparse(tree)
            node.__dict__.clear()
            node.__dict__.update(kept)
            seen[name] = seen.get(name, 0) + 1
            yield Mutant(module, name if seen[name] == 1 else f"{name} ({seen[name]})", text)


def _places(tree: ast.AST, within: str = "module") -> Iterator[tuple[str, Any]]:
    """Yield each node that a fault can be planted in, with the function it lies in."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST):
                continue
            named = isinstance(node, ast.FunctionDef | ast.ClassDef)
            yield within, node
            yield from _places(node, node.name if named else within)  # type: ignore[attr-defined]


def _changes(node: Any) -> Iterator[Any]:
    """Yield what plants each fault that a node can have."""
    match node:
        case ast.Compare(ops=[op, *rest]) if type(op) in _COMPARED:
            yield lambda: setattr(node, "ops", [_COMPARED[type(op)](), *rest])
            if rest and type(rest[0]) in _COMPARED:
                yield lambda: setattr(node, "ops", [op, _COMPARED[type(rest[0])](), *rest[1:]])
        case ast.BinOp(op=op) if type(op) in _COMPUTED:
            yield lambda: setattr(node, "op", _COMPUTED[type(op)]())
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield lambda: setattr(node, "op", other())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield lambda: setattr(node, "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.Constant(value=bool() as value):
            yield lambda: setattr(node, "value", not value)
        case ast.Constant(value=int() as value):
            yield lambda: setattr(node, "value", value + 1)
        case ast.Call(func=ast.Name(id="min" | "max" as called)):
            swapped = ast.Name("max" if called == "min" else "min", ast.Load())
            yield lambda: setattr(node, "func", swapped)
        case ast.Call(func=ast.Name(id="any" | "all" as called)):
            swapped = ast.Name("all" if called == "any" else "any", ast.Load())
            yield lambda: setattr(node, "func", swapped)


class _Planted(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives a mutant to whoever imports its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != f"thrive_points.core.{self._mutant.module}":
            return None
        return importlib.util.spec_from_loader(name, self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._mutant.source, f"<{self._mutant.name}>", "exec"), module.__dict__)


def survives(mutant: Mutant) -> bool:
    """Return whether no test fails with a mutant. The tests run in a process of their own."""
    first = [str(UNIT / name) for name in NAMED_FOR.get(mutant.module, ())]
    others = [str(path) for path in sorted(UNIT.glob("test_*.py")) if str(path) not in first]
    return all(_passes(mutant, files) for files in (first, others) if files)


def _passes(mutant: Mutant, files: Sequence[str]) -> bool:
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setsid()
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        signal.alarm(LONGEST)
        sys.meta_path.insert(0, _Planted(mutant))
        import pytest

        os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", *files]))
    _, status = os.waitpid(child, 0)
    return status == 0


def listed() -> dict[str, dict[str, str]]:
    """Return why each known survivor changes nothing, by module and name."""
    return tomllib.loads(SURVIVORS.read_text(encoding="utf-8"))


def main() -> int:
    """Plant every fault, say which survive, and return how the process exits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", help="names within core; all by default")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="try each N-th only")
    options = parser.parse_args()
    os.environ.setdefault("THRIVE_TEST_EXAMPLES", "25")
    os.environ.setdefault("THRIVE_TEST_SEED", "1")
    import hypothesis
    import pytest  # noqa: F401 - both before the first fork, so that each child has them

    assert hypothesis
    known, tried, survived, unlisted = listed(), 0, 0, []
    for path in sorted(CORE.glob("*.py")):
        if path.stem == "__init__" or (options.modules and path.stem not in options.modules):
            continue
        source = path.read_text(encoding="utf-8")
        if not survives(Mutant(path.stem, "nothing", source)):
            sys.exit(f"The tests fail without any fault in {path.stem}: nothing can be learnt.")
        planted = [*mutants(path.stem, source)][:: options.every]
        for mutant in planted:
            tried += 1
            if survives(mutant):
                survived += 1
                reason = known.get(mutant.module, {}).get(mutant.name)
                print(f"survives: {mutant.module}, {mutant.name}  [{reason or 'NOT LISTED'}]")
                if reason is None:
                    unlisted.append(mutant)
        print(f"{path.stem}: {len(planted)} faults", flush=True)
    print(f"{survived} of {tried} faults survive, {len(unlisted)} of them without a reason.")
    return int(bool(unlisted) or survived > MOST * tried)


if __name__ == "__main__":
    sys.exit(main())
