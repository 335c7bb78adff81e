"""The review as tables and charts of finished words, which a page only has to lay out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from thrive_points.admin.charts import BarChart, CurveChart, bars, lorenz
from thrive_points.core.words import translated
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
            name=_("Points issued"),
            value=_number(now.points),
            change=change_in_words(now.points, before.points),
        ),
        Figure(
            name=_("Active members"),
            value=_number(now.members),
            change=change_in_words(now.members, before.members),
        ),
        Figure(
            name=_("Points per active member"),
            value=f"{now.per_member:,.1f}",
            change=change_in_words(now.per_member, before.per_member),
        ),
        Figure(
            name=_("Held by the top 10 %"),
            value=f"{spread.top_10_percent:.0%}",
            change=_("top 1 %%: %(share)s; Gini %(gini)s")
            % {"share": f"{spread.top_1_percent:.0%}", "gini": f"{spread.gini:.2f}"},
        ),
    )


def issued_chart(issued: Economy) -> BarChart:
    """Return the points issued per day, or per week where days would be too many."""
    if issued.span.days <= MOST_BARS:
        return bars(
            title=_("Points issued per day"),
            values=[(date_format(p.starts, "d M"), p.flow.points) for p in issued.days],
            before=[p.flow.points for p in issued.days_before],
        )
    return bars(
        title=_("Points issued per week"),
        values=[(date_format(p.starts, "d M"), p.flow.points) for p in issued.weeks][-MOST_BARS:],
    )


def spread_chart(review: Review) -> CurveChart | None:
    """Return the Lorenz curve, None where nobody holds anything."""
    return lorenz(review.concentration.lorenz) if review.concentration.lorenz else None


def day_table(issued: Economy) -> Table:
    """Return the days, each beside the day of the span before that it stands against."""
    return _table(
        _("Points by day"),
        (_("Day"), _("Points"), _("Members"), _("Per member"), _("Points in the span before")),
        [
            (
                date_format(now.starts, "D d M Y"),
                _number(now.flow.points),
                _number(now.flow.members),
                f"{now.flow.per_member:,.1f}",
                _number(before.flow.points),
            )
            for now, before in zip(issued.days, issued.days_before, strict=True)
        ],
        _("No days."),
    )


def issued_tables(issued: Economy) -> tuple[Table, ...]:
    """Return where the points went: weeks, activities, drivers, categories."""
    largest = max((abs(a.change) for a in issued.activities), default=0)
    return (
        _table(
            _("Points by week"),
            (_("Week from"), _("Days"), _("Points"), _("Active members"), _("Per active member")),
            [
                (
                    date_format(week.starts, "d M Y"),
                    str(week.days),
                    _number(week.flow.points),
                    _number(week.flow.members),
                    f"{week.flow.per_member:,.1f}",
                )
                for week in issued.weeks
            ],
            _("No points were issued in these days."),
        ),
        _table(
            _("Points by activity"),
            (
                _("Activity"),
                _("Share"),
                _("Points"),
                _("Before"),
                _("Change"),
                _("Awards"),
                _("Members"),
            ),
            [
                (
                    translated(activity.label, translation),
                    Cell(text=f"{activity.share:.1%}", bar=_percent(activity.share)),
                    _number(activity.now.points),
                    _number(activity.before.points),
                    change_in_words(activity.now.points, activity.before.points),
                    _number(activity.now.awards),
                    _number(activity.now.members),
                )
                for activity in issued.activities
            ],
            _("No points were issued in these days."),
        ),
        _table(
            _("What drove the change"),
            (_("Activity"), _("Points more or less"), _("Per member now"), _("Per member before")),
            [
                (
                    translated(activity.label, translation),
                    Cell(
                        text=f"{activity.change:+,}",
                        bar=_percent(abs(activity.change) / largest),
                    ),
                    f"{activity.now.per_member:,.1f}",
                    f"{activity.before.per_member:,.1f}",
                )
                for activity in issued.drivers[:10]
            ],
            _("Nothing changed."),
        ),
        _table(
            _("Points by category"),
            (_("Category"), _("Share"), _("Points"), _("Before"), _("Change")),
            [
                (
                    _(flow.category.label)
                    if flow.category
                    else _("Adjustments and retired activities"),
                    Cell(text=f"{flow.share:.1%}", bar=_percent(flow.share)),
                    _number(flow.points),
                    _number(flow.points_before),
                    change_in_words(flow.points, flow.points_before),
                )
                for flow in issued.categories
            ],
            _("No categories."),
        ),
    )


def rule_tables(review: Review) -> tuple[Table, ...]:
    """Return how the rules worked: caps, refusals, levels, concerns."""
    return (
        _table(
            _("How often caps are reached"),
            (_("Activity"), _("Cap"), _("Share"), _("Reached"), _("Of active days or weeks")),
            [
                (
                    translated(use.label, translation),
                    (_("%d a day") if use.per == "day" else _("%d a week")) % use.cap,
                    Cell(text=f"{use.rate:.1%}", bar=_percent(use.rate)),
                    _number(use.reached),
                    _number(use.active),
                )
                for use in review.caps
                if use.active
            ],
            _("No activity with a cap was done in these days."),
        ),
        _table(
            _("Events not paid in full"),
            (_("Activity"), _("Reduced"), _("Capped"), _("Cooling down"), _("Disabled")),
            [
                (
                    translated(row.label, translation),
                    *(_number(row.by_outcome.get(outcome, 0)) for outcome in REFUSALS),
                )
                for row in review.refusals
            ],
            _("Every event was paid in full."),
        ),
        _table(
            _("How fast members climb"),
            (
                _("Level at the start"),
                _("Members"),
                _("Climbed"),
                _("Levels gained, median"),
                _("Levels gained, most"),
                _("Points, median"),
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
            _("No member was active in these days."),
        ),
        _table(
            _("Rules to look at"),
            (_("Rule"), _("Kind"), _("What it is about")),
            [(c.activity_type, c.kind, c.message) for c in review.concerns],
            _("Nothing about the rules stands out."),
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
