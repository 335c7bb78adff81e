"""The door of the XP layer: open only while PointsService holds a member's account.

Importing this module from anywhere but PointsService breaks the house's import contract.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from thrive_circles.standing import Standing
from thrive_circles.store import XPStore


@dataclass(slots=True)
class OpenAccount:
    """A member's account whose row is locked, with the standing read under that lock."""

    user_id: Any
    standing: Standing
    store: XPStore


_account: ContextVar[OpenAccount | None] = ContextVar("thrive_circles_account", default=None)


class opened:  # noqa: N801 - reads as the sentence it is: with door.opened(...)
    """Open the door for one member, whose profile row the caller has locked.

    Args:
        user_id: primary key of the member.
        standing: the profile's numbers as read under the lock.
        store: where the XP is written.
    """

    __slots__ = ("_account", "_token")

    def __init__(self, user_id: Any, standing: Standing, store: XPStore) -> None:
        self._account = OpenAccount(user_id, standing, store)

    def __enter__(self) -> OpenAccount:
        self._token = _account.set(self._account)
        return self._account

    def __exit__(self, *_: object) -> None:
        _account.reset(self._token)


def current() -> OpenAccount | None:
    """Return the account that is open in this context, None when the door is shut."""
    return _account.get()
