"""Prove that every book says what the ledger says."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.ledger.audit import audit, rebuild
from thrive_points.management.progress import progress_bar
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.sql.values import writing_connection


class Command(BaseCommand):
    """Prove the ledger's invariants for every user, or rebuild what is derived from it."""

    help = (
        "Prove for every user that totals, weekly XP, streaks, daily totals and XP events say "
        "what the ledger says, that no entry is missing, and that its guards are as released. "
        "Names every user that fails and by how much, and exits with an error then. "
        "Examples: manage.py points_audit; manage.py points_audit --rebuild"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild",
            action="store_true",
            help="First restore everything derived from the ledger, then prove it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            # Where all profiles are missing their number is not known either.
            users = UserThriveProfile.objects.count() or None
            with progress_bar(users, "users looked at") as advance:
                rebuilt = rebuild(advance)
            self.stdout.write(f"Rebuilt {rebuilt:,} users whose books were wrong.")
        failed: dict[Any, int] = {}
        with progress_bar(UserThriveProfile.objects.count(), "users proved") as advance:
            for discrepancy in audit(advance):
                failed[discrepancy.user_id] = failed.get(discrepancy.user_id, 0) + 1
                self.stdout.write(str(discrepancy))
        guards = failed.pop(None, 0)
        problems = []
        if guards:
            vendor = writing_connection(PointsHistory).vendor
            problems.append(
                f"{guards} guards of the ledger are not as released, so it may have been changed. "
                f"How they should be: thrive_points/sql/schema_{vendor}.sql."
            )
        if failed:
            problems.append(
                f"{sum(failed.values())} numbers of {len(failed)} users are not what the ledger "
                "says. manage.py points_audit --rebuild restores what follows from the ledger, "
                "never an entry that is missing in it."
            )
        if problems:
            raise CommandError(" ".join(problems))
        self.stdout.write(self.style.SUCCESS("Every book says what the ledger says."))
