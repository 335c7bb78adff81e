"""Which share of the members someone belongs to, by a stable hash. Pure.

The answer depends on nothing but a salt and the user's primary key: it needs no table, is
the same in every process, and never changes.
"""

from hashlib import blake2s

PARTS = 10_000
"""Members are spread over this many equal parts; a percent is a hundred of them."""


def part_of(salt: str, user_id: object) -> int:
    """Return the part, 0 to 9,999, that a user falls in.

    Args:
        salt: what the split is for; another salt gives an independent split.
        user_id: the user's primary key.
    """
    digest = blake2s(f"{salt}:{user_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) % PARTS


def in_share(salt: str, user_id: object, percent: int) -> bool:
    """Return whether a user is in the first `percent` of the members.

    Whoever is in a small share is in every larger one of the same salt.
    """
    return part_of(salt, user_id) < percent * (PARTS // 100)
