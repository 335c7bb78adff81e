"""Signatures that no one who has only the database can make: of checkpoints and of erasures."""

import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from thrive_points.exceptions import ProofKeyMissing

KEY_VARIABLE = "THRIVE_POINTS_PROOF_KEY"
"""Environment variable with the key: text of at least 32 characters, kept out of the database."""

SHORTEST_KEY = 32


def has_key() -> bool:
    """Return whether this process can sign."""
    return bool(os.environ.get(KEY_VARIABLE))


def signer(kind: str) -> "hmac.HMAC":
    """Return what a signature of a kind is made with: update it, then ask for its hexdigest.

    Raises:
        ProofKeyMissing: the environment has no key, or a short one.
    """
    key = os.environ.get(KEY_VARIABLE, "")
    if len(key) < SHORTEST_KEY:
        raise ProofKeyMissing(
            f"{KEY_VARIABLE} has {len(key)} characters; a key of at least {SHORTEST_KEY} is needed "
            "in the environment, such as python -c 'import secrets; print(secrets.token_hex(32))' "
            "prints"
        )
    return hmac.new(key.encode(), kind.encode() + b"\0", hashlib.sha256)


def signature(kind: str, content: str) -> str:
    """Return the signature of a short content.

    Raises:
        ProofKeyMissing: the environment has no key, or a short one.
    """
    made = signer(kind)
    made.update(content.encode())
    return made.hexdigest()


def receipt(user_id: Any, number: int, at: datetime) -> dict[str, str]:
    """Return the receipt of an erasure, which its entry keeps as metadata.

    Args:
        user_id: whose account was erased.
        number: of the entry that says so; what is personal in earlier entries was blanked.
        at: when it is recorded.

    Returns:
        The signature; empty where this process has no key, and then a checkpoint made before
        the erasure reports it.
    """
    if not has_key():
        return {}
    return {"receipt": signature("erasure", _erasure(user_id, number, at))}


def is_genuine(user_id: Any, number: int, at: datetime, metadata: Mapping[str, Any]) -> bool:
    """Return whether the metadata of an erasure's entry hold a receipt signed by this key."""
    given = metadata.get("receipt")
    expected = signature("erasure", _erasure(user_id, number, at))
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())


def _erasure(user_id: Any, number: int, at: datetime) -> str:
    return f"{user_id}\n{number}\n{at.astimezone(UTC).isoformat(timespec='microseconds')}"
