"""How often each cap is reached, and why events were refused."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Sum
from django.db.models.functions import TruncWeek

from thrive_points.core.event import Outcome
from thrive_points.core.periods import week_of
from thrive_points.models import PointsDailyTotal, PointsHistory
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.span import Span
from thrive_points.rules.current import rulebook

REFUSALS = (
    *(Outcome.REDUCED, Outcome.CAPPED, Outcome.COOLING_DOWN, Outcome.NOT_ELIGIBLE),
    Outcome.DISABLED,
)
"""Outcomes other than full pay. A repeated event key is answered and not recorded."""

_DAY = timedelta(days=1)

LOWEST_CAP = 3
"""A lower cap is no limit to effort, only a way to say once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapUse:
    """How often one cap was reached.

    Args:
        activity_type, label: whose cap.
        per: "day" or "week".
        cap: awards that are paid in full, by the rule in force at the end of the span.
        reached: member-days, or member-weeks, with that many awards or more. A week counts if it
            ended in the span, and then whole.
        active: member-days, or member-weeks, with any award.
    """

    activity_type: str
    label: str
    per: str
    cap: int
    reached: int
    active: int

    @property
    def rate(self) -> float:
        """Return the share of active member-days or -weeks that reached the cap."""
        return self.reached / self.active if self.active else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Events of an activity type that were not paid in full, by outcome."""

    activity_type: str
    label: str
    by_outcome: dict[Outcome, int]


def cap_use(span: Span) -> tuple[CapUse, ...]:
    """Return how often each cap of a span was reached, the most reached first.

    Caps of one and two come last: they say "once", and are there to be reached.
    """
    rules = RulesByDay()
    reached: Counter[tuple[str, str]] = Counter()
    active: Counter[tuple[str, str]] = Counter()
    for activity_type, day, awards, member_days in _days(span):
        rule = rules.on(activity_type, day)
        if rule is not None and rule.max_per_day is not None:
            active[activity_type, "day"] += member_days
            reached[activity_type, "day"] += member_days * (awards >= rule.max_per_day)
    for activity_type, week, awards in _weeks(span, rules):
        rule = rules.on(activity_type, week)
        if rule is not None and rule.max_per_week is not None:
            active[activity_type, "week"] += 1
            reached[activity_type, "week"] += awards >= rule.max_per_week
    return tuple(
        sorted(
            _uses(span, rules, reached, active),
            key=lambda use: (use.cap < LOWEST_CAP, -use.rate, use.activity_type),
        )
    )


def refusals(span: Span) -> tuple[Refusals, ...]:
    """Return the events of a span that were not paid in full, the most refused first."""
    book = rulebook()
    found: dict[str, dict[Outcome, int]] = defaultdict(dict)
    rows = (
        PointsHistory.objects.filter(day__range=span.bounds, outcome__in=REFUSALS)
        .values_list("activity_type", "outcome")
        .annotate(events=Count("number"))
        .order_by()
    )
    for activity_type, outcome, events in rows:
        found[activity_type][Outcome(outcome)] = events
    return tuple(
        Refusals(activity_type=name, label=book.label_of(name), by_outcome=counts)
        for name, counts in sorted(found.items(), key=lambda item: -sum(item[1].values()))
    )


def _days(span: Span) -> Iterator[tuple[str, date, int, int]]:
    rows = (
        PointsDailyTotal.objects.filter(day__range=span.bounds, awards__gt=0)
        .values_list("activity_type", "day", "awards")
        .annotate(member_days=Count("user_id"))
        .order_by()
    )
    yield from rows.iterator(chunk_size=5_000)


def _weeks(span: Span, rules: RulesByDay) -> Iterator[tuple[str, date, int]]:
    weeks = _weeks_ended(span)
    if weeks is None:
        return
    capped = [
        name
        for name in rulebook().activity_types()
        if (rule := rules.on(name, span.until)) and rule.max_per_week is not None
    ]
    rows = (
        PointsDailyTotal.objects.filter(day__range=weeks, awards__gt=0, activity_type__in=capped)
        .annotate(week=TruncWeek("day"))
        .values_list("activity_type", "week", "user_id")
        .annotate(week_awards=Sum("awards"))
        .order_by()
    )
    for activity_type, week, _, awards in rows.iterator(chunk_size=5_000):
        yield activity_type, week, awards


def _weeks_ended(span: Span) -> tuple[date, date] | None:
    """Return the first and last day of the weeks that ended in a span, None without any.

    A week that the span cuts would look as if its cap had hardly been reached: one that begins
    before the span is read whole, one that goes on after it is left to the next review.
    """
    last = week_of(span.until + _DAY) - _DAY
    first_end = week_of(span.since) + 6 * _DAY
    return None if first_end > span.until else (week_of(span.since), last)


def _uses(
    span: Span,
    rules: RulesByDay,
    reached: Counter[tuple[str, str]],
    active: Counter[tuple[str, str]],
) -> Iterator[CapUse]:
    book = rulebook()
    for name in book.activity_types():
        rule = rules.on(name, span.until)
        if rule is None:
            continue
        for per, cap in (("day", rule.max_per_day), ("week", rule.max_per_week)):
            if cap is not None:
                yield CapUse(
                    activity_type=name,
                    label=rule.label,
                    per=per,
                    cap=cap,
                    reached=reached[name, per],
                    active=active[name, per],
                )
