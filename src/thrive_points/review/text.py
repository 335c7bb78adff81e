"""The review as plain text, for a terminal or a mail."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from thrive_points.review.detectors import DETECTORS, Findings
from thrive_points.review.economy import Economy, change_in_words
from thrive_points.review.report import Review

DRIVERS = 8


def as_text(review: Review, found: Findings | None = None) -> Iterator[str]:
    """Yield the lines of a review.

    Args:
        review: the figures.
        found: what the detectors saw; None leaves the section out.
    """
    yield f"Points economy, {review.span} ({review.span.days} days)"
    yield from _issued(review.economy)
    spread = review.concentration
    yield from _heading("Concentration")
    yield f"{spread.members:,} members hold {spread.points:,} points; Gini {spread.gini:.2f}"
    yield f"top 1 %: {spread.top_1_percent:.1%}; top 10 %: {spread.top_10_percent:.1%}"
    yield from _heading("Caps reached")
    yield from _table(
        ("activity", "cap", "reached", "of", "share"),
        (
            (
                use.activity_type,
                f"{use.cap} a {use.per}",
                use.reached,
                use.active,
                f"{use.rate:.1%}",
            )
            for use in review.caps
            if use.reached
        ),
    )
    yield from _heading("Not paid in full")
    yield from _table(
        ("activity", "outcome", "events"),
        (
            (row.activity_type, outcome.value, events)
            for row in review.refusals
            for outcome, events in row.by_outcome.items()
        ),
    )
    yield from _heading("Level velocity, by the level before")
    yield from _table(
        ("level", "members", "climbed", "median", "highest", "median points"),
        (
            (v.level, v.members, v.climbed, v.median_gain, v.highest_gain, f"{v.median_points:g}")
            for v in review.velocity
        ),
    )
    yield from _heading("Rules to look at")
    for concern in review.concerns:
        yield f"{concern.kind:>9}  {concern.activity_type}: {concern.message}"
    if not review.concerns:
        yield "None."
    if found is not None:
        yield from _findings(found)


def _issued(issued: Economy) -> Iterator[str]:
    now, before = issued.now, issued.before
    if not now.awards:
        yield "No points were issued in these days."
    yield from _heading(f"Issued, against {issued.span.before}")
    yield from _table(
        ("", "now", "before", "change"),
        [
            (name, f"{a:,.{digits}f}", f"{b:,.{digits}f}", change_in_words(a, b))
            for name, a, b, digits in (
                ("points", now.points, before.points, 0),
                ("active members", now.members, before.members, 0),
                ("points per active member", now.per_member, before.per_member, 1),
                (
                    "points per day",
                    now.points / issued.span.days,
                    before.points / issued.span.days,
                    1,
                ),
            )
        ],
    )
    yield from _heading("Weeks")
    yield from _table(
        ("week from", "days", "points", "members", "per member"),
        (
            (w.starts, w.days, f"{w.flow.points:,}", w.flow.members, f"{w.flow.per_member:.1f}")
            for w in issued.weeks
        ),
    )
    yield from _heading("Activities")
    yield from _table(
        ("activity", "points", "share", "before", "change"),
        (
            (a.activity_type, f"{a.now.points:,}", f"{a.share:.1%}", f"{a.before.points:,}",
             change_in_words(a.now.points, a.before.points))
            for a in issued.activities
        ),
    )  # fmt: skip
    yield from _heading("Categories")
    yield from _table(
        ("category", "points", "share", "before"),
        (
            (c.category.label if c.category else "none", f"{c.points:,}", f"{c.share:.1%}",
             f"{c.points_before:,}")
            for c in issued.categories
        ),
    )  # fmt: skip
    yield from _heading("What drove the change")
    yield from _table(
        ("activity", "change"),
        ((a.activity_type, f"{a.change:+,}") for a in issued.drivers[:DRIVERS]),
    )


def _findings(found: Findings) -> Iterator[str]:
    yield from _heading(f"Findings among {found.members:,} members")
    for name, why in found.not_examined.items():
        yield f"{name} was not examined: {why}"
    if not found.findings:
        yield "None."
    for finding in found.findings:
        who = ", ".join(str(member) for member in finding.members)
        yield f"{finding.detector}: member {who}; {finding.points:,} points"
        yield f"    {finding.summary}"
        yield from (f"    {fact}" for fact in finding.evidence)
        yield f"    paid by {', '.join(finding.rule_revisions) or 'no rule'}"
    yield ""
    yield "What the detectors look for:"
    yield from (f"    {name}: {what}" for name, what in DETECTORS.items())


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "-" * len(words)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    lines = [tuple(str(cell) for cell in row) for row in rows]
    if not lines:
        yield "None."
        return
    widths = [max(len(line[n]) for line in (head, *lines)) for n in range(len(head))]
    for first, *rest in (tuple(head), *lines):
        cells = [first.ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()
