"""Prove that every book says what the ledger says."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.exceptions import InvalidCheckpoint
from thrive_points.ledger.audit import AS_RELEASED, audit, rebuild
from thrive_points.ledger.signing import KEY_VARIABLE, has_key
from thrive_points.ledger.verification import against
from thrive_points.management.checkpoints import add_storage, kept
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
        "Examples: manage.py points_audit; manage.py points_audit --against 2026-11.jsonl; "
        "manage.py points_audit --rebuild"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rebuild",
            action="store_true",
            help="First restore what guards the ledger and everything derived from it, then prove "
            "it. Needs the database user who migrates where a guard is to be restored.",
        )

        parser.add_argument(
            "--against",
            metavar="CHECKPOINT",
            help="First prove that nobody's past is other than in this checkpoint, which "
            "points_checkpoint made. Nothing is rebuilt from a ledger that was rewritten.",
        )
        parser.add_argument(
            "--unproved",
            action="store_true",
            help=f"With --rebuild where {KEY_VARIABLE} is set: do without a checkpoint.",
        )
        add_storage(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["against"]:
            self._prove(options["against"], options["storage"])
        elif options["rebuild"] and has_key() and not options["unproved"]:
            raise CommandError(
                "This site signs checkpoints, and a rebuild makes every book agree with the ledger "
                "even if that was rewritten. Name the newest one: --rebuild --against CHECKPOINT; "
                "or say --unproved."
            )
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
                failed[found.user_id if found.expected != AS_RELEASED else AS_RELEASED] += 1
                self.stdout.write(str(found))
        wrong = []
        if guards := failed.pop(AS_RELEASED, 0):
            wrong.append(
                f"{guards} of the functions, triggers and constraints are not as released, so the "
                "ledger may have been changed"
            )
        if forged := failed.pop(None, 0):
            wrong.append(f"{forged} rule revisions did not decide what they should have")
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

    def _prove(self, name: str, storage: str | None) -> None:
        """Prove the ledger against a checkpoint, and go no further if it was rewritten."""
        found = 0
        try:
            with (
                kept(name, storage) as checkpoint,
                progress_bar(checkpoint.members, "members compared") as advance,
            ):
                for one in against(checkpoint, advance):
                    found += 1
                    self.stdout.write(str(one))
                made_at = checkpoint.head.made_at
        except InvalidCheckpoint as error:
            raise CommandError(f"{name}: {error}.") from error
        if found:
            raise CommandError(
                f"The past is not what the checkpoint of {made_at} says, in {found} places. "
                "Nothing was rebuilt. Restore the ledger from a backup, and find out who changed "
                "it."
            )
        self.stdout.write(self.style.SUCCESS(f"The past is as the checkpoint of {made_at} says."))
