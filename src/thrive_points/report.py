"""Where a member's points come from, by category and over time. Reads only daily totals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncMonth, TruncWeek

from thrive_points.activities import Category
from thrive_points.core.periods import week_of
from thrive_points.models import PointsDailyTotal
from thrive_points.rules.resolution import rulebook

MOST_BUCKETS = 400
"""Rows a series may have: more than a year of days, seven years of weeks, 33 of months."""


class Bucket(StrEnum):
    """How finely a report is cut along time."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start_of(self, day: date) -> date:
        """Return the first day of the bucket a day is in."""
        match self:
            case Bucket.WEEK:
                return week_of(day)
            case Bucket.MONTH:
                return day.replace(day=1)
            case _:
                return day

    def following(self, start: date) -> date:
        """Return the first day of the bucket after the one that starts on a day."""
        match self:
            case Bucket.WEEK:
                return start + timedelta(days=7)
            case Bucket.MONTH:
                return (start + timedelta(days=31)).replace(day=1)
            case _:
                return start + timedelta(days=1)

    def buckets_in(self, since: date, until: date) -> int:
        """Return how many buckets a span of days touches, 0 for none."""
        match self:
            case Bucket.NONE:
                return 0
            case Bucket.WEEK:
                return (week_of(until) - week_of(since)).days // 7 + 1
            case Bucket.MONTH:
                return (until.year - since.year) * 12 + until.month - since.month + 1
            case _:
                return (until - since).days + 1


Amounts = dict[Category, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """Points by category.

    Args:
        since, until: first and last day of the report.
        bucket: how `series` is cut; it is empty for none.
        totals: points of every category.
        series: start of each bucket with its points of every category; the first and last
            bucket hold only the report's days.
        adjustments: points of corrections that belong to no category.
    """

    since: date
    until: date
    bucket: Bucket
    totals: Amounts
    series: tuple[tuple[date, Amounts], ...]
    adjustments: int


def by_category(user: Any, since: date, until: date, bucket: Bucket) -> CategoryReport:
    """Return a user's points by category over a span of the user's days.

    An activity counts in the category it has now, so moving one moves its past too.

    Args:
        user: whose points.
        since: first day.
        until: last day, not before `since`.
        bucket: how to cut the series.

    Raises:
        ValueError: `until` lies before `since`, or the series would have over 400 rows.
    """
    if until < since:
        raise ValueError(f"until is {until}, before since, {since}")
    if (rows := bucket.buckets_in(since, until)) > MOST_BUCKETS:
        raise ValueError(f"{rows} buckets of a {bucket.value}; allowed are up to {MOST_BUCKETS}")
    totals = _zeros()
    series = {start: _zeros() for start in _starts(bucket, since, until)}
    adjustments = 0
    book = rulebook()
    for activity_type, start, points in _rows(user, since, until, bucket):
        category = book.category_of(activity_type)
        if category is None:
            adjustments += points
            continue
        totals[category] += points
        if start is not None:
            series[start][category] += points
    return CategoryReport(
        since=since,
        until=until,
        bucket=bucket,
        totals=totals,
        series=tuple(series.items()),
        adjustments=adjustments,
    )


def recorded_span(user: Any) -> tuple[date, date] | None:
    """Return the first and last day a user had anything recorded, None before that.

    The last may lie after the user's today: a member who travels west lives a day again.
    """
    found = PointsDailyTotal.objects.filter(user_id=user.pk).aggregate(Min("day"), Max("day"))
    return (found["day__min"], found["day__max"]) if found["day__min"] else None


def _zeros() -> Amounts:
    return dict.fromkeys(Category, 0)


def _starts(bucket: Bucket, since: date, until: date) -> Iterator[date]:
    if bucket is Bucket.NONE:
        return
    start, last = bucket.start_of(since), bucket.start_of(until)
    yield start
    # Compared before it steps, so that the last day a calendar knows can be asked for.
    while start < last:
        start = bucket.following(start)
        yield start


def _rows(
    user: Any, since: date, until: date, bucket: Bucket
) -> Iterator[tuple[str, date | None, int]]:
    totals = PointsDailyTotal.objects.filter(user_id=user.pk, day__range=(since, until))
    if bucket is Bucket.NONE:
        rows = totals.values("activity_type").annotate(sum=Sum("points"))
        return ((row["activity_type"], None, row["sum"]) for row in rows)
    cut = {Bucket.WEEK: TruncWeek("day"), Bucket.MONTH: TruncMonth("day")}
    if bucket in cut:
        totals = totals.annotate(start=cut[bucket])
        rows = totals.values("activity_type", "start").annotate(sum=Sum("points"))
        return ((row["activity_type"], row["start"], row["sum"]) for row in rows)
    rows = totals.values("activity_type", "day", "points")
    return ((row["activity_type"], row["day"], row["points"]) for row in rows)
