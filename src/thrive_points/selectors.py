"""The sole reader: balance, progress, history, by category and what can be earned."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Max, Min, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils import timezone
from django.utils.text import capfirst

from thrive_points.calendar.zones import calendar_of
from thrive_points.conf import points_settings
from thrive_points.core.activities import Category
from thrive_points.core.decide import decide, reachable
from thrive_points.core.event import Decision, Event, Outcome
from thrive_points.core.periods import Calendar, Period, week_of
from thrive_points.core.rubric import Frequency
from thrive_points.core.rule import Rule
from thrive_points.core.streaks import Run, Unit, adjoin
from thrive_points.core.usage import DayTotal, Usage, days_that_count, usage_of
from thrive_points.exceptions import shown
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.rules.registry import LOGIN_STREAK

HISTORY_LIMIT = 200
"""Most entries one call of `history` returns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a member stands.

    Args:
        total_points: the total, which is also the total XP.
        level, level_starts_at, next_level_at: the level and the totals that bound it.
        weekly_points: points that count in the current week.
        streak_days: active days of the login streak that still stands; 0 if none does.
    """

    total_points: int
    level: int
    level_starts_at: int
    next_level_at: int
    weekly_points: int
    streak_days: int

    @property
    def points_to_next_level(self) -> int:
        """Return the points that are missing to the next level."""
        return self.next_level_at - self.total_points


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityStatus:
    """What an activity can earn a member now.

    Args:
        activity_type, label, category, frequency, notes: from its rule.
        direct: whether a member does it, as against a streak or goal that pays by itself.
        lowest, highest: the points one event earns before caps, by its modifiers.
        max_per_day, max_per_week: awards that are paid in full; None for no cap.
        left_today, left_this_week: awards still paid, diminished ones included; None for no cap.
        next_points: the most that the next event would earn now.
        available: whether it would earn anything now.
        resets_at: when it will earn again; None while it does, or while it is disabled.
    """

    activity_type: str
    label: str
    category: Category
    frequency: Frequency
    notes: str
    direct: bool
    lowest: int
    highest: int
    max_per_day: int | None
    max_per_week: int | None
    left_today: int | None
    left_this_week: int | None
    next_points: int
    available: bool
    resets_at: datetime | None


def balance(user: Any) -> int:
    """Return a user's total in points, from the database."""
    total = UserThriveProfile.objects.filter(pk=user.pk).values_list("total_xp", flat=True).first()
    return total or 0


def progress(user: Any) -> Progress:
    """Return a user's total, level, weekly points and streak, from the database."""
    profile = UserThriveProfile.objects.filter(pk=user.pk).first() or UserThriveProfile(user=user)
    level = points_settings().levels.progress_of(profile.total_xp)
    now = timezone.now()
    calendar = calendar_of(user, now)
    period = calendar.period_of(now)
    return Progress(
        total_points=profile.total_xp,
        level=level.level,
        level_starts_at=level.starts_at,
        next_level_at=level.next_at,
        weekly_points=profile.xp_of_week(period.week),
        streak_days=_streak_days(profile, period.day, calendar),
    )


def history(user: Any, *, before: int | None = None, limit: int = 50) -> list[PointsHistory]:
    """Return a page of a user's ledger, newest entry first.

    Args:
        user: whose ledger.
        before: number of the last entry of the page before; None for the first page.
        limit: entries at most, 1 to 200.

    Raises:
        ValueError: the limit is outside its range.
    """
    if not 1 <= limit <= HISTORY_LIMIT:
        raise ValueError(f"limit is {shown(limit)}; allowed are 1 to {HISTORY_LIMIT}")
    entries = PointsHistory.objects.filter(user_id=user.pk)
    if before is not None:
        entries = entries.filter(number__lt=before)
    return list(entries.order_by("-number")[:limit])


def activities(user: Any) -> list[ActivityStatus]:
    """Return every activity type with what it can earn a user now, in the registry's order."""
    now = timezone.now()
    calendar = calendar_of(user, now)
    period = calendar.period_of(now)
    days = _days(user, period)
    moments = _moments(calendar, period)
    by_itself = _paid_by_streaks_and_goals()
    book = rulebook()
    return [
        _status(
            book.shown(name),
            rule,
            days.get(name, {}),
            now,
            period,
            moments,
            direct=name not in by_itself,
        )
        for name, rule in book.rules_at(now, user.pk).items()
    ]


def would_earn(
    user: Any, activity_type: str, metadata: Mapping[str, Any] | None = None
) -> Decision:
    """Return what one event would earn a user now, by the decision that an award will take.

    Metadata that a modifier cannot use yet is as if the event were the best there can be.

    Args:
        user: whose event it would be.
        activity_type: a name that has a rule.
        metadata: what is known of the event.

    Raises:
        UnknownActivityType: no rule has this name.
    """
    now = timezone.now()
    period = calendar_of(user, now).period_of(now)
    book = rulebook()
    name = book.name_of(activity_type)
    rule = book.resolve(name, now, user.pk)
    if rule.modifiers and not metadata:
        rule = replace(rule, base_points=reachable(rule)[1], modifiers=())
    usage = usage_of(_days(user, period).get(name, {}), period.day, period.week)
    event = Event(
        activity_type=name,
        event_key="",
        occurred_at=now,
        day=period.day,
        week=period.week,
        metadata=dict(metadata or {}),
    )
    return decide(rule, usage, event)


def _paid_by_streaks_and_goals() -> set[str]:
    settings = points_settings()
    streaks = {str(name) for streak in settings.streaks for _, name in streak.pays}
    return streaks | {str(goal.pays) for goal in settings.goals}


_DAY = timedelta(days=1)
_DAYS_AHEAD = 14
"""A cap ends with its week at the latest; one that was lived ahead, with the next."""


def _days(user: Any, period: Period) -> Mapping[str, Mapping[date, DayTotal]]:
    """Return a member's daily totals of this week and the next, by activity type."""
    days: dict[str, dict[date, DayTotal]] = {}
    first, _ = days_that_count(period.day, period.week)
    _, last = days_that_count(period.day, period.week + timedelta(days=7))
    for row in PointsDailyTotal.objects.filter(user_id=user.pk, day__range=(first, last)):
        days.setdefault(row.activity_type, {})[row.day] = DayTotal(
            row.awards, row.points, row.capped, row.last_awarded_at
        )
    return days


def _moments(calendar: Calendar, period: Period) -> list[tuple[datetime, Period]]:
    """Return the first instant of each day ahead: when caps may pay again."""
    ahead = [period.day + n * _DAY for n in range(1, _DAYS_AHEAD)]
    return [(calendar.starts(day), Period(day, week_of(day))) for day in ahead]


def _status(
    name: str,
    rule: Rule,
    days: Mapping[date, DayTotal],
    now: datetime,
    period: Period,
    moments: list[tuple[datetime, Period]],
    *,
    direct: bool,
) -> ActivityStatus:
    usage = usage_of(days, period.day, period.week)
    left_today = _left(rule, rule.max_per_day, usage.day_awards)
    left_this_week = _left(rule, rule.max_per_week, usage.week_awards)
    lowest, highest = reachable(rule)
    # decide() itself says what the next event would earn, so this page cannot promise more.
    # There is no metadata to adjust by yet, so it is asked about the best there can be.
    best = replace(rule, base_points=highest, modifiers=()) if rule.modifiers else rule
    answer = _answer(name, best, usage, now, period)
    resets_at: datetime | None = None
    if answer.outcome in (Outcome.COOLING_DOWN, Outcome.CAPPED):
        resets_at = _pays_again(name, best, days, now, period, moments)
    return ActivityStatus(
        activity_type=name,
        label=rule.label,
        category=rule.category,
        frequency=rule.frequency,
        notes=rule.notes,
        direct=direct,
        lowest=lowest,
        highest=highest,
        max_per_day=rule.max_per_day,
        max_per_week=rule.max_per_week,
        left_today=left_today,
        left_this_week=left_this_week,
        next_points=answer.points,
        available=answer.outcome.pays,
        resets_at=resets_at,
    )


def _answer(name: str, rule: Rule, usage: Usage, instant: datetime, period: Period) -> Decision:
    probe = Event(
        activity_type=name,
        event_key="",
        occurred_at=instant,
        day=period.day,
        week=period.week,
    )
    return decide(rule, usage, probe)


def _pays_again(
    name: str,
    rule: Rule,
    days: Mapping[date, DayTotal],
    now: datetime,
    period: Period,
    moments: list[tuple[datetime, Period]],
) -> datetime | None:
    """Return the first instant at which an event would be paid, had nothing happened till then.

    A cooldown may end before a cap does or after it, and a day ahead may have been lived already
    by a member who travelled west: so each instant at which anything changes is asked in turn.
    """
    turns = list(moments)
    if rule.cooldown:
        for total in days.values():
            if total.last_awarded_at and total.last_awarded_at + rule.cooldown > now:
                ends = total.last_awarded_at + rule.cooldown
                since = [on for starts, on in moments if starts <= ends]
                turns.append((ends, since[-1] if since else period))
    for instant, on in sorted(turns):
        if _answer(name, rule, usage_of(days, on.day, on.week), instant, on).outcome.pays:
            return instant
    return None


def _left(rule: Rule, cap: int | None, used: int) -> int | None:
    if cap is None:
        return None
    return max(0, cap + sum(tier.awards for tier in rule.over_cap) - used)


def _streak_days(profile: UserThriveProfile, today: date, calendar: Calendar) -> int:
    streak = next((s for s in points_settings().streaks if s.name == LOGIN_STREAK), None)
    kept = profile.streaks.get(LOGIN_STREAK)
    if streak is None or not kept:
        return 0
    run = Run(*kept)
    skips = calendar.skips if streak.unit is Unit.DAY else None
    stands = adjoin(run.last, streak.unit.ordinal(today), streak.forgiven, skips)
    return run.active if stands else 0


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


Amounts = dict[str, int]
"""Points by category; and of an activity type that has no rule any more, by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """Points by category.

    Args:
        since, until: first and last day of the report.
        bucket: how `series` is cut; it is empty for none.
        totals: points of every category. An activity type that has no rule any more belongs to
            none, so it has a line of its own, under its name.
        series: start of each bucket with its points in the same lines; the first and last
            bucket hold only the report's days.
        adjustments: points of corrections that belong to no category.
        former: the words for each activity type that has a line of its own.
    """

    since: date
    until: date
    bucket: Bucket
    totals: Amounts
    series: tuple[tuple[date, Amounts], ...]
    adjustments: int
    former: Mapping[str, str]

    @property
    def by_category(self) -> dict[Category, int]:
        """Return the totals of the categories alone."""
        return {category: self.totals[category] for category in Category}


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
    former: dict[str, str] = {}
    book = rulebook()
    for activity_type, start, points in _rows(user, since, until, bucket):
        if activity_type == ADJUSTMENT:
            adjustments += points
            continue
        line: str | None = book.category_of(activity_type)
        if line is None:
            line = activity_type
            if line not in former:
                former[line] = capfirst(book.label_of(activity_type))
                for amounts in (totals, *series.values()):
                    amounts.setdefault(line, 0)
        totals[line] += points
        if start is not None:
            series[start][line] += points
    return CategoryReport(
        since=since,
        until=until,
        bucket=bucket,
        totals=totals,
        series=tuple(series.items()),
        adjustments=adjustments,
        former=former,
    )


def recorded_span(user: Any) -> tuple[date, date] | None:
    """Return the first and last day a user had anything recorded, None before that.

    The last may lie after the user's today, where zones are not kept and the clock jumped back.
    """
    found = PointsDailyTotal.objects.filter(user_id=user.pk).aggregate(Min("day"), Max("day"))
    return (found["day__min"], found["day__max"]) if found["day__min"] else None


def last_day(user: Any, today: date) -> date:
    """Return the last day that has something of a user: today, or one that a clock left ahead.

    Args:
        user: whose.
        today: the user's date.
    """
    ahead = PointsDailyTotal.objects.filter(user_id=user.pk, day__gt=today)
    return max(today, ahead.aggregate(last=Max("day"))["last"] or today)


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
