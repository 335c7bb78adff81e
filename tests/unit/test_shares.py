"""Shares: who is in one, against the hash that the documents name."""

from hashlib import blake2s

from thrive_points.core.shares import in_share, part_of


def test_a_part_is_a_hash_of_salt_and_member():
    for member in (1, 77, "a-uuid"):
        digest = blake2s(f"quiz:{member}".encode(), digest_size=8).digest()
        assert part_of("quiz", member) == int.from_bytes(digest, "big") % 10_000


def test_a_percent_is_a_hundred_parts():
    members = range(2_000)
    for percent in (1, 30, 100):
        chosen = [member for member in members if in_share("quiz", member, percent)]
        assert chosen == [m for m in members if part_of("quiz", m) // 100 < percent]
        assert abs(len(chosen) - 20 * percent) < 80
