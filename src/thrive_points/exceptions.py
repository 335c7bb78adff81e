"""The one tree of errors. An error is misuse; a refusal is an outcome, never an error.

Every message says what was given and what is allowed, and where it is about one argument or field,
so do the attributes: nobody has to read a message to find out. Nothing has been written when one
of these is raised.
"""

from difflib import get_close_matches
from typing import Any


def shown(value: object) -> str:
    """Return a value as a message can show it, whatever was given.

    Python refuses to write out a number of more than a few thousand digits, and nobody wants to
    read one.
    """
    if isinstance(value, int) and value.bit_length() > 200:
        return f"a number of {value.bit_length():,} bits"
    try:
        text = repr(value)
    except ValueError:
        # It holds such a number.
        return f"a {type(value).__name__} that cannot be written out"
    return text if len(text) <= 200 else f"{text[:199]}…"


class PointsError(Exception):
    """Root of every error the platform raises.

    Args:
        message: what was given and what is allowed, for people.
        field: the argument, or field of a rule, that it is about; None where it is about several.
        given: what it was.
        allowed: what it may be: values, a range in words, or None where that would say nothing.
    """

    def __init__(
        self,
        message: str = "",
        *,
        field: str | None = None,
        given: object = None,
        allowed: object = None,
    ) -> None:
        super().__init__(message)
        self.field = field
        self.given = given
        self.allowed = allowed


class UnknownActivityType(PointsError):
    """The activity type has no rule in the registry.

    Args:
        given: what was asked for.
        allowed: the activity types that have a rule.
    """

    def __init__(self, given: object, allowed: list[str]) -> None:
        self.close = get_close_matches(shown(given).strip("'"), allowed, n=3, cutoff=0.8)
        """Those that read almost like it."""
        hint = (
            f"did you mean {' or '.join(self.close)}?"
            if self.close
            else f"{len(allowed)} are known."
        )
        super().__init__(
            f"Unknown activity type {shown(given)}: no rule names it; {hint}",
            field="activity_type",
            given=given,
            allowed=allowed,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.given, self.allowed), {"args": self.args}


class InvalidEventKey(PointsError):
    """The event key is empty, too long, not a string or reserved."""


class InvalidMetadata(PointsError):
    """The metadata is not a JSON object, too large, or not what a modifier of the rule needs."""


class InvalidOccurredAt(PointsError):
    """The instant is naive, in the future, or not a datetime."""


class InvalidUser(PointsError):
    """The user is anonymous, unsaved or not a user at all."""


class InvalidZone(PointsError):
    """The name of a zone is empty or has a space."""


class InvalidCorrection(PointsError):
    """A reversal or adjustment lacks a reason, names no entry, or would go below zero."""


class InvalidRule(PointsError):
    """A rule contradicts itself, such as a cap below one, or cannot be published."""


class InvalidLevels(PointsError):
    """A curve of levels does not begin at 0, or does not rise."""


class InvalidEvent(PointsError):
    """An event of a batch is malformed; the message names its position."""


class SingleWriterError(PointsError):
    """Points were about to change behind the service's back."""


class ProofKeyMissing(PointsError):
    """The environment has no key to sign or to check a proof with."""


class InvalidCheckpoint(PointsError):
    """A checkpoint is damaged, forged, signed with another key, or of another database."""


class Refused(PointsError):
    """A row of an import that cannot be imported, with its line and the reason."""

    def __init__(self, line: int, reason: object) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = str(reason)


class InvalidImport(PointsError):
    """Rows of an import were refused, so that nothing of it was written."""

    def __init__(self, message: str, refused: list[Refused]) -> None:
        super().__init__(message)
        self.refused = tuple(refused)
