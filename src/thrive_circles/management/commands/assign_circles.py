"""Form the week's circles."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from thrive_circles.forming import assign_circles
from thrive_points.calendar.zones import site_period
from thrive_points.management.progress import progress_bar
from thrive_points.models import UserThriveProfile


class Command(BaseCommand):
    """Group the active members of each circle level into circles for one week."""

    help = (
        "Form the circles of a week: active members of one circle level, grouped with "
        "neighbours in XP. Run it once a week, days before with --next or late: until it has run, "
        "last week's circles go on. Running it again changes nothing. "
        "Examples: manage.py assign_circles --next; manage.py assign_circles --week 2026-11-16"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--week", help="Monday of the week, YYYY-MM-DD; the site's current week by default."
        )
        which.add_argument("--next", action="store_true", help="The week after the current one.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            given = options["week"]
            current = site_period(timezone.now()).week + timedelta(weeks=int(options["next"]))
            week = date.fromisoformat(given) if given else current
            with progress_bar(UserThriveProfile.objects.count(), "members placed") as advance:
                done = assign_circles(week, progress=advance)
        except ValueError as error:
            raise CommandError(f"--week: {error}") from error
        verb = "Formed" if done.formed else "The week already has"
        self.stdout.write(f"{verb} {done.circles:,} circles of {done.members:,} members ({week}).")
