"""The rubric: effort, impact and frequency give the band a rule's points should lie in.

The bands are those of the design: micro 1-5, standard 10-30, milestone 50-150 and up.
"""

from dataclasses import dataclass
from enum import StrEnum


class Effort(StrEnum):
    """How much work one event takes the member."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Impact(StrEnum):
    """How much others, or the member's own growth, gain from one event."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Frequency(StrEnum):
    """How often a keen member does it."""

    OFTEN = "often"
    SOMETIMES = "sometimes"
    RARELY = "rarely"


class BandName(StrEnum):
    MICRO = "micro"
    STANDARD = "standard"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A range of points.

    Args:
        name: what it is called.
        lowest: fewest points in it.
        highest: most points in it, None where the band is open above.
        width: by how many points two rules with the same rubric may differ.
    """

    name: BandName
    lowest: int
    highest: int | None
    width: int

    def __contains__(self, points: int) -> bool:
        return self.lowest <= points and (self.highest is None or points <= self.highest)

    def __str__(self) -> str:
        upper = f"-{self.highest}" if self.highest is not None else " and up"
        return f"{self.name.value} ({self.lowest}{upper})"


MICRO = Band(name=BandName.MICRO, lowest=1, highest=5, width=4)
STANDARD = Band(name=BandName.STANDARD, lowest=10, highest=30, width=20)
# Open above for the rare exceptional feat; what is usual in it lies between 50 and 150.
MILESTONE = Band(name=BandName.MILESTONE, lowest=50, highest=None, width=100)

_WEIGHT = {"low": 0, "medium": 1, "high": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """The band the rubric answers, and why."""

    band: Band
    why: str


def place(effort: Effort, impact: Impact, frequency: Frequency) -> Placing:
    """Return the band for a kind of action, and the reason in words.

    Effort and impact are weighed together, each 0 (low) to 2 (high). Up to 1 is micro:
    frequency never lifts a slight act, many of them become one goal instead. From 3 it is
    a milestone if it is rare, and at 4 also if it happens only sometimes. What is left is
    standard.
    """
    weight = _WEIGHT[effort] + _WEIGHT[impact]
    how = f"{effort} effort and {impact} impact, done {frequency}"
    if weight <= 1:
        return Placing(band=MICRO, why=f"{how}: a slight act earns little however rare it is")
    if frequency is Frequency.RARELY and weight >= 3:
        return Placing(band=MILESTONE, why=f"{how}: rare and weighty, so a milestone")
    if frequency is Frequency.SOMETIMES and weight == 4:
        return Placing(band=MILESTONE, why=f"{how}: weighty in both, so a milestone")
    return Placing(band=STANDARD, why=f"{how}: worth real points, but repeatable")
