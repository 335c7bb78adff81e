"""Intervals for what was counted member by member, and for how two arms differ.

Everything is by member, since the events of one member are not independent. Needs SciPy, which
the `review` extra installs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf, sqrt
from typing import Any

from thrive_points.review.extras import review_library

CONFIDENCE = 0.95
LOPSIDED = 0.001
"""Below this chance a split is not what was asked for (Fabijan et al., KDD 2019, name 0.0005 to
0.01)."""
_RESAMPLES = 999
_MOST_RESAMPLED = 2_000
"""With more members the two intervals for a ratio agree, and one of them costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measured value, and the bounds its true value lies within, 19 times of 20."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:,.2f} ({self.low:,.2f} to {self.high:,.2f})"

    @property
    def signed(self) -> str:
        """Return a difference in words."""
        return f"{self.value:+,.2f} ({self.low:+,.2f} to {self.high:+,.2f})"

    @property
    def percent(self) -> str:
        """Return a share in words."""
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"

    @property
    def percent_points(self) -> str:
        """Return the difference of two shares in words, in percent points."""
        value, low, high = (100 * part for part in (self.value, self.low, self.high))
        return f"{value:+.1f} ({low:+.1f} to {high:+.1f}) points"


@dataclass(slots=True)
class Moments:
    """Mean and spread of a stream, by Welford's method: memory does not grow with members."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        """Take in one member's value."""
        self.count += 1
        delta = value - self.mean
        self.mean += delta / self.count
        self.squares += delta * (value - self.mean)

    @property
    def variance(self) -> float:
        """Return the squared standard error of the mean."""
        return self.squares / (self.count - 1) / self.count


@dataclass(slots=True)
class Ratio:
    """A share of events, such as those a cap refused, gathered member by member."""

    members: Counter[tuple[int, int]] = field(default_factory=Counter)
    """How many members had so many events, and so many of them that count."""

    def add(self, events: int, hits: int) -> None:
        """Take in one member who had any event."""
        if events:
            self.members[events, hits] += 1

    @property
    def events(self) -> int:
        """Return the events of all members."""
        return sum(events * members for (events, _), members in self.members.items())

    @property
    def hits(self) -> int:
        """Return those of the events that count."""
        return sum(hits * members for (_, hits), members in self.members.items())


def mean_difference(arm: Moments, first: Moments, confidence: float) -> Estimate | None:
    """Return by how much the mean of an arm lies above the first's (Welch, Biometrika 1947).

    Returns:
        None where an arm has fewer than two members.
    """
    if min(arm.count, first.count) < 2:
        return None
    ours, theirs = arm.variance, first.variance
    difference = arm.mean - first.mean
    if not ours + theirs:
        return Estimate(value=difference, low=difference, high=difference)
    freedom = (ours + theirs) ** 2 / (ours**2 / (arm.count - 1) + theirs**2 / (first.count - 1))
    return _around(difference, sqrt(ours + theirs), freedom, confidence)


def share_difference(
    ours: tuple[int, int], first: tuple[int, int], confidence: float
) -> Estimate | None:
    """Return by how much a share of members lies above the first arm's.

    Agresti and Caffo (The American Statistician 2000): one member more on each side, so that
    shares of none and all do not look certain.

    Args:
        ours, first: how many members of the arm did it, and how many there are.
        confidence: such as 0.95.

    Returns:
        None where an arm has no member.
    """
    (a, n), (b, m) = ours, first
    if not n or not m:
        return None
    p, q = (a + 1) / (n + 2), (b + 1) / (m + 2)
    error = sqrt(p * (1 - p) / (n + 2) + q * (1 - q) / (m + 2))
    found = _around(p - q, error, inf, confidence)
    value = a / n - b / m
    return Estimate(value=value, low=max(-1.0, found.low), high=min(1.0, found.high))


def ratio(measured: Ratio, confidence: float = CONFIDENCE) -> Estimate | None:
    """Return a share of events with an interval that knows that they come by member.

    The bounds are the wider ones of the jackknife's and of the bootstrap-t's (Efron, 1979 and
    1981), both over members: a few members with very many events make either alone too narrow.

    Returns:
        None without an event, or with fewer than two members.
    """
    found = _linear(measured)
    if found is None:
        return None
    value, variance, members = found
    wide = _around(value, sqrt(variance), members - 1, confidence)
    low, high = wide.low, wide.high
    if not variance and value in (0, 1):
        # Seen in nobody, or always: what so many members could still have hidden.
        hidden = 1 - ((1 - confidence) / 2) ** (1 / members)
        low, high = (low - hidden, high) if value else (low, high + hidden)
    elif variance and members <= _MOST_RESAMPLED:
        lower, upper = _bootstrap_t(measured, value, confidence)
        low, high = min(low, lower), max(high, upper)
    return Estimate(value=value, low=max(0.0, low), high=min(1.0, high))


def ratio_difference(arm: Ratio, first: Ratio, confidence: float) -> Estimate | None:
    """Return by how much an arm's share of events lies above the first's, by member.

    Returns:
        None where an arm has no event, or fewer than two members with any.
    """
    ours, theirs = _linear(arm), _linear(first)
    if ours is None or theirs is None:
        return None
    difference, variance = ours[0] - theirs[0], ours[1] + theirs[1]
    if not variance:
        return Estimate(value=difference, low=difference, high=difference)
    # A few busy members carry a ratio: the freedom is what their weights leave of the members.
    freedom = variance**2 / sum(
        part**2 / max(1.0, _effective(measured) - 1)
        for part, measured in ((ours[1], arm), (theirs[1], first))
    )
    return _around(difference, sqrt(variance), freedom, confidence)


def confidence_of_look(look: int, looks: int, comparisons: int = 1) -> float:
    """Return the confidence one of many looks needs, so that all of them together keep 95 %.

    Half of the permitted error is spent on the last look and the rest evenly on those before
    it; their sum bounds the chance that any of them misleads (Boole's inequality, as in Lan and
    DeMets, Biometrika 1983). This holds however the looks depend on each other. Sequential
    tests and confidence sequences take each observation as new, but here the same members are
    counted again every day.

    Args:
        look: which look it is, from 1.
        looks: how many there will be in all.
        comparisons: how many arms are compared with the first.
    """
    error = (1 - CONFIDENCE) / comparisons
    if looks <= 1:
        return 1 - error
    return 1 - (error / 2 if look >= looks else error / 2 / (looks - 1))


def chance_of_split(members: Sequence[int], shares: Sequence[int]) -> float | None:
    """Return how likely a split is at least as lopsided as this one (chi-square).

    Args:
        members: how many each arm has.
        shares: percent that each was given.

    Returns:
        None where nobody was assigned at all.
    """
    everybody = sum(members)
    if not everybody:
        return None
    expected = [everybody * share / sum(shares) for share in shares]
    squares = sum((n - e) ** 2 / e for n, e in zip(members, expected, strict=True))
    return float(review_library("scipy.stats").chi2.sf(squares, len(members) - 1))


def _around(value: float, error: float, freedom: float, confidence: float) -> Estimate:
    stats = review_library("scipy.stats")
    tail = (1 + confidence) / 2
    factor = stats.norm.ppf(tail) if freedom == inf else stats.t.ppf(tail, freedom)
    margin = float(factor) * error
    return Estimate(value=value, low=value - margin, high=value + margin)


def _effective(measured: Ratio) -> float:
    squares = sum(events**2 * members for (events, _), members in measured.members.items())
    return measured.events**2 / squares


def _linear(measured: Ratio) -> tuple[float, float, int] | None:
    """Return a ratio, its jackknife variance and its members."""
    members = measured.members.total()
    events, hits = measured.events, measured.hits
    if members < 2 or not events:
        return None
    without = {pair: (hits - pair[1]) / (events - pair[0]) for pair in measured.members}
    mean = sum(without[pair] * count for pair, count in measured.members.items()) / members
    squares = sum((without[pair] - mean) ** 2 * count for pair, count in measured.members.items())
    return hits / events, squares * (members - 1) / members, members


def _bootstrap_t(measured: Ratio, value: float, confidence: float) -> tuple[float, float]:
    numpy = review_library("numpy")
    pairs: Any = numpy.array(list(measured.members), dtype=float)
    counts: Any = numpy.array(list(measured.members.values()), dtype=float)
    events, hits = pairs[:, 0], pairs[:, 1]
    members = int(counts.sum())
    # Seeded, so that the same data gives the same interval.
    drawn = numpy.random.default_rng(1).multinomial(members, counts / members, _RESAMPLES)

    def spread(of: Any) -> tuple[Any, Any]:
        total = of @ events
        share = (of @ hits) / total
        squares = of @ hits**2 - 2 * share * (of @ (hits * events)) + share**2 * (of @ events**2)
        error = numpy.sqrt(numpy.maximum(squares, 0) * members / (members - 1)) / total
        return share, error

    shares, errors = spread(drawn)
    known = errors > 0
    if not known.any():
        return value, value
    tail = (1 - confidence) / 2
    lower, upper = numpy.quantile((shares - value)[known] / errors[known], [tail, 1 - tail])
    error = float(spread(counts)[1])
    return float(value - upper * error), float(value - lower * error)
