"""What a measurement found: printed as it comes and, with --save, kept as Markdown.

Every measurement is run by `python -m benchmarks.NAME`, on a server of its own, and reports here.
"""

import argparse
import os
import platform as machine
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import django

from benchmarks.pool import ROOT
from tests.support.postgres import PostgresServer, running_postgres

RESULTS = ROOT / "benchmarks" / "results"


class Report:
    """The parts of a report in the order they were found, and the promises they keep or break."""

    def __init__(self, name: str, conditions: str, folder: Path = RESULTS) -> None:
        self._name = name
        self._folder = folder
        self._at = datetime.now(UTC)
        self._promises: list[str] = []
        self._parts: list[str] = []
        self.kept = True
        self.say(f"# {name}, {self._at:%Y-%m-%d}")
        self.say(conditions)

    def say(self, text: str) -> None:
        """Add a paragraph."""
        self._parts.append(text)
        print(text, end="\n\n", flush=True)

    def table(self, heading: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Add a table under a heading; its columns are wide enough to be read in a terminal."""
        lines = [columns, *rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
        lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
        written = [
            " | ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        ]
        self.say(f"## {heading}")
        self.say("\n".join(f"| {line} |" for line in written))

    def promise(self, kept: bool, text: str) -> None:
        """Add a promise to those that end the report."""
        self.kept = self.kept and kept
        self._promises.append(f"- {'kept' if kept else '**BROKEN**'}: {text}")

    def close(self) -> None:
        """End the report with its promises."""
        if self._promises:
            self.say("## Promises")
            self.say("\n".join(self._promises))

    def save(self) -> Path:
        """Write the report beside the earlier ones, none of which is ever overwritten."""
        stem = f"{self._at:%Y-%m-%d}-{self._name}"
        path, number = self._folder / f"{stem}.md", 1
        while path.exists():
            number += 1
            path = self._folder / f"{stem}-{number}.md"
        path.write_text("\n\n".join(self._parts) + "\n")
        return path


def options_of(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the option that every measurement has."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--save", action="store_true", help="keep the report in benchmarks/results/"
    )
    return parser


@contextmanager
def measuring(
    name: str, *, save: bool, settings: Mapping[str, str] | None = None
) -> Iterator[tuple[PostgresServer, Report]]:
    """Yield a server and a report that end with the block; exit with 1 if a promise was broken.

    Args:
        name: of the measurement, which is its module's.
        save: whether to keep the report.
        settings: of the server.
    """
    with running_postgres(settings=settings) as server:
        report = Report(name, _conditions(name, server))
        yield server, report
    report.close()
    if save:
        print(f"Saved as {report.save().relative_to(ROOT)}")
    if not report.kept:
        sys.exit(1)


def _conditions(name: str, server: PostgresServer) -> str:
    """Tell what a reader must know to judge a figure, and nothing that names the machine."""
    options = shlex.join(word for word in sys.argv[1:] if word != "--save")
    revision = _said_by("git", "describe", "--always", "--exclude=*", "--dirty= with changes")
    postgresql = _said_by(server.bin_dir / "postgres", "--version").rpartition(" ")[2]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    command = f"python -m benchmarks.{name} {options}".rstrip()
    return (
        f"`{command}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, revision {revision}, PostgreSQL "
        f"{postgresql}, Python {machine.python_version()}, Django {django.get_version()}; "
        f"{machine.system()} {machine.machine()} with {os.cpu_count()} cores and {memory:.0f} GB, "
        f"load {os.getloadavg()[0]:.1f} before."
    )


def _said_by(*command: str | Path) -> str:
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
