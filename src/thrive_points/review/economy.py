"""Points issued per day, week and active member, and what drives them.

Everything is read from the daily totals, so points are net: a reversal lowers the day of the
entry it takes back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncWeek

from thrive_points.core.activities import Category
from thrive_points.core.periods import week_of
from thrive_points.models import PointsDailyTotal
from thrive_points.review.span import Span
from thrive_points.rules.current import ADJUSTMENT, rulebook

_ACTIVE = Q(awards__gt=0)
"""A member is active in a period in which at least one event paid them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What was issued in a period.

    Args:
        points: net of reversals, adjustments included.
        awards: events that paid.
        capped: events refused by a cap.
        members: members with at least one paid event.
    """

    points: int = 0
    awards: int = 0
    capped: int = 0
    members: int = 0

    @property
    def per_member(self) -> float:
        """Return points per active member, 0 without any."""
        return self.points / self.members if self.members else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The flow of a day or of an ISO week; `days` of a week lie in the span."""

    starts: date
    days: int
    flow: Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityFlow:
    """The flow of one activity type, now and in the span before."""

    activity_type: str
    label: str
    category: Category | None
    now: Flow
    before: Flow
    share: float

    @property
    def change(self) -> int:
        """Return by how many points it grew."""
        return self.now.points - self.before.points


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFlow:
    """Points of one category; None stands for adjustments and activities without a rule."""

    category: Category | None
    points: int
    points_before: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Economy:
    """The points of a span beside those of the span before it."""

    span: Span
    now: Flow
    before: Flow
    days: tuple[Period, ...]
    days_before: tuple[Period, ...]
    weeks: tuple[Period, ...]
    activities: tuple[ActivityFlow, ...]
    categories: tuple[CategoryFlow, ...]

    @property
    def inflation(self) -> float | None:
        """Return the growth of points per active member, None without a span to compare."""
        return growth(self.now.per_member, self.before.per_member)

    @property
    def drivers(self) -> tuple[ActivityFlow, ...]:
        """Return the activities that changed, the largest change first."""
        changed = (activity for activity in self.activities if activity.change)
        return tuple(sorted(changed, key=lambda activity: -abs(activity.change)))


def growth(now: float, before: float) -> float | None:
    """Return the relative change, None where there was nothing before."""
    return (now - before) / before if before > 0 else None


def change_in_words(now: float, before: float) -> str:
    """Return the relative change as text, such as "+4 %"."""
    grown = growth(now, before)
    return "none before" if grown is None else f"{grown * 100:+,.0f} %"


def economy(span: Span) -> Economy:
    """Return the points issued in a span and in the one before it."""
    activities = _activities(span)
    return Economy(
        span=span,
        now=_total(span),
        before=_total(span.before),
        days=_days(span),
        days_before=_days(span.before),
        weeks=_weeks(span),
        activities=activities,
        categories=_categories(activities),
    )


def _within(span: Span) -> Q:
    return Q(day__range=span.bounds)


def _sums(where: Q | None = None) -> dict[str, Sum | Count]:
    active = _ACTIVE if where is None else _ACTIVE & where
    return {
        "points_": Sum("points", filter=where),
        "awards_": Sum("awards", filter=where),
        "capped_": Sum("capped", filter=where),
        "members_": Count("user_id", filter=active, distinct=True),
    }


def _flow(row: dict[str, int | None], suffix: str = "_") -> Flow:
    return Flow(
        points=row[f"points{suffix}"] or 0,
        awards=row[f"awards{suffix}"] or 0,
        capped=row[f"capped{suffix}"] or 0,
        members=row[f"members{suffix}"] or 0,
    )


def _total(span: Span) -> Flow:
    return _flow(PointsDailyTotal.objects.filter(_within(span)).aggregate(**_sums()))


def _days(span: Span) -> tuple[Period, ...]:
    rows = PointsDailyTotal.objects.filter(_within(span)).values("day").annotate(**_sums())
    found = {row["day"]: _flow(row) for row in rows}
    every = (span.since + timedelta(days=n) for n in range(span.days))
    return tuple(Period(starts=day, days=1, flow=found.get(day, Flow())) for day in every)


def _weeks(span: Span) -> tuple[Period, ...]:
    rows = (
        PointsDailyTotal.objects.filter(_within(span))
        .annotate(week=TruncWeek("day"))
        .values("week")
        .annotate(**_sums())
    )
    found = {row["week"]: _flow(row) for row in rows}
    monday = week_of(span.since)
    every = (monday + timedelta(days=n) for n in range(0, (span.until - monday).days + 1, 7))
    return tuple(
        Period(starts=week, days=_days_of_week(week, span), flow=found.get(week, Flow()))
        for week in every
    )


def _days_of_week(monday: date, span: Span) -> int:
    first = max(monday, span.since)
    return (min(monday + timedelta(days=6), span.until) - first).days + 1


def _activities(span: Span) -> tuple[ActivityFlow, ...]:
    book = rulebook()
    both = Q(day__range=(span.before.since, span.until))
    now, before = _sums(_within(span)), _sums(_within(span.before))
    rows = list(
        PointsDailyTotal.objects.filter(both)
        .values("activity_type")
        .annotate(
            **{f"{name}now": sum_ for name, sum_ in now.items()},
            **{f"{name}before": sum_ for name, sum_ in before.items()},
        )
    )
    issued = sum(max(0, row["points_now"] or 0) for row in rows)
    flows = (
        ActivityFlow(
            activity_type=row["activity_type"],
            label=(
                "adjustments by the team"
                if row["activity_type"] == ADJUSTMENT
                else book.label_of(row["activity_type"])
            ),
            category=book.category_of(row["activity_type"]),
            now=_flow(row, "_now"),
            before=_flow(row, "_before"),
            share=max(0, row["points_now"] or 0) / issued if issued else 0.0,
        )
        for row in rows
    )
    return tuple(sorted(flows, key=lambda flow: (-flow.now.points, flow.activity_type)))


def _categories(activities: Iterable[ActivityFlow]) -> tuple[CategoryFlow, ...]:
    known = list(activities)
    names: list[Category | None] = [*Category]
    if any(activity.category is None for activity in known):
        names.append(None)
    return tuple(
        CategoryFlow(
            category=name,
            points=sum(a.now.points for a in known if a.category is name),
            points_before=sum(a.before.points for a in known if a.category is name),
            share=sum(a.share for a in known if a.category is name),
        )
        for name in names
    )
