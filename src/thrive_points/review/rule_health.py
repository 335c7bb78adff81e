"""Rules that no longer do what they are for: dead, incoherent, or too tempting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Max, Q, Sum

from thrive_points.core.event import Outcome
from thrive_points.models import PointsDailyTotal
from thrive_points.review.caps import LOWEST_CAP, CapUse, Refusals
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.span import Span
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.rules.lint import incoherences

CROWDED = 0.5
"""A cap that half of the active member-days reach shapes what members do all day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleConcern:
    """Something about a rule that its owner should look at.

    Args:
        activity_type: whose rule.
        kind: "dead", "disabled", "crowded", "orphan", or the code of an incoherence.
        message: what it is, in one sentence.
    """

    activity_type: str
    kind: str
    message: str


def rule_concerns(
    span: Span, uses: Iterable[CapUse], refused: Iterable[Refusals]
) -> tuple[RuleConcern, ...]:
    """Return what is wrong with the rules, judged by what happened in a span.

    Args:
        span: the days to look at.
        uses: how often each cap was reached in it.
        refused: which events were refused in it.
    """
    rules = RulesByDay()
    known = {
        name: rule for name in rulebook().activity_types() if (rule := rules.on(name, span.until))
    }
    return (
        *_unused(span, rules),
        *_asked_in_vain(refused),
        *_crowded(uses),
        *(
            RuleConcern(
                activity_type=incoherence.activity_type,
                kind=incoherence.code,
                message=f"{incoherence.message} {incoherence.hint}",
            )
            for incoherence in incoherences(known)
        ),
    )


def _unused(span: Span, rules: RulesByDay) -> Iterator[RuleConcern]:
    rows = {
        row["activity_type"]: row
        for row in PointsDailyTotal.objects.values("activity_type").annotate(
            inside=Sum("awards", filter=Q(day__range=span.bounds)), last=Max("day")
        )
    }
    for name in rulebook().activity_types():
        rule = rules.on(name, span.until)
        row = rows.get(name)
        if rule is not None and rule.enabled and not (row and row["inside"]):
            ever = f"last on {row['last']}" if row else "never before either"
            yield RuleConcern(
                activity_type=name,
                kind="dead",
                message=f"Paid nobody in this span, {ever}. Remove it, or let people find it.",
            )
    for name in sorted(set(rows) - set(rulebook().activity_types()) - {ADJUSTMENT}):
        yield RuleConcern(
            activity_type=name,
            kind="orphan",
            message="Has entries and no rule any more, so its points count in no category.",
        )


def _asked_in_vain(refused: Iterable[Refusals]) -> Iterator[RuleConcern]:
    for row in refused:
        if events := row.by_outcome.get(Outcome.DISABLED):
            yield RuleConcern(
                activity_type=row.activity_type,
                kind="disabled",
                message=f"Is disabled, and {events} events asked for it all the same.",
            )


def _crowded(uses: Iterable[CapUse]) -> Iterator[RuleConcern]:
    for use in uses:
        if use.cap >= LOWEST_CAP and use.rate >= CROWDED:
            yield RuleConcern(
                activity_type=use.activity_type,
                kind="crowded",
                message=(
                    f"{use.rate:.0%} of {use.active} member-{use.per}s reach the cap of {use.cap} "
                    f"a {use.per}: the value tempts, or the cap is too low."
                ),
            )
