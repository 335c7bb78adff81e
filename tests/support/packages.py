"""Install what the tests need of the system's own packages, where that may be done."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator


def ensure(
    name: str, find: Callable[[], str | None], commands: Iterable[list[str]]
) -> tuple[str | None, list[str]]:
    """Run commands until a program is found; return where it is, and what went wrong."""
    troubles = []
    for command in commands:
        print(f"Installing {name}:", " ".join(command), file=sys.stderr, flush=True)
        outcome = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
        if outcome.returncode:
            last_words = outcome.stdout.strip().splitlines()[-3:]
            troubles.append(f"{' '.join(command)}: {' '.join(last_words)}")
        found = find()
        if found:
            return found, troubles
    return None, troubles


def debian_installers(package: str) -> Iterator[list[str]]:
    """Yield the commands that install a Debian package, none where that cannot be done."""
    if platform.system() == "Linux" and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
        yield install
        # A new container has no package lists, so the first attempt may know no such package.
        yield ["apt-get", "update"]
        yield install
