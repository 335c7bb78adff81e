"""Record what never changes again: python -m tests.upgrade.freeze [--landed]

frozen.toml holds the SHA-256 digest of each migration, and of each file that migrations run, under
the version it came with. This command adds what is new. As long as today's version has not landed
its files may still change, and are recorded anew; `--landed` ends that. A later change of the
tables or functions is a new migration, with frozen files of its own, under a higher version.
"""

import argparse
import hashlib
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.paths import ROOT
from thrive_points import __version__

FROZEN = Path(__file__).with_name("frozen.toml")
PATTERNS = (
    "src/thrive_points/migrations/[0-9]*.py",
    "src/thrive_circles/migrations/[0-9]*.py",
    "src/thrive_connect/migrations/[0-9]*.py",
    "src/thrive_points/sql/migrations/*.sql",
    "src/thrive_connect/sql/migrations/*.sql",
)
_HEAD = """\
# The SHA-256 digest of each migration, and of each file that migrations run, under the version it
# came with. What has landed never changes. See freeze.py.
"""


def recorded(frozen: Path = FROZEN) -> dict[str, dict[str, Any]]:
    """Return by version whether it has landed, and the digests of its files."""
    return tomllib.loads(frozen.read_text(encoding="utf-8")) if frozen.exists() else {}


def present(root: Path = ROOT) -> dict[str, str]:
    """Return the digests of the files that are there, by path."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in PATTERNS
        for path in sorted(root.glob(pattern))
    }


def has_landed(version: str, frozen: Path = FROZEN) -> bool:
    """Tell whether the files that came with a version may not change any more."""
    return bool(recorded(frozen).get(version, {}).get("landed"))


def problems(version: str = __version__, frozen: Path = FROZEN, root: Path = ROOT) -> list[str]:
    """Return what differs from what was recorded, each with what to do about it."""
    kept, there = recorded(frozen), present(root)
    found = []
    known = set()
    for of, section in kept.items():
        open_still = of == version and not section["landed"]
        for path, digest in section["files"].items():
            known.add(path)
            if there.get(path) == digest:
                continue
            what = "was changed" if path in there else "is gone"
            found.append(
                f"{path} {what}: python -m tests.upgrade.freeze records it anew, since {of} has "
                "not landed; then python -m tests.upgrade.dump"
                if open_still
                else f"{path} {what}, but landed with {of}: put it back as it was (git log -- "
                f"{path}), and write a new migration with files of its own instead"
            )
        if of != version and not section["landed"]:
            found.append(f"{of} is not today's version any more: its section has landed = true")
    found += [
        f"{path} is not recorded: python -m tests.upgrade.freeze"
        for path in there
        if path not in known
    ]
    return found


def freeze(
    *,
    landed: bool = False,
    version: str = __version__,
    frozen: Path = FROZEN,
    root: Path = ROOT,
) -> list[str]:
    """Record today's files under today's version; return what stands against it, and then nothing.

    Args:
        landed: whether they may not change any more.
        version, frozen, root: today's version, the record and the repository.
    """
    kept, there = recorded(frozen), present(root)
    of_others = {
        path: digest
        for of, section in kept.items()
        if of != version or section["landed"]
        for path, digest in section["files"].items()
    }
    refused = [
        f"{path} has landed and never changes: put it back, and write a new migration"
        for path, digest in of_others.items()
        if there.get(path) != digest
    ]
    new = {path: digest for path, digest in there.items() if path not in of_others}
    if has_landed(version, frozen):
        refused += [f"{path} is new, but {version} has landed: raise the version" for path in new]
    elif new and not refused:
        kept[version] = {"landed": landed, "files": new}
    if not refused:
        for of, section in kept.items():
            section["landed"] = section["landed"] or landed or of != version
        frozen.write_text(_HEAD + "".join(map(_section, kept.items())), encoding="utf-8")
    return refused


def _section(of: tuple[str, dict[str, Any]]) -> str:
    version, section = of
    lines = [f'"{path}" = "{digest}"' for path, digest in sorted(section["files"].items())]
    landed = str(section["landed"]).lower()
    return "\n".join(
        ["", f'["{version}"]', f"landed = {landed}", f'["{version}".files]', *lines, ""]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and tell what was refused."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--landed", action="store_true", help="today's version lands: its files are final"
    )
    refused = freeze(landed=parser.parse_args(arguments).landed)
    for line in refused:
        print(line, file=sys.stderr)
    return bool(refused)


if __name__ == "__main__":
    sys.exit(main())
