"""Misuse, refused before anything is opened: every message says what was given and allowed."""

import json
import re
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.exceptions import (
    InvalidCorrection,
    InvalidEventKey,
    InvalidMetadata,
    InvalidOccurredAt,
    InvalidUser,
    shown,
)

EVENT_KEY = "event_key"
_strict_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
# JSON's escape for NUL, but not an escaped backslash in front of the same letters.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
EVENT_KEY_LENGTH = 200
METADATA_BYTES = 8 * 1024
REASON_LENGTH = 300
RESERVED = "~"
"""First character of the keys the platform makes itself."""

EARLIEST_YEAR = 1970
CLOCK_AHEAD = timedelta(minutes=2)
"""How far the clock of whoever delivers an event may be ahead of this one."""

NOT_ELIGIBLE = "may not earn points"
"""The reason that is recorded where the host gives none."""

_LIKE_A_KEY = {
    *("eventkey", "eventid", "eventuuid", "idempotencykey", "idempotencyid", "dedupkey"),
    *("dedupekey", "dedupid", "dedupeid", "deduplicationkey", "deduplicationid"),
    *("requestid", "externalid", "messageid"),
}
_warned_of: set[str] = set()

# Django looks it up in its registry by name each time, which every award would feel.
_user_model = cache(get_user_model)


def own_key(kind: str, *parts: object) -> str:
    """Return a key of the platform's own, such as ~reversal:17, that no caller can give."""
    return ":".join([RESERVED + kind, *map(str, parts)])


def new_key(kind: str) -> str:
    """Return a key of the platform's own for something that was given none."""
    return own_key(kind, uuid4())


def check_user(user: Any, what: str = "user") -> None:
    """Refuse anything but a saved user.

    Raises:
        InvalidUser: it is anonymous, unsaved or no user of this site.
    """
    model = _user_model()
    if not isinstance(user, model):
        if getattr(getattr(user, "_meta", None), "label", None) == model._meta.label:
            raise InvalidUser(
                f"{what} is a historical model of a migration's state, {user!r}; the service needs "
                f"the real one, such as get_user_model().objects.get(pk={user.pk!r}), or the key "
                "alone where rows are imported"
            )
        raise InvalidUser(
            f"{what} is {shown(user)}; a saved {model._meta.label} is needed, "
            "and an anonymous visitor cannot earn points"
        )
    given = user.pk
    if given is None or user._state.adding:
        raise InvalidUser(f"{what} {user!r} has not been saved; save it first")
    key = model._meta.pk.to_python(given)
    if key is not given:
        # A key given as text to create() stays text on the object, and would not be found
        # among the keys that the database gives back.
        user.pk = key


def is_active(user: Any) -> bool:
    """Return whether an account is active: who may earn, unless the host says otherwise."""
    return bool(getattr(user, "is_active", True))


def why_not_eligible(user: Any) -> str:
    """Return why a user may not earn, by the host's hook; empty if they may.

    Raises:
        ImproperlyConfigured: the hook answered neither yes or no nor a reason.
    """
    answer = points_settings().eligible(user)
    if answer is True:
        return ""
    if answer is False or answer == "":
        return NOT_ELIGIBLE
    if not isinstance(answer, str) or not answer.isprintable():
        raise ImproperlyConfigured(
            f"THRIVE_POINTS['ELIGIBLE'] answered {answer!r} for user {user.pk}; True, False or, as "
            "plain text, the reason why not is needed"
        )
    return answer[:REASON_LENGTH]


def split_metadata(metadata: Any, event_key: Any = None) -> tuple[str, dict[str, Any]]:
    """Return the event key and the rest of the metadata, both checked.

    An event without a key gets one of the platform's own: it is recorded like any other,
    but nothing can recognise it when it is delivered twice.

    Args:
        metadata: with the key under "event_key", or without it.
        event_key: the key, where it was given apart from the metadata; None where it was not.

    Raises:
        InvalidMetadata: not a JSON object of at most 8 KB.
        InvalidEventKey: empty, over 200 characters, reserved, not plain text, or given twice and
            not the same.
    """
    if metadata is None:
        metadata = {}
    if not isinstance(metadata, Mapping):
        raise InvalidMetadata(f"metadata is a {type(metadata).__name__}; a mapping is needed")
    rest = dict(metadata)
    keys = [rest.pop(EVENT_KEY)] if EVENT_KEY in rest else []
    if event_key is not None:
        keys.append(event_key)
    if rest:
        _check_json(rest)
    if not keys:
        if settings.DEBUG and rest:
            _warn_of_a_likely_key(rest)
        return new_key("unkeyed"), rest
    if keys[0] != keys[-1]:
        raise InvalidEventKey(
            f"event_key is {event_key!r} and metadata['event_key'] {keys[0]!r}; give one, or the "
            "same twice"
        )
    return check_key(keys[0]), rest


def _warn_of_a_likely_key(metadata: Mapping[str, Any]) -> None:
    """Say once for each name that what looks like a key in the metadata is none."""
    for name in metadata:
        plain = "".join(filter(str.isalnum, name)).lower()
        if plain in _LIKE_A_KEY and name not in _warned_of:
            _warned_of.add(name)
            warnings.warn(
                f"An event without event_key has metadata[{name!r}], which recognises nothing: if "
                "it comes twice, it counts twice. Give event_key=... to award_points.",
                RuntimeWarning,
                stacklevel=5,
            )


def check_key(key: Any) -> str:
    """Return an event key as given by a caller.

    Raises:
        InvalidEventKey: empty, over 200 characters, reserved or not plain text.
    """
    if not isinstance(key, str) or not key.strip():
        raise InvalidEventKey(
            f"event_key is {shown(key)}; 1 to {EVENT_KEY_LENGTH} characters of text"
        )
    if len(key) > EVENT_KEY_LENGTH:
        raise InvalidEventKey(
            f"event_key has {len(key)} characters ({key[:40]!r}...); {EVENT_KEY_LENGTH} are allowed"
        )
    if key.startswith(RESERVED):
        raise InvalidEventKey(f"event_key {key!r} starts with {RESERVED!r}, which is reserved")
    if not key.isprintable():
        raise InvalidEventKey(f"event_key {key!r} has characters that cannot be printed")
    return key


def _check_json(metadata: dict[Any, Any]) -> None:
    if {*map(type, metadata)} != {str} and (
        odd := [name for name in metadata if not isinstance(name, str)]
    ):
        raise InvalidMetadata(f"metadata has keys {shown(odd)}; JSON allows text only")
    try:
        text = _strict_json(metadata)
        size = len(text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidMetadata(f"metadata is not JSON: {error}") from error
    if size > METADATA_BYTES:
        raise InvalidMetadata(f"metadata has {size} bytes; {METADATA_BYTES} are allowed")
    if "\\u0000" in text and _NUL.search(text):
        raise InvalidMetadata("metadata has a NUL character, which no database keeps as text")


def check_instant(occurred_at: Any, now: datetime) -> datetime:
    """Return when an event occurred; None means now.

    Raises:
        InvalidOccurredAt: not an aware datetime between 1970 and two minutes from now. A clock
            that is a little ahead must not cost a feature its transaction.
    """
    if occurred_at is None:
        return now
    if not isinstance(occurred_at, datetime) or timezone.is_naive(occurred_at):
        raise InvalidOccurredAt(f"occurred_at is {shown(occurred_at)}; an aware datetime is needed")
    # In UTC: Python compares instants of one zone by their clock faces, which is wrong where
    # the clocks were set back.
    bounded = EARLIEST_YEAR <= occurred_at.year <= now.year + 1
    if not bounded or occurred_at.astimezone(UTC) > now + CLOCK_AHEAD:
        raise InvalidOccurredAt(
            f"occurred_at is {occurred_at.isoformat()}; allowed is {EARLIEST_YEAR} up to now, "
            f"{now.isoformat()}, and two minutes more"
        )
    return occurred_at.astimezone(UTC)


def check_reason(reason: object) -> str:
    """Return why a correction is made.

    Raises:
        InvalidCorrection: it is empty or over 300 characters.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidCorrection(f"reason is {shown(reason)}; the member will read it, so give one")
    reason = " ".join(reason.split())
    if len(reason) > REASON_LENGTH or not reason.isprintable():
        raise InvalidCorrection(
            f"reason has {len(reason)} characters ({reason[:40]!r}...); {REASON_LENGTH} that can "
            "be printed are allowed"
        )
    return reason


def check_note(note: object) -> str:
    """Return what an imported entry says of its source; it may be empty.

    Raises:
        InvalidCorrection: it is no text, or over 300 characters.
    """
    if note == "":
        return ""
    if not isinstance(note, str) or len(note) > REASON_LENGTH or not note.isprintable():
        raise InvalidCorrection(
            f"note is {str(note)[:40]!r}; up to {REASON_LENGTH} characters that can be printed are "
            "allowed"
        )
    return note
