"""Levels: a pure function of the total, so a level goes down when the total does."""

from bisect import bisect_right
from dataclasses import dataclass

LEVEL_STARTS = (
    0, 100, 250, 500, 1_000, 1_750, 2_750, 4_000, 5_500, 7_500,
    10_000, 13_000, 16_500, 20_500, 25_000, 30_000, 36_000, 43_000, 51_000, 60_000,
)  # fmt: skip
"""Total at which level 1, 2, ... 20 starts (design, section 6)."""

STEP_ABOVE = 10_000
"""Points per level above the last listed one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelProgress:
    """Where a total stands: the level, the total it starts at and the next one's start."""

    level: int
    starts_at: int
    next_at: int


def level_of(total: int) -> int:
    """Return the level of a total in points; a total below zero is level 1."""
    if total < LEVEL_STARTS[-1]:
        return bisect_right(LEVEL_STARTS, total) or 1
    return len(LEVEL_STARTS) + (total - LEVEL_STARTS[-1]) // STEP_ABOVE


def start_of(level: int) -> int:
    """Return the total in points at which a level, 1 or higher, starts."""
    if level <= len(LEVEL_STARTS):
        return LEVEL_STARTS[level - 1]
    return LEVEL_STARTS[-1] + (level - len(LEVEL_STARTS)) * STEP_ABOVE


def progress_of(total: int) -> LevelProgress:
    """Return the level of a total with the totals that bound it, in points."""
    level = level_of(total)
    return LevelProgress(level=level, starts_at=start_of(level), next_at=start_of(level + 1))
