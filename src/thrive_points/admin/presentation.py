"""The review as tables and charts of finished words, which a page only has to lay out."""

from collections.abc import Sequence
from dataclasses import dataclass

from thrive_points.admin.charts import BarChart, CurveChart, bars, lorenz
from thrive_points.review.caps import REFUSALS
from thrive_points.review.economy import Economy, change_in_words
from thrive_points.review.report import Review

MOST_BARS = 35
"""More days than this are charted by week: their values would no longer be legible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its words, and perhaps a bar of so many percent beside them."""

    text: str
    bar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with a caption. All columns but those in `words` hold numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    words: tuple[int, ...] = (1,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A headline number and how it changed."""

    name: str
    value: str
    change: str = ""


def figures(review: Review) -> tuple[Figure, ...]:
    """Return the headline numbers."""
    now, before = review.economy.now, review.economy.before
    spread = review.concentration
    return (
        Figure(
            name="Points issued",
            value=_number(now.points),
            change=change_in_words(now.points, before.points),
        ),
        Figure(
            name="Active members",
            value=_number(now.members),
            change=change_in_words(now.members, before.members),
        ),
        Figure(
            name="Points per active member",
            value=f"{now.per_member:,.1f}",
            change=change_in_words(now.per_member, before.per_member),
        ),
        Figure(
            name="Held by the top 10 %",
            value=f"{spread.top_10_percent:.0%}",
            change=f"top 1 %: {spread.top_1_percent:.0%}; Gini {spread.gini:.2f}",
        ),
    )


def issued_chart(issued: Economy) -> BarChart:
    """Return the points issued per day, or per week where days would be too many."""
    if issued.span.days <= MOST_BARS:
        return bars(
            title="Points issued per day",
            values=[(f"{p.starts:%d %b}", p.flow.points) for p in issued.days],
            before=[p.flow.points for p in issued.days_before],
        )
    return bars(
        title="Points issued per week",
        values=[(f"{p.starts:%d %b}", p.flow.points) for p in issued.weeks][-MOST_BARS:],
    )


def spread_chart(review: Review) -> CurveChart | None:
    """Return the Lorenz curve, None where nobody holds anything."""
    return lorenz(review.concentration.lorenz) if review.concentration.lorenz else None


def day_table(issued: Economy) -> Table:
    """Return the days, each beside the day of the span before that it stands against."""
    return _table(
        "Points by day",
        ("Day", "Points", "Members", "Per member", "Points in the span before"),
        [
            (
                f"{now.starts:%a %d %b %Y}",
                _number(now.flow.points),
                _number(now.flow.members),
                f"{now.flow.per_member:,.1f}",
                _number(before.flow.points),
            )
            for now, before in zip(issued.days, issued.days_before, strict=True)
        ],
        "No days.",
    )


def issued_tables(issued: Economy) -> tuple[Table, ...]:
    """Return where the points went: weeks, activities, drivers, categories."""
    largest = max((abs(a.change) for a in issued.activities), default=0)
    return (
        _table(
            "Points by week",
            ("Week from", "Days", "Points", "Active members", "Per active member"),
            [
                (
                    f"{week.starts:%d %b %Y}",
                    str(week.days),
                    _number(week.flow.points),
                    _number(week.flow.members),
                    f"{week.flow.per_member:,.1f}",
                )
                for week in issued.weeks
            ],
            "No points were issued in these days.",
        ),
        _table(
            "Points by activity",
            ("Activity", "Share", "Points", "Before", "Change", "Awards", "Members"),
            [
                (
                    activity.label,
                    Cell(text=f"{activity.share:.1%}", bar=_percent(activity.share)),
                    _number(activity.now.points),
                    _number(activity.before.points),
                    change_in_words(activity.now.points, activity.before.points),
                    _number(activity.now.awards),
                    _number(activity.now.members),
                )
                for activity in issued.activities
            ],
            "No points were issued in these days.",
        ),
        _table(
            "What drove the change",
            ("Activity", "Points more or less", "Per member now", "Per member before"),
            [
                (
                    activity.label,
                    Cell(
                        text=f"{activity.change:+,}",
                        bar=_percent(abs(activity.change) / largest),
                    ),
                    f"{activity.now.per_member:,.1f}",
                    f"{activity.before.per_member:,.1f}",
                )
                for activity in issued.drivers[:10]
            ],
            "Nothing changed.",
        ),
        _table(
            "Points by category",
            ("Category", "Share", "Points", "Before", "Change"),
            [
                (
                    flow.category.label if flow.category else "Adjustments and retired activities",
                    Cell(text=f"{flow.share:.1%}", bar=_percent(flow.share)),
                    _number(flow.points),
                    _number(flow.points_before),
                    change_in_words(flow.points, flow.points_before),
                )
                for flow in issued.categories
            ],
            "No categories.",
        ),
    )


def rule_tables(review: Review) -> tuple[Table, ...]:
    """Return how the rules worked: caps, refusals, levels, concerns."""
    return (
        _table(
            "How often caps are reached",
            ("Activity", "Cap", "Share", "Reached", "Of active days or weeks"),
            [
                (
                    use.label,
                    f"{use.cap} a {use.per}",
                    Cell(text=f"{use.rate:.1%}", bar=_percent(use.rate)),
                    _number(use.reached),
                    _number(use.active),
                )
                for use in review.caps
                if use.active
            ],
            "No activity with a cap was done in these days.",
        ),
        _table(
            "Events not paid in full",
            ("Activity", "Reduced", "Capped", "Cooling down", "Disabled"),
            [
                (
                    row.label,
                    *(_number(row.by_outcome.get(outcome, 0)) for outcome in REFUSALS),
                )
                for row in review.refusals
            ],
            "Every event was paid in full.",
        ),
        _table(
            "How fast members climb",
            (
                "Level at the start",
                "Members",
                "Climbed",
                "Levels gained, median",
                "Levels gained, most",
                "Points, median",
            ),
            [
                (
                    str(row.level),
                    _number(row.members),
                    _number(row.climbed),
                    f"{row.median_gain:g}",
                    str(row.highest_gain),
                    f"{row.median_points:,.0f}",
                )
                for row in review.velocity
            ],
            "No member was active in these days.",
        ),
        _table(
            "Rules to look at",
            ("Rule", "Kind", "What it is about"),
            [(c.activity_type, c.kind, c.message) for c in review.concerns],
            "Nothing about the rules stands out.",
            words=(1, 2, 3),
        ),
    )


def _table(
    caption: str,
    head: tuple[str, ...],
    rows: Sequence[Sequence[str | Cell]],
    empty: str,
    words: tuple[int, ...] = (1,),
) -> Table:
    return Table(
        caption=caption,
        head=head,
        rows=tuple(
            tuple(cell if isinstance(cell, Cell) else Cell(text=cell) for cell in row)
            for row in rows
        ),
        empty=empty,
        words=words,
    )


def _number(value: int) -> str:
    return f"{value:,}"


def _percent(share: float) -> str:
    return f"{min(1.0, max(0.0, share)) * 100:.1f}"
