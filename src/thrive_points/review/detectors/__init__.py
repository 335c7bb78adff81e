"""Detectors: small, named, each looking for one thing that people rarely do by themselves."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from thrive_points.review.corrections import Correction, corrections_of
from thrive_points.review.detectors import (
    at_cap_daily,
    burst,
    corrections,
    fans,
    grinder,
    midnight,
    outliers,
    pairs,
    puppets,
    rings,
    sameness,
    zones,
)
from thrive_points.review.extras import MissingExtra
from thrive_points.review.finding import Finding, with_revisions
from thrive_points.review.records import DayRow, EventRow, days_by_member, events_by_member
from thrive_points.review.rewards import RewardGraph
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.span import Span

BY_DAYS = (at_cap_daily,)
BY_EVENTS = (burst, grinder, midnight, sameness, zones)
BY_REWARDS = (rings, pairs, fans, puppets)
DETECTORS = {
    module.NAME: module.LOOKS_FOR
    for module in (*BY_DAYS, *BY_EVENTS, *BY_REWARDS, outliers, corrections)
}
"""What each detector looks for, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the detectors saw.

    Args:
        findings: the most points first.
        members: members whose events were examined.
        not_examined: why a detector could not run, by its name.
    """

    findings: tuple[Finding, ...]
    members: int
    not_examined: dict[str, str]


def findings(span: Span, progress: Callable[[int], object] | None = None) -> Findings:
    """Let every detector examine a span.

    Memory is bounded by one member's events, by the members' totals, and by whom each named.

    Args:
        span: the days to examine.
        progress: called with the number of members examined since its last call.
    """
    found = examine(
        days_by_member(span), events_by_member(span), corrections_of(span), RulesByDay(), progress
    )
    return Findings(
        findings=tuple(with_revisions(found.findings)),
        members=found.members,
        not_examined=found.not_examined,
    )


def examine(
    days: Iterable[tuple[Any, list[DayRow]]],
    events: Iterable[tuple[Any, list[EventRow]]],
    corrected: Iterable[Correction],
    rules: RulesByDay,
    progress: Callable[[int], object] | None = None,
) -> Findings:
    """Let every detector examine what was read, member by member.

    Args:
        days: each member's daily totals.
        events: each member's events, in the order they happened.
        corrected: the corrections that gave points.
        rules: the rules in force on each day.
        progress: called with the number of members examined since its last call.
    """
    graph = RewardGraph()
    totals = outliers.Totals()
    members = 0
    seen: list[Finding] = []
    for member, rows in days:
        for by_days in BY_DAYS:
            seen += by_days.examine(member, rows, rules)
        totals.add(member, rows)
    for member, given in events:
        graph.add(member, given, rules.completions)
        for by_events in BY_EVENTS:
            seen += by_events.examine(member, given, rules)
        members += 1
        if progress is not None:
            progress(1)
    not_examined: dict[str, str] = {}
    seen += _by_rewards(graph, not_examined)
    seen += outliers.examine(totals)
    seen += corrections.examine(corrected)
    return Findings(findings=tuple(seen), members=members, not_examined=not_examined)


def _by_rewards(graph: RewardGraph, not_examined: dict[str, str]) -> Iterator[Finding]:
    for detector in BY_REWARDS:
        try:
            found: Iterable[Finding] = detector.examine(graph)
        except MissingExtra as error:
            not_examined[detector.NAME] = str(error)
        else:
            yield from found
