"""Circle levels: which circles a member's total opens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleLevel:
    """A circle level and the XP at which it starts."""

    name: str
    starts_at: int


CIRCLE_LEVELS = (
    CircleLevel(name="Seedling", starts_at=0),
    CircleLevel(name="Explorer", starts_at=500),
    CircleLevel(name="Creator", starts_at=1_500),
    CircleLevel(name="Catalyst", starts_at=3_500),
    CircleLevel(name="Luminary", starts_at=7_500),
)


def circle_level_of(total_xp: int) -> CircleLevel:
    """Return the circle level of a total in XP."""
    reached = [level for level in CIRCLE_LEVELS if level.starts_at <= total_xp]
    return reached[-1] if reached else CIRCLE_LEVELS[0]


def next_circle_level(total_xp: int) -> CircleLevel | None:
    """Return the circle level after that of a total in XP, None at the top."""
    return next((level for level in CIRCLE_LEVELS if level.starts_at > total_xp), None)
