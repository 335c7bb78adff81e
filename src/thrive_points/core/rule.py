"""A rule: what an activity type earns, within which caps, and by which modifiers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from thrive_points.core.activities import Category
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.exceptions import InvalidRule, shown


class Tier(NamedTuple):
    """A stretch of awards over a cap that still pay `percent` of the full points."""

    awards: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Modifier:
    """A named function of the metadata that changes the base within declared bounds.

    Args:
        name: short name, kept in the arithmetic and used in rule files.
        factor: takes the metadata and returns the exact factor on the base; raises
            `InvalidMetadata` for metadata it cannot use.
        lowest: smallest factor it may return.
        highest: largest factor it may return.
    """

    name: str
    factor: Callable[[Mapping[str, Any]], Fraction]
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What an activity type earns.

    Args:
        label: completes "20 for ..." in a sentence to the member: "a completed quiz".
        category: one of the six.
        base_points: points of one event before modifiers, 1 or more.
        effort, impact, frequency: its place in the rubric.
        max_per_day, max_per_week: awards paid in full per local day and ISO week.
        over_cap: tiers of diminishing returns beyond a cap; nothing is paid after them.
        max_points_per_day, max_points_per_week: points caps; the award that reaches one
            is paid in part.
        cooldown: shortest time between two awards, up to a day.
        modifiers: applied to the base in order.
        enabled: a disabled rule records the event and pays nothing.
        notes: why it earns this, for those who tune it.
        exception: written reason why the rule may stand outside its band.
        revision: which version of the rule this is; kept on every entry it decides.
    """

    label: str
    category: Category
    base_points: int
    effort: Effort
    impact: Impact
    frequency: Frequency
    max_per_day: int | None = None
    max_per_week: int | None = None
    over_cap: tuple[Tier, ...] = ()
    max_points_per_day: int | None = None
    max_points_per_week: int | None = None
    cooldown: timedelta | None = None
    modifiers: tuple[Modifier, ...] = ()
    enabled: bool = True
    notes: str = ""
    exception: str = ""
    revision: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.base_points <= 1_000_000:
            raise InvalidRule(
                f"base_points is {shown(self.base_points)}; allowed are 1 to 1,000,000 "
                "(to pay nothing, disable the rule)"
            )
        for name in ("max_per_day", "max_per_week", "max_points_per_day", "max_points_per_week"):
            cap = getattr(self, name)
            if cap is not None and cap < 1:
                raise InvalidRule(
                    f"{name} is {shown(cap)}; allowed are 1 and more, or None for no cap"
                )
        if self.cooldown is not None and not timedelta() < self.cooldown <= timedelta(days=1):
            raise InvalidRule(f"cooldown is {self.cooldown}; allowed is more than 0 up to a day")
        if self.over_cap and self.max_per_day is None and self.max_per_week is None:
            raise InvalidRule("over_cap needs max_per_day or max_per_week to be over")
        for tier in self.over_cap:
            if tier.awards < 1 or not 1 <= tier.percent <= 99:
                raise InvalidRule(
                    f"{shown(tier)} in over_cap; allowed are 1+ awards at 1 to 99 percent"
                )
