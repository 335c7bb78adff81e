"""Raise the floor of branch coverage to what was measured: python -m tests.support.floor

The floor is `fail_under` of `tool.coverage.report` in pyproject.toml. It never falls here, so it
falls by somebody's decision alone.
"""

import io
import math
import re
import sys

import coverage

from tests.support.paths import ROOT

_FLOOR = re.compile(r"(?<=^fail_under = )\d+$", re.MULTILINE)


def raised(pyproject: str, percent: float) -> str:
    """Return pyproject.toml with the floor at the whole percent below, if that is higher."""
    (floor,) = _FLOOR.findall(pyproject)
    return _FLOOR.sub(str(max(int(floor), math.floor(percent))), pyproject)


def main() -> int:
    """Read the last measurement, and write the floor."""
    measured = coverage.Coverage(data_file=str(ROOT / ".coverage"))
    measured.load()
    percent = measured.report(file=io.StringIO())
    path = ROOT / "pyproject.toml"
    before = path.read_text()
    path.write_text(raised(before, percent))
    floor = _FLOOR.findall(path.read_text())[0]
    print(f"{percent:.2f} % of branches and lines; the floor is {floor}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
