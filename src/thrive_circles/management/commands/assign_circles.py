"""Form the week's circles."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from thrive_circles.forming import assign_circles
from thrive_points.core.periods import week_of
from thrive_points.management.progress import progress_bar
from thrive_points.models import UserThriveProfile


class Command(BaseCommand):
    """Group the active members of each circle level into circles for one week."""

    help = (
        "Form the circles of a week: active members of one circle level, grouped with "
        "neighbours in XP. Run it each Monday; running it again changes nothing. "
        "Examples: manage.py assign_circles; manage.py assign_circles --week 2026-11-16"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--week", help="Monday of the week, YYYY-MM-DD; this week by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = options["week"]
            week = date.fromisoformat(given) if given else week_of(timezone.localdate())
            with progress_bar(UserThriveProfile.objects.count(), "members placed") as advance:
                done = assign_circles(week, progress=advance)
        except ValueError as error:
            raise CommandError(f"--week: {error}") from error
        verb = "Formed" if done.formed else "The week already has"
        self.stdout.write(f"{verb} {done.circles:,} circles of {done.members:,} members ({week}).")
