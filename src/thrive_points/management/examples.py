"""Commands whose --help ends with examples that a test runs."""

from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class ExampleCommand(BaseCommand):
    """A command that shows how it is used."""

    examples: ClassVar[Sequence[str]]
    """Lines such as "manage.py points_rules list"."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser, with the examples below its options."""
        epilog = "\n".join(["examples:", *(f"  {example}" for example in self.examples)])
        parser = super().create_parser(prog_name, subcommand, epilog=epilog, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def table(self, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows under a header, columns aligned, numbers to the right."""
        cells = [list(header)]
        numbers = [True] * len(header)
        for row in rows:
            texts = []
            for column, value in enumerate(row):
                numeric = isinstance(value, int | float) and not isinstance(value, bool)
                numbers[column] &= numeric or value in ("", None)
                texts.append(f"{value:,}" if numeric else "" if value is None else str(value))
            cells.append(texts)
        widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
        for row in cells:
            line = [
                text.rjust(width) if right else text.ljust(width)
                for text, width, right in zip(row, widths, numbers, strict=True)
            ]
            self.stdout.write("  ".join(line).rstrip())


def user_named(username: str | None) -> Any:
    """Return the user an option names, None for no option.

    Raises:
        CommandError: there is no such user.
    """
    if username is None:
        return None
    model = get_user_model()
    user = model._default_manager.filter(**{model.USERNAME_FIELD: username}).first()
    if user is None:
        raise CommandError(f"There is no user {username!r} to name as author")
    return user
