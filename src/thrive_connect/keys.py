"""Keys of services: shown once when they are made, and kept as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from thrive_connect.models import ServiceKey

BEGINNING = "tp"
_PREFIX_BYTES, _SECRET_BYTES = 5, 32
_NOTED_EVERY = timedelta(minutes=1)


def new_key(
    name: str,
    activity_types: Sequence[str],
    *,
    expires_at: datetime | None = None,
    per_minute: int = 600,
    created_by: Any = None,
) -> tuple[ServiceKey, str]:
    """Make a key for a service, and return it with its text, which nobody can read again.

    Args:
        name: which service it is for.
        activity_types: what it may report; ("*",) for everything.
        expires_at: when it ends, None for never.
        per_minute: events a minute, at most.
        created_by: who made it.
    """
    prefix = secrets.token_hex(_PREFIX_BYTES)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    key = ServiceKey.objects.create(
        name=name,
        prefix=prefix,
        digest=_digest(secret),
        activity_types=list(activity_types),
        per_minute=per_minute,
        expires_at=expires_at,
        created_by=created_by,
    )
    return key, f"{BEGINNING}_{prefix}_{secret}"


def key_of(text: str) -> ServiceKey | None:
    """Return the key that a text is, if it may be used now; note that it was."""
    beginning, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    if beginning != BEGINNING or len(prefix) != 2 * _PREFIX_BYTES or not prefix.isalnum():
        return None
    key = ServiceKey.objects.filter(prefix=prefix).first()
    # The secret is 256 random bits, so one round of SHA-256 is as safe as many.
    if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
        return None
    now = timezone.now()
    if key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
        return None
    if key.last_used_at is None or now - key.last_used_at >= _NOTED_EVERY:
        ServiceKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def spend(key: Any, events: int) -> float:
    """Count events against a key's minute; return the seconds to wait where they are too many.

    What is refused does not count, so a batch that is too large holds up nothing else.
    """
    now = timezone.now().timestamp()
    name = f"thrive-connect-{key.pk}-{now // 60:.0f}"
    cache.add(name, 0, timeout=120)
    try:
        used = cache.incr(name, events)
    except ValueError:  # The cache forgot it between the two.
        return 0.0
    if used <= key.per_minute:
        return 0.0
    cache.decr(name, events)
    return 60 - now % 60


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
