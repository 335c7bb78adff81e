"""The modifiers that ship: named functions of the metadata with declared bounds."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from thrive_points.core.rule import Modifier
from thrive_points.exceptions import InvalidMetadata

_DIFFICULTY = {"easy": Fraction(1, 3), "medium": Fraction(2, 3), "hard": Fraction(1)}


def _by_difficulty(metadata: Mapping[str, Any]) -> Fraction:
    given = metadata.get("difficulty", "hard")
    if not isinstance(given, str) or given not in _DIFFICULTY:
        raise InvalidMetadata(
            f"metadata['difficulty'] is {given!r}; allowed are {', '.join(_DIFFICULTY)}, "
            "or leave it out for the whole base",
            field="metadata",
            given=given,
            allowed=list(_DIFFICULTY),
        )
    return _DIFFICULTY[given]


BY_DIFFICULTY = Modifier(
    name="difficulty", factor=_by_difficulty, lowest=Fraction(1, 3), highest=Fraction(1)
)
"""Easy pays a third of the base, medium two thirds, hard the whole (design, section 6)."""

MODIFIERS = {modifier.name: modifier for modifier in (BY_DIFFICULTY,)}
