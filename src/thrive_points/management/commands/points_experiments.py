"""A/B tests of values by command."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from thrive_points.exceptions import PointsError
from thrive_points.management.examples import ExampleCommand, instant, user_named
from thrive_points.models import RuleExperiment
from thrive_points.review.experiments import measures_by_arm, notes_on, results_of
from thrive_points.rules.current import rulebook
from thrive_points.rules.experiments import Arm, start, state_of, stop
from thrive_points.rules.import_export import read_entries


class Command(ExampleCommand):
    """The experiments by command."""

    help = "List, start and stop A/B tests of an activity's values, and read what they brought."
    examples = (
        "manage.py points_experiments list",
        "manage.py points_experiments start rules.toml --activity quiz_completed "
        '--name "Longer quizzes" --share 50 --until 2027-12-31T00:00+00:00 --reason "To learn."',
        "manage.py points_experiments results 1",
        "manage.py points_experiments results 1 --format json",
        'manage.py points_experiments stop 1 --reason "Enough seen."',
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        self.add_action(actions, "list", "Every experiment, the newest first.")

        begin = self.add_action(
            actions, "start", "Test a draft's rule (arm b) against the rule in force (arm a)."
        )
        begin.add_argument("draft", type=Path, help="A rule file with the rule of arm b.")
        begin.add_argument("--activity", required=True, help="Which rule of the file.")
        begin.add_argument("--name", required=True)
        begin.add_argument("--reason", required=True, help="The question it answers.")
        begin.add_argument(
            "--share", type=int, default=50, help="Percent of the members in each arm, up to 50."
        )
        begin.add_argument("--since", type=instant, metavar="INSTANT")
        begin.add_argument("--until", type=instant, metavar="INSTANT", required=True)
        begin.add_argument("--author", metavar="USERNAME")

        results = self.add_action(actions, "results", "What each arm brought so far.")
        results.add_argument("experiment", type=int)
        results.add_argument("--format", choices=("text", "json"), default="text")

        end = self.add_action(actions, "stop", "Stop: everybody earns by the rule in force.")
        end.add_argument("experiment", type=int)
        end.add_argument("--reason", required=True)
        end.add_argument("--author", metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(options)
        except PointsError as error:
            raise CommandError(str(error)) from error

    def _list(self, options: dict[str, Any]) -> None:
        rows = [
            (
                f"x{row.pk}",
                row.activity_type,
                state_of(row),
                f"{row.starts_at:%Y-%m-%d %H:%M}",
                f"{row.over_at:%Y-%m-%d %H:%M}",
                ", ".join(f"{arm['name']} {arm['share']}%" for arm in row.arms),
                row.name,
            )
            for row in RuleExperiment.objects.order_by("-pk")
        ]
        if not rows:
            self.stdout.write("There are no experiments yet.")
            return
        header = ("", "activity type", "state", "from (UTC)", "until (UTC)", "arms", "name")
        self.table(header, rows)

    def _start(self, options: dict[str, Any]) -> None:
        name = rulebook().name_of(options["activity"])
        drafts = [e for e in read_entries(options["draft"]) if e.activity_type == name]
        if len(drafts) != 1:
            raise CommandError(
                f"{options['draft']} has {len(drafts)} rules of {name}; one is needed"
            )
        now = rulebook().resolve(name, options["since"] or timezone.now())
        share = options["share"]
        row = start(
            name,
            [
                Arm(name="a", share=share, rule=now),
                Arm(name="b", share=share, rule=drafts[0].rule),
            ],
            name=options["name"],
            reason=options["reason"],
            starts_at=options["since"],
            ends_at=options["until"],
            author=user_named(options["author"]),
        )
        self.stdout.write(self.style.SUCCESS(f"x{row.pk} starts {row.starts_at.isoformat()}."))

    def _results(self, options: dict[str, Any]) -> None:
        row = _found(options["experiment"])
        results = results_of(row)
        if options["format"] == "json":
            about = {"experiment": f"x{row.pk}", "name": row.name, "state": state_of(row)}
            self.stdout.write(json.dumps({**about, **asdict(results)}, indent=2, default=str))
            return
        self.stdout.write(f"x{row.pk} {row.name}: {row.activity_type}, {state_of(row)}.")
        for note in notes_on(results):
            self.stdout.write(note)
        self.stdout.write(
            "In brackets: where the true value lies, 19 times of 20; looked at daily, on all days "
            "together.\n"
        )
        header = ("", *(f"arm {result.arm}" for result in results.arms))
        self.table(
            header, [(title, *map(str, cells)) for title, *cells in measures_by_arm(results)]
        )

    def _stop(self, options: dict[str, Any]) -> None:
        row = stop(
            _found(options["experiment"]),
            reason=options["reason"],
            author=user_named(options["author"]),
        )
        self.stdout.write(self.style.SUCCESS(f"x{row.pk} is over at {row.over_at.isoformat()}."))


def _found(pk: int) -> RuleExperiment:
    row: RuleExperiment | None = RuleExperiment.objects.filter(pk=pk).first()
    if row is None:
        raise CommandError(f"There is no experiment {pk}; points_experiments list shows them all")
    return row
