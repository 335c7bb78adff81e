"""A rule: what an activity type earns, within which caps, and by which modifiers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from thrive_points.core.activities import Category
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.exceptions import InvalidRule, shown

Factor = Fraction | Decimal | int | str
"""What an exact factor may be written as: Fraction(1, 3), Decimal("0.5"), 2 or "1/3"."""


def exact_factor(given: object, field: str) -> Fraction:
    """Return a factor as a fraction.

    Args:
        given: a fraction, a decimal, a whole number, or text such as "1/3" and "0.5".
        field: what it is, for the error.

    Raises:
        InvalidRule: it is a float, which is not exact, or no number at all.
    """
    if type(given) is Fraction:
        return given
    allowed = 'Fraction(1, 3), Decimal("0.5"), a whole number or text such as "1/3"'
    if isinstance(given, float):
        raise InvalidRule(
            f"{field} is {shown(given)}, a float, which is not exact: it stands for "
            f"{Fraction(given) if isfinite(given) else given}; allowed are {allowed}",
            field=field,
            given=given,
            allowed=allowed,
        )
    try:
        if isinstance(given, Fraction | Decimal | int | str) and not isinstance(given, bool):
            return Fraction(given)
    except (ValueError, ArithmeticError):
        pass
    raise InvalidRule(
        f"{field} is {shown(given)}; allowed are {allowed}",
        field=field,
        given=given,
        allowed=allowed,
    )


MOST_POINTS = 1_000_000
CAPS = ("max_per_day", "max_per_week", "max_points_per_day", "max_points_per_week")
PLACING = {"effort": Effort, "impact": Impact, "frequency": Frequency}


class Tier(NamedTuple):
    """A stretch of awards over a cap that still pay `percent` of the full points."""

    awards: int
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Modifier:
    """A named function of the metadata that changes the base within declared bounds.

    Args:
        name: short name, kept in the arithmetic and used in rule files.
        factor: takes the metadata and returns the exact factor on the base; raises
            `InvalidMetadata` for metadata it cannot use.
        lowest: smallest factor it may return.
        highest: largest factor it may return.

    Factors and bounds are exact: `Fraction(1, 3)`, `Decimal("0.5")`, a whole number or "1/3". The
    bounds are kept as fractions.

    Raises:
        InvalidRule: the name is empty, or the bounds are no exact numbers of 0 and more in order.
    """

    name: str
    factor: Callable[[Mapping[str, Any]], Factor]
    lowest: Fraction
    highest: Fraction

    def __init__(
        self,
        *,
        name: str,
        factor: Callable[[Mapping[str, Any]], Factor],
        lowest: Factor,
        highest: Factor,
    ) -> None:
        if not isinstance(name, str) or not name.strip():
            raise InvalidRule(
                f"a modifier's name is {name!r}; text is needed", field="name", given=name
            )
        exact = [exact_factor(lowest, "lowest"), exact_factor(highest, "highest")]
        if not 0 <= exact[0] <= exact[1] or not exact[1]:
            raise InvalidRule(
                f"modifier {name!r} reaches from {exact[0]} to {exact[1]}; allowed is from 0 and "
                "more up to more than 0",
                field="lowest",
                given=lowest,
                allowed="0 up to highest",
            )
        for field, value in (
            ("name", name), ("factor", factor), ("lowest", exact[0]), ("highest", exact[1])
        ):  # fmt: skip
            object.__setattr__(self, field, value)


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

    Raises:
        InvalidRule: a value is not of its kind or outside its range; its `field` says which.
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
        _check_whole("base_points", self.base_points, 1, MOST_POINTS, "(to pay nothing, disable)")
        for name in CAPS:
            if getattr(self, name) is not None:
                _check_whole(name, getattr(self, name), 1, None, "or None for no cap")
        for name, enum in PLACING.items():
            if not isinstance(getattr(self, name), enum):
                _refuse(name, getattr(self, name), ", ".join(map(repr, enum)))
        if self.cooldown is not None and (
            not isinstance(self.cooldown, timedelta)
            or not timedelta() < self.cooldown <= timedelta(days=1)
            or self.cooldown.microseconds
        ):
            raise InvalidRule(
                f"cooldown is {self.cooldown}; allowed is more than 0 up to a day, whole seconds",
                field="cooldown",
                given=self.cooldown,
                allowed="a timedelta of whole seconds, up to a day",
            )
        if self.over_cap and self.max_per_day is None and self.max_per_week is None:
            raise InvalidRule(
                "over_cap needs max_per_day or max_per_week to be over",
                field="over_cap",
                given=self.over_cap,
                allowed="none, where awards have no cap",
            )
        for tier in self.over_cap:
            if not isinstance(tier, Tier):
                _refuse("over_cap", self.over_cap, "tiers such as Tier(awards=5, percent=50)")
            whole = [type(number) for number in tier] == [int, int]
            if not whole or tier.awards < 1 or not 1 <= tier.percent <= 99:
                raise InvalidRule(
                    f"{tier} in over_cap; allowed are 1+ awards at 1 to 99 percent, whole numbers",
                    field="over_cap",
                    given=tier,
                    allowed="1+ awards at 1 to 99 percent",
                )
        for modifier in self.modifiers:
            if not isinstance(modifier, Modifier):
                _refuse("modifiers", self.modifiers, "modifiers")
        if not isinstance(self.enabled, bool):
            _refuse("enabled", self.enabled, "True and False")


def _check_whole(field: str, given: object, lowest: int, highest: int | None, more: str) -> None:
    """Refuse anything but a whole number within bounds; True and 5.0 are none."""
    within = f"{lowest:,} to {highest:,}" if highest else f"{lowest:,} and more"
    if not isinstance(given, int) or isinstance(given, bool):
        _refuse(field, given, f"whole numbers, {within} {more}")
    if given < lowest or (highest is not None and given > highest):
        _refuse(field, given, f"{within} {more}")


def _refuse(field: str, given: object, allowed: str) -> NoReturn:
    raise InvalidRule(
        f"{field} is {shown(given)}; allowed are {allowed}",
        field=field,
        given=given,
        allowed=allowed,
    )
