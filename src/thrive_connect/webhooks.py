"""Webhooks by the Standard Webhooks specification (https://www.standardwebhooks.com).

A receiver's address is the site staff's to choose, but never a way into the site's own network:
the name is resolved here, every address it stands for has to be a public one, and the connection
goes to the very address that was looked at. Redirects are not followed; time and size are bounded.
"""

import json
import secrets
import socket
from base64 import b64encode
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_address
from threading import Timer
from urllib.parse import urlsplit

from thrive_connect.messages import Message
from thrive_connect.models import Listener

TIMEOUT = 10
"""Seconds a receiver has, for everything together."""

ANSWER_BYTES = 4_096
"""How much of an answer is read at most."""

GONE = 410
"""A receiver's way to say that it wants no more."""

Networks = Iterable[IPv4Network | IPv6Network]


class Undelivered(Exception):
    """A receiver did not take a message; the text says why."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a webhook goes: an address that was looked at, and the names it is asked by."""

    secure: bool
    host: str
    address: str
    port: int
    path: str


def new_secret() -> str:
    """Return a secret as the specification writes them: 24 random bytes."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def rotate(listener: Listener) -> str:
    """Give a listener a new secret; the one before goes on for as long as it is kept beside."""
    listener.previous_secret, listener.secret = listener.secret, new_secret()
    listener.save(update_fields=["secret", "previous_secret"])
    return listener.secret


def target_of(url: str, allowed: Networks = ()) -> Target:
    """Resolve a webhook's address and refuse what is not public.

    Args:
        url: https; http too within the allowed networks.
        allowed: private networks that receivers may be in.

    Raises:
        Undelivered: it is no such address, cannot be resolved, or leads inside.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise Undelivered(f"{url!r} is no address: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Undelivered(f"{url!r} is no address; https://host/path is needed")
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Undelivered(f"{parts.hostname} cannot be resolved: {error}") from error
    addresses = [ip_address(str(where[0]).partition("%")[0]) for *_, where in found]
    permitted = tuple(allowed)
    for address in addresses:
        is_allowed = any(address in network for network in permitted)
        if not is_allowed and (not address.is_global or address.is_multicast):
            raise Undelivered(f"{parts.hostname} is {address}, which is not a public address")
        if parts.scheme == "http" and not is_allowed:
            raise Undelivered("webhooks to public addresses need https")
    path = parts.path or "/"
    return Target(
        secure=parts.scheme == "https",
        host=parts.hostname,
        address=str(addresses[0]),
        port=port,
        path=f"{path}?{parts.query}" if parts.query else path,
    )


def send(listener: Listener, message: Message, now: datetime, allowed: Networks = ()) -> int:
    """Post a message to a listener and return the status of the answer.

    Args:
        listener: whose address and secrets.
        message: what to tell it.
        now: the time that is signed.
        allowed: private networks that receivers may be in.

    Raises:
        Undelivered: the answer is not 2xx, or there is none.
    """
    body = json.dumps(message.as_dict(), ensure_ascii=False, separators=(",", ":"))
    target = target_of(listener.url, allowed)
    status = _post(target, body.encode(), _headers(listener, message, now, body))
    if not 200 <= status < 300:
        raise Undelivered(f"answered {status}", gone=status == GONE)
    return status


def _headers(listener: Listener, message: Message, now: datetime, body: str) -> dict[str, str]:
    from standardwebhooks import Webhook

    given = filter(None, (listener.secret, listener.previous_secret))
    signatures = [Webhook(secret).sign(message.id, now, body) for secret in given]
    return {
        "Content-Type": "application/json",
        "User-Agent": "thrive-points",
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    import urllib3

    timeout = urllib3.Timeout(total=TIMEOUT)
    netloc = f"[{target.host}]" if ":" in target.host else target.host
    pool: urllib3.HTTPConnectionPool
    if target.secure:
        # The address is fixed; the certificate has to be the name's all the same.
        pool = urllib3.HTTPSConnectionPool(
            target.address,
            target.port,
            timeout=timeout,
            assert_hostname=target.host,
            server_hostname=target.host,
        )
    else:
        pool = urllib3.HTTPConnectionPool(target.address, target.port, timeout=timeout)
    try:
        with pool:
            response = pool.urlopen(
                "POST",
                target.path,
                body=body,
                headers={**headers, "Host": f"{netloc}:{target.port}"},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            # A drop at a time would keep each read in time, and us for ever.
            late = Timer(TIMEOUT, lambda: _hang_up(response))
            late.start()
            try:
                response.read(ANSWER_BYTES)
            finally:
                late.cancel()
                response.close()
            return int(response.status)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Undelivered(f"{type(error).__name__}: {error}"[:300]) from error


def _hang_up(response: object) -> None:
    with suppress(OSError):
        response.close()  # type: ignore[attr-defined]
