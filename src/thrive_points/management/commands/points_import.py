"""Bring in points from before the platform, from a file."""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.exceptions import InvalidImport, PointsError, Refused
from thrive_points.ledger.importing import FIELDS, ImportReport
from thrive_points.management.progress import progress_bar
from thrive_points.services import PointsService

_SHOWN = 20
_AT_ONCE = 5_000
_WHOLE = re.compile(r"[+-]?[0-9]+")


class Command(BaseCommand):
    """Import entries with the points they had."""

    help = (
        "Import points from before the platform from a CSV file, with a first line of names, or "
        f"from JSON lines. Each row has {', '.join(FIELDS)}; the last two may be left out. Points "
        "stay what they were: no rule and no cap is asked, and nothing is announced. The same file "
        "twice changes nothing. Examples: manage.py points_import old.csv --dry-run; manage.py "
        "points_import old.jsonl --user-field email --skip-refused --report refused.csv"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="A .csv file, or JSON lines; - for standard input.")
        parser.add_argument(
            "--format", choices=["csv", "jsonl"], help="The kind of file; by its name otherwise."
        )
        parser.add_argument(
            "--user-field",
            default="pk",
            metavar="FIELD",
            help="The field of the user model that `user` holds, such as email.",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Check everything, write nothing."
        )
        parser.add_argument(
            "--skip-refused", action="store_true", help="Import the rest where rows are refused."
        )
        parser.add_argument(
            "--announce",
            action="store_true",
            help="Send points_recorded for each entry; silent otherwise.",
        )
        parser.add_argument(
            "--report",
            metavar="FILE",
            help="Write line and reason of every refused row to a CSV file.",
        )

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        kind = options["format"] or ("csv" if file.lower().endswith(".csv") else "jsonl")
        with ExitStack() as stack:
            lines = stack.enter_context(_opened(file))
            rows = _read_csv(lines) if kind == "csv" else _read_json(lines)
            advance = stack.enter_context(progress_bar(None, "rows checked and written"))
            try:
                report = PointsService.import_history(
                    _with_users(rows, options["user_field"]),  # type: ignore[arg-type]
                    skip_refused=options["skip_refused"],
                    dry_run=options["dry_run"],
                    announce=options["announce"],
                    progress=advance,
                )
            except InvalidImport as error:
                self._tell(error.refused, options["report"])
                raise CommandError(
                    f"{len(error.refused):,} rows are refused, and nothing was imported. Mend "
                    "them, or import the rest with --skip-refused."
                ) from error
        self._tell(report.refused, options["report"])
        self.stdout.write(self._summary(report, dry_run=options["dry_run"]))

    def _summary(self, report: ImportReport, *, dry_run: bool) -> str:
        verb = "Would import" if dry_run else "Imported"
        return (
            f"{verb} {report.imported:,} entries; {report.duplicates:,} were there before; "
            f"{len(report.refused):,} refused."
        )

    def _tell(self, refused: Iterable[Refused], path: str | None) -> None:
        """Say which rows were refused: the first of them here, all of them in a file."""
        every = list(refused)
        for one in every[:_SHOWN]:
            self.stderr.write(str(one))
        if len(every) > _SHOWN and path is None:
            self.stderr.write(
                f"... and {len(every) - _SHOWN:,} more; --report FILE writes them all."
            )
        if path is not None:
            with open(path, "w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file)
                writer.writerow(["line", "reason"])
                writer.writerows((one.line, one.reason) for one in every)


@contextmanager
def _opened(file: str) -> Iterator[IO[str]]:
    if file == "-":
        yield sys.stdin
        return
    try:
        with Path(file).open(newline="", encoding="utf-8-sig") as opened:
            yield opened
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8: {error.reason}") from error


def _read_csv(lines: IO[str]) -> Iterator[tuple[int, Any]]:
    """Yield the rows of a CSV file with their lines, as JSON would have them."""
    reader = csv.DictReader(lines)
    if unknown := sorted(set(reader.fieldnames or ()) - set(FIELDS)):
        raise CommandError(f"The first line names {unknown}; allowed are {', '.join(FIELDS)}.")
    for row in reader:
        line = reader.line_num
        if None in row or None in row.values():
            yield (
                line,
                Refused(line, f"it has not the {len(reader.fieldnames or ())} fields of line 1"),
            )
            continue
        points = row.get("points") or ""
        metadata = row.get("metadata") or "{}"
        try:
            yield (
                line,
                {
                    **row,
                    "points": int(points) if _WHOLE.fullmatch(points.strip()) else points,
                    "occurred_at": _instant(line, row.get("occurred_at")),
                    "metadata": json.loads(metadata),
                },
            )
        except ValueError as error:
            yield line, Refused(line, f"metadata is {metadata[:40]!r}, which is no JSON: {error}")
        except PointsError as error:
            yield line, error


def _read_json(lines: IO[str]) -> Iterator[tuple[int, Any]]:
    """Yield the rows of JSON lines, with the number of their line."""
    for line, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            if isinstance(row, dict):
                row["occurred_at"] = _instant(line, row.get("occurred_at"))
            yield line, row
        except ValueError as error:
            yield line, Refused(line, f"it is no JSON: {error}")
        except PointsError as error:
            yield line, error


def _instant(line: int, text: Any) -> datetime | None:
    if text in (None, ""):
        return None
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise Refused(
            line, f"occurred_at is {text!r}; an instant such as 2024-05-31T18:00:00+02:00 is needed"
        ) from error


def _with_users(rows: Iterable[tuple[int, Any]], field: str) -> Iterator[tuple[int, Any]]:
    """Yield rows whose `user` is a primary key, looked up by a field of the user model."""
    if field == "pk":
        yield from rows
        return
    model = get_user_model()
    try:
        model._meta.get_field(field)
    except FieldDoesNotExist as error:
        raise CommandError(f"--user-field: {error}.") from error
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        wanted = {row["user"] for _, row in some if isinstance(row, dict) and row.get("user")}
        keys: dict[Any, list[Any]] = {}
        found = model._base_manager.filter(**{f"{field}__in": wanted}).values_list(field, "pk")
        for value, key in found:
            keys.setdefault(value, []).append(key)
        for line, row in some:
            if not isinstance(row, dict) or not row.get("user"):
                yield line, row
                continue
            match keys.get(row["user"], []):
                case [key]:
                    yield line, {**row, "user": key}
                case several:
                    many = f"there are {len(several)} users" if several else "there is no user"
                    yield line, Refused(line, f"{many} whose {field} is {row['user']!r}")
