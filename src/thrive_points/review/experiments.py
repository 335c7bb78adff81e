"""What an experiment's arms brought, read from the ledger by the name of the arm.

Needs SciPy, which the `review` extra installs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory, RuleExperiment
from thrive_points.validation import own_key

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A measured value and the bounds its true value lies within, 19 times of 20."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:,.2f} ({self.low:,.2f} to {self.high:,.2f})"

    @property
    def percent(self) -> str:
        """Return a share in words."""
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What one arm brought. Reversed entries do not count.

    Args:
        arm: its name.
        share: percent of the members it was given.
        base_points: what its rule pays before modifiers.
        members: how many did the activity at all.
        events: how often they did it.
        awards: how often that was paid.
        points: what they got.
        capped: how often a cap refused.
        points_per_member: mean; None with fewer than two members.
        active_days_per_member: mean of the days on which a member did it.
        cap_hits: share of the events that a cap refused; None without an event.
        against_first: points per member beyond those of the first arm (Welch's interval);
            None for the first.
    """

    arm: str
    share: int
    base_points: int
    members: int
    events: int
    awards: int
    points: int
    capped: int
    points_per_member: Estimate | None
    active_days_per_member: Estimate | None
    cap_hits: Estimate | None
    against_first: Estimate | None


@dataclass(slots=True)
class _Moments:
    """Mean and spread of a stream, by Welford's method: memory does not grow with members."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.count += 1
        delta = value - self.mean
        self.mean += delta / self.count
        self.squares += delta * (value - self.mean)

    @property
    def error(self) -> float:
        """Return the standard error of the mean."""
        return sqrt(self.squares / (self.count - 1) / self.count)

    def estimate(self) -> Estimate | None:
        if self.count < 2:
            return None
        return _interval(self.mean, self.error, self.count - 1)


def results_of(experiment: RuleExperiment) -> list[ArmResult]:
    """Return what each arm of an experiment brought so far, in the arms' order.

    Raises:
        ImportError: SciPy is not installed.
    """
    results: list[ArmResult] = []
    first: _Moments | None = None
    for arm in experiment.arms:
        members = events = awards = points = capped = 0
        paid, days = _Moments(), _Moments()
        for row in _members(experiment, arm["name"]):
            members += 1
            events += row["events"]
            awards += row["awards"]
            points += row["points"]
            capped += row["capped"]
            paid.add(row["points"])
            days.add(row["days"])
        results.append(
            ArmResult(
                arm=arm["name"],
                share=arm["share"],
                base_points=arm["definition"]["base_points"],
                members=members,
                events=events,
                awards=awards,
                points=points,
                capped=capped,
                points_per_member=paid.estimate(),
                active_days_per_member=days.estimate(),
                cap_hits=_proportion(capped, events),
                against_first=_difference(paid, first) if first else None,
            )
        )
        first = first or paid
    return results


def measures_by_arm(results: list[ArmResult]) -> list[tuple[str, ...]]:
    """Return what the arms brought in rows of words: a title, then a cell for each arm."""
    rows: list[tuple[str, list[object]]] = [
        ("base points", [result.base_points for result in results]),
        ("members given it", [f"{result.share}%" for result in results]),
        ("members who did it", [f"{result.members:,}" for result in results]),
        ("events", [f"{result.events:,}" for result in results]),
        ("awards", [f"{result.awards:,}" for result in results]),
        ("points", [f"{result.points:,}" for result in results]),
        ("points per member", [result.points_per_member for result in results]),
        ("beyond the first arm", [result.against_first for result in results]),
        ("active days per member", [result.active_days_per_member for result in results]),
        ("refused by a cap", [r.cap_hits.percent if r.cap_hits else None for r in results]),
    ]
    return [(title, *("-" if c is None else str(c) for c in cells)) for title, cells in rows]


def _members(experiment: RuleExperiment, arm: str) -> Iterator[dict[str, Any]]:
    paid = Q(outcome__in=[outcome for outcome in Outcome if outcome.pays])
    rows: Iterator[dict[str, Any]] = (
        PointsHistory.objects.filter(
            ~Exists(_reversal()),
            # Stated beside the name, so that the database sees that the partial index applies.
            rule_revision__gte="x",
            rule_revision__lt="y",
            rule_revision=f"x{experiment.pk}:{arm}",
        )
        .order_by()
        .values(member=F("user_id"))
        .annotate(
            events=Count("number"),
            awards=Count("number", filter=paid),
            points=Sum("points"),
            capped=Count("number", filter=Q(outcome=Outcome.CAPPED)),
            days=Count("day", distinct=True),
        )
        .iterator()
    )
    return rows


def _reversal() -> QuerySet[Any]:
    # Found by its key, which is unique; there is no index on what an entry reverses.
    key = Concat(Value(own_key("reversal", "")), Cast(OuterRef("number"), CharField()))
    return PointsHistory.objects.filter(user=OuterRef("user"), event_key=key)


def _interval(value: float, error: float, freedom: float) -> Estimate:
    from scipy.stats import t

    margin = float(t.ppf((1 + CONFIDENCE) / 2, freedom)) * error if error else 0.0
    return Estimate(value=value, low=value - margin, high=value + margin)


def _difference(arm: _Moments, first: _Moments) -> Estimate | None:
    if arm.count < 2 or first.count < 2:
        return None
    ours, theirs = arm.error**2, first.error**2
    if not ours + theirs:
        difference = arm.mean - first.mean
        return Estimate(value=difference, low=difference, high=difference)
    freedom = (ours + theirs) ** 2 / (ours**2 / (arm.count - 1) + theirs**2 / (first.count - 1))
    return _interval(arm.mean - first.mean, sqrt(ours + theirs), freedom)


def _proportion(hits: int, events: int) -> Estimate | None:
    if not events:
        return None
    from scipy.stats import binomtest

    interval = binomtest(hits, events).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(value=hits / events, low=float(interval.low), high=float(interval.high))
