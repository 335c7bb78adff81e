"""What if: the ledger's real events under draft rules, before anything is published."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import Max, Min

from thrive_points.core.rule import Rule
from thrive_points.exceptions import PointsError
from thrive_points.management.examples import ExampleCommand, day
from thrive_points.management.progress import progress_bar
from thrive_points.models import PointsHistory
from thrive_points.rules.import_export import read_entries
from thrive_points.whatif import Comparison, count_entries, simulate
from thrive_points.whatif.comparison import Moved, Pair
from thrive_points.whatif.report import as_dict, by_category, usernames


class Command(ExampleCommand):
    """A what-if by command."""

    help = (
        "Decide the ledger's real events again under the rules of a draft file, and show what "
        "would change. Writes nothing. Without a draft it proves that a replay under the rules "
        "as they were reproduces the ledger, and fails where it does not."
    )
    examples = (
        "manage.py points_simulate",
        "manage.py points_simulate rules.toml --since 2026-10-01 --until 2026-10-31",
        "manage.py points_simulate rules.toml --format json",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("draft", nargs="?", type=Path, help="A rule file, TOML or JSON.")
        for name, which in (("since", "First"), ("until", "Last")):
            parser.add_argument(
                f"--{name}",
                type=day,
                metavar="DAY",
                help=f"{which} of the members' days, by default the ledger's {which.lower()}.",
            )
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            draft = _draft(options["draft"])
            since, until = _span(options["since"], options["until"])
            with progress_bar(count_entries(since, until), "entries replayed") as advance:
                comparison = simulate(draft, since, until, progress=advance)
        except PointsError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_dict(comparison, draft), indent=2))
        else:
            self._tell(comparison, draft)
        if not draft and not comparison.reproduces:
            raise CommandError(_not_reproduced(comparison))

    def _tell(self, found: Comparison, draft: Mapping[str, Rule]) -> None:
        self.stdout.write(f"From {found.since} to {found.until}, {found.members:,} members.")
        if found.as_recorded:
            self.stdout.write(
                f"{found.as_recorded:,} events were decided by rules the code no longer has; "
                "they were taken as recorded."
            )
        if found.unusable:
            self.stdout.write(
                self.style.WARNING(
                    f"{found.unusable:,} events have metadata that a modifier of the draft "
                    "cannot use: their features would get an error."
                )
            )
        if found.reproduces:
            self.stdout.write(self.style.SUCCESS("The replay gives what the ledger has."))
        header = ("", "points then", "now", "change", "capped then", "now")
        for title, pairs in (
            ("Activity", found.activities),
            ("Category", by_category(found, draft)),
        ):
            self.stdout.write(f"\n{title}")
            rows = sorted(pairs.items(), key=lambda item: -item[1].then.points)
            self.table(header, [*map(_row, rows), _row(("all", found.total))])
        self.stdout.write("\nWeekly XP")
        self.table(
            ("week of", "then", "now", "change"),
            [(str(week), then, now, now - then) for week, then, now in found.by_week()],
        )
        self.stdout.write(f"\n{found.gaining:,} members would gain, {found.losing:,} lose.")
        names = usernames(found)
        for title, members in (("Gaining most", found.most()), ("Losing most", found.least())):
            if members:
                self.stdout.write(f"\n{title}")
                self.table(("member", "total then", "now", "change"), _members(members, names))
        if found.levels:
            self.stdout.write("\nLevels")
            self.table(
                ("then", "now", "members"),
                [(*change, count) for change, count in sorted(found.levels.items())],
            )
        else:
            self.stdout.write("Nobody's level would change.")


def _not_reproduced(found: Comparison) -> str:
    """Return what a proof that fails says."""
    named = ", ".join(
        f"{name} ({pair.change:+,} points)"
        for name, pair in sorted(found.activities.items())
        if pair.then != pair.now
    )
    members = found.gaining + found.losing
    return (
        f"The replay does not give what the ledger has: the totals of {members:,} members differ"
        + (f", in {named}" if named else "")
    )


def _draft(path: Path | None) -> dict[str, Rule]:
    if path is None:
        return {}
    entries = read_entries(path)
    names = [entry.activity_type for entry in entries]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise CommandError(
            f"{path} has several rules of {', '.join(twice)}; a draft holds one of each"
        )
    return {entry.activity_type: entry.rule for entry in entries}


def _span(since: date | None, until: date | None) -> tuple[date, date]:
    has = PointsHistory.objects.aggregate(first=Min("day"), last=Max("day"))
    since = since or has["first"] or date.today()
    until = until or has["last"] or since
    if until < since:
        raise CommandError(f"--until {until} lies before {since}, the first day to look at")
    return since, until


def _row(item: tuple[str, Pair]) -> tuple[object, ...]:
    name, pair = item
    return (
        name,
        pair.then.points,
        pair.now.points,
        f"{pair.change:+,}",
        f"{pair.then.capped_share:.1%}",
        f"{pair.now.capped_share:.1%}",
    )


def _members(members: Iterable[Moved], names: Mapping[Any, str]) -> list[tuple[object, ...]]:
    return [
        (names.get(moved.user_id, str(moved.user_id)), moved.then, moved.now, f"{moved.change:+,}")
        for moved in members
    ]
