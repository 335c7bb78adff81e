"""Prove that every book says what the ledger says."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.ledger.audit import audit, rebuild
from thrive_points.management.progress import progress_bar
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.sql.schema import restore
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
            help="First restore what guards the ledger and everything derived from it, then prove "
            "it. Needs the database user who migrates where a guard is to be restored.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            for name, was in restore(writing_connection(PointsHistory)):
                self.stdout.write(f"Restored {name}, which was {was}.")
            # Where all profiles are missing their number is not known either.
            users = UserThriveProfile.objects.count() or None
            with progress_bar(users, "users looked at") as advance:
                rebuilt = rebuild(advance)
            self.stdout.write(f"Rebuilt {rebuilt:,} users whose books were wrong.")
        failed: Counter[Any] = Counter()
        with progress_bar(UserThriveProfile.objects.count(), "users proved") as advance:
            for found in audit(advance):
                failed[found.user_id] += 1
                self.stdout.write(str(found))
        wrong = []
        if guards := failed.pop(None, 0):
            wrong.append(
                f"{guards} of the functions, triggers and constraints are not as released, so the "
                "ledger may have been changed"
            )
        if failed:
            wrong.append(
                f"{failed.total()} numbers of {len(failed)} users are not what the ledger says"
            )
        if wrong:
            raise CommandError(
                f"{'; '.join(wrong)}. manage.py points_audit --rebuild restores them, but never an "
                "entry that is missing."
            )
        self.stdout.write(self.style.SUCCESS("Every book says what the ledger says."))
