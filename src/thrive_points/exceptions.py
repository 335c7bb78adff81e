"""The one tree of errors. An error is misuse; a refusal is an outcome, never an error.

Every message says what was given and what is allowed. Nothing has been written when one
of these is raised.
"""


class PointsError(Exception):
    """Root of every error the platform raises."""


class UnknownActivityType(PointsError):
    """The activity type has no rule in the registry."""

    def __init__(self, given: object, known: list[str]) -> None:
        from difflib import get_close_matches

        close = get_close_matches(str(given), known, n=3, cutoff=0.8)
        hint = f"did you mean {' or '.join(close)}?" if close else f"{len(known)} are known."
        super().__init__(f"Unknown activity type {given!r}: no rule names it; {hint}")
        self.given = given


class InvalidEventKey(PointsError):
    """The event key is empty, too long, not a string or reserved."""


class InvalidMetadata(PointsError):
    """The metadata is not a JSON object, too large, or not what a modifier of the rule needs."""


class InvalidOccurredAt(PointsError):
    """The instant is naive, in the future, or not a datetime."""


class InvalidUser(PointsError):
    """The user is anonymous, unsaved or not a user at all."""


class InvalidCorrection(PointsError):
    """A reversal or adjustment lacks a reason, names no entry, or would go below zero."""


class InvalidRule(PointsError):
    """A rule contradicts itself, such as a cap below one."""


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
