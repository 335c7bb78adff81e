"""Levels: a pure function of the total, so a level goes down when the total does."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from thrive_points.exceptions import InvalidLevels


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelProgress:
    """Where a total stands: the level, the total it starts at and the next one's start."""

    level: int
    starts_at: int
    next_at: int


@dataclass(frozen=True, slots=True)
class Levels:
    """A curve of levels.

    Args:
        starts: the total at which level 1, 2, 3 and so on starts; the first is 0, and each is
            higher than the one before.
        step: points of each level above the last listed one.

    Raises:
        InvalidLevels: the starts or the step are not such numbers.
    """

    starts: Sequence[int]
    step: int

    def __post_init__(self) -> None:
        starts = tuple(self.starts)
        whole = all(type(start) is int for start in (*starts, self.step))
        if not starts or not whole or starts[0] != 0 or sorted(set(starts)) != list(starts):
            raise InvalidLevels(
                f"levels start at {starts}; whole numbers are needed that begin with 0 and rise"
            )
        if self.step < 1:
            raise InvalidLevels(
                f"the step above the last level is {self.step}; 1 and more are allowed"
            )
        object.__setattr__(self, "starts", starts)

    def level_of(self, total: int) -> int:
        """Return the level of a total in points; a total below zero is level 1."""
        last = self.starts[-1]
        if total < last:
            return bisect_right(self.starts, total) or 1
        return len(self.starts) + (total - last) // self.step

    def start_of(self, level: int) -> int:
        """Return the total in points at which a level, 1 or higher, starts."""
        if level <= len(self.starts):
            return self.starts[level - 1]
        return self.starts[-1] + (level - len(self.starts)) * self.step

    def progress_of(self, total: int) -> LevelProgress:
        """Return the level of a total with the totals that bound it, in points."""
        level = self.level_of(total)
        return LevelProgress(
            level=level, starts_at=self.start_of(level), next_at=self.start_of(level + 1)
        )


LEVELS = Levels(
    starts=(
        0, 100, 250, 500, 1_000, 1_750, 2_750, 4_000, 5_500, 7_500,
        10_000, 13_000, 16_500, 20_500, 25_000, 30_000, 36_000, 43_000, 51_000, 60_000,
    ),
    step=10_000,
)  # fmt: skip
"""The twenty levels that ship, and those above them (design, section 6)."""
