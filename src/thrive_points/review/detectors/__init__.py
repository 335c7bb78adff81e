"""Detectors: small, named, each looking for one thing that people rarely do by themselves."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from thrive_points.review.detectors import (
    at_cap_daily,
    burst,
    grinder,
    midnight,
    pairs,
    rings,
    zones,
)
from thrive_points.review.extras import MissingExtra
from thrive_points.review.records import days_by_member, events_by_member
from thrive_points.review.rewards import RewardGraph
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.span import Span
from thrive_points.review.suspicion import Suspicion, with_revisions

BY_DAYS = (at_cap_daily, grinder)
BY_EVENTS = (burst, midnight, zones)
BY_REWARDS = (rings, pairs)
DETECTORS = {module.NAME: module.LOOKS_FOR for module in (*BY_DAYS, *BY_EVENTS, *BY_REWARDS)}
"""What each detector looks for, by its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the detectors saw.

    Args:
        suspicions: the most points first.
        members: members whose events were examined.
        not_examined: why a detector could not run, by its name.
    """

    suspicions: tuple[Suspicion, ...]
    members: int
    not_examined: dict[str, str]


def findings(span: Span, progress: Callable[[int], object] | None = None) -> Findings:
    """Let every detector examine a span.

    Memory is bounded by one member's events, and by the pairs of members who rewarded each
    other three times or more.

    Args:
        span: the days to examine.
        progress: called with the number of members examined since its last call.
    """
    rules = RulesByDay()
    graph = RewardGraph()
    members = 0
    seen: list[Suspicion] = []
    for member, days in days_by_member(span):
        for by_days in BY_DAYS:
            seen += by_days.examine(member, days, rules)
    for member, events in events_by_member(span):
        graph.add(member, events)
        for by_events in BY_EVENTS:
            seen += by_events.examine(member, events, rules)
        members += 1
        if progress is not None:
            progress(1)
    not_examined: dict[str, str] = {}
    seen += _by_rewards(graph, not_examined)
    return Findings(
        suspicions=tuple(with_revisions(seen)), members=members, not_examined=not_examined
    )


def _by_rewards(graph: RewardGraph, not_examined: dict[str, str]) -> Iterator[Suspicion]:
    for detector in BY_REWARDS:
        try:
            found: Iterable[Suspicion] = detector.examine(graph)
        except MissingExtra as error:
            not_examined[detector.NAME] = str(error)
        else:
            yield from found
