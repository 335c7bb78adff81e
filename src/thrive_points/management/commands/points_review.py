"""Review the economy: inflation, concentration, caps, rules and findings."""

import json
from argparse import RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.management.examples import day
from thrive_points.management.progress import progress_bar
from thrive_points.models import PointsDailyTotal
from thrive_points.review.detectors import findings
from thrive_points.review.report import findings_as_dict, review
from thrive_points.review.span import InvalidSpan, span_of
from thrive_points.review.text import as_text

EXAMPLES = """
examples:
  manage.py points_review
  manage.py points_review --since 2026-10-01 --until 2026-10-31
  manage.py points_review --since 2026-10-01 --format json
  manage.py points_review --figures-only
"""


class _Formatter(RawDescriptionHelpFormatter):
    """Keeps the lines of the examples."""


class Command(BaseCommand):
    """Review a span of days and print what was found."""

    help = (
        "Review the economy of a span of days against the days before it: points issued, "
        "concentration, caps, refusals, level velocity, rules and findings with their evidence."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser, with the examples below its options."""
        parser = super().create_parser(prog_name, subcommand, epilog=EXAMPLES, **kwargs)
        parser.formatter_class = _Formatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since",
            type=day,
            metavar="DAY",
            help="First day, such as 2026-10-01; by default 28 days end with --until.",
        )
        parser.add_argument(
            "--until",
            type=day,
            metavar="DAY",
            help="Last day; by default yesterday, the last day that is whole.",
        )
        parser.add_argument(
            "--format", choices=("text", "json"), default="text", help="How to print it."
        )
        parser.add_argument(
            "--figures-only",
            action="store_true",
            help="Leave the findings out, which take the longest.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            span = span_of(options["since"], options["until"])
        except InvalidSpan as error:
            raise CommandError(str(error)) from error
        figures = review(span)
        found = None
        if not options["figures_only"]:
            members = (
                PointsDailyTotal.objects.filter(day__range=span.bounds)
                .values("user_id")
                .distinct()
                .count()
            )
            with progress_bar(members, "members examined") as advance:
                found = findings(span, advance)
        if options["format"] == "json":
            answer = figures.as_dict()
            if found is not None:
                answer |= findings_as_dict(found)
            self.stdout.write(json.dumps(answer, indent=2))
        else:
            for line in as_text(figures, found):
                self.stdout.write(line)
