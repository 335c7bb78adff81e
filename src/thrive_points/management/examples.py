"""Commands whose --help ends with examples that a test runs."""

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


def day(text: str) -> date:
    """Return the day an option names; argparse reports the error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write one such as 2026-10-01") from None


def instant(text: str) -> datetime:
    """Return the instant an option names; argparse reports the error."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(
            f"{text!r} is no instant; write one such as 2026-10-01T00:00+00:00"
        ) from None


class ExampleCommand(BaseCommand):
    """A command that shows how it is used."""

    examples: ClassVar[Sequence[str]]
    """Lines such as "manage.py points_rules list"."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Return the parser, with the examples below its options."""
        epilog = _listed(self.examples)
        parser = super().create_parser(prog_name, subcommand, epilog=epilog, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_action(self, actions: Any, name: str, what: str) -> ArgumentParser:
        """Add one of several actions of a command, whose help ends with the examples of it.

        Args:
            actions: what `add_subparsers` returned.
            name: the action's name.
            what: what it does, in a sentence.
        """
        parser: ArgumentParser = actions.add_parser(
            name,
            help=what,
            description=what,
            epilog=_listed(line for line in self.examples if name in line.split()),
            formatter_class=RawDescriptionHelpFormatter,
        )
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


def _listed(examples: Iterable[str]) -> str:
    return "\n".join(["examples:", *(f"  {example}" for example in examples)])


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
