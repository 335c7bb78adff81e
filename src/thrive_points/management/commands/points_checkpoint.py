"""Sign what the ledger says so far, so that a later audit can show that nobody rewrote it."""

from contextlib import ExitStack
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from thrive_points.exceptions import InvalidCheckpoint, ProofKeyMissing
from thrive_points.ledger.checkpoint import write
from thrive_points.ledger.signing import KEY_VARIABLE
from thrive_points.management.checkpoints import add_storage, keeping, kept
from thrive_points.management.progress import progress_bar
from thrive_points.models import UserThriveProfile


class Command(BaseCommand):
    """Write a signed checkpoint over all entries so far."""

    help = (
        "Sign a digest of every member's entries, of the rule revisions and of the experiments, "
        f"with the key in {KEY_VARIABLE}, to a file or a storage. Keep it where nobody who can "
        "write the database can. Examples: manage.py points_checkpoint 2026-11.jsonl; manage.py "
        "points_checkpoint 2026-12.jsonl --after 2026-11.jsonl; then manage.py points_audit "
        "--against 2026-12.jsonl"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The file to write, or the name in the storage.")
        parser.add_argument(
            "--after",
            metavar="NAME",
            help="An earlier checkpoint to go on from: only what is new is read.",
        )
        add_storage(parser)

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        with ExitStack() as stack:
            after = None
            if options["after"]:
                after = stack.enter_context(kept(options["after"], options["storage"]))
            bar = progress_bar(UserThriveProfile.objects.count(), "members signed")
            try:
                with keeping(name, options["storage"]) as file, bar as advance:
                    written = write(file, after, advance)
            except (InvalidCheckpoint, ProofKeyMissing) as error:
                raise CommandError(f"{error}.") from error
        self.stdout.write(
            f"Signed {written.entries:,} entries of {written.members:,} members, "
            f"{written.read:,} of them read now, to {name}."
        )
