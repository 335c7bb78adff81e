"""Bursts no person makes: more done in a span of seconds than hands can do."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from thrive_points.core.rubric import Effort
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.suspicion import Suspicion

NAME = "burst"
LOOKS_FOR = (
    "5 or more events faster one after the other than a hurried person could do them: 1 second "
    "each at low effort, 15 at medium, 60 at high."
)

EVENTS = 5
HURRY = {
    Effort.LOW: timedelta(seconds=1),
    Effort.MEDIUM: timedelta(seconds=15),
    Effort.HIGH: timedelta(seconds=60),
}
_NONE = timedelta()


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Suspicion]:
    """Yield a suspicion for each burst of a member, refused attempts included."""
    acts = [event for event in events if event.activity_type not in rules.completions]
    start, spare = 0, _NONE
    for index in range(1, len(acts) + 1):
        if index < len(acts):
            spare += _hurry(acts[index], acts[index - 1], rules)
            spare -= acts[index].occurred_at - acts[index - 1].occurred_at
        # `spare` is by how much the run from `start` was too fast; used up, the run is over.
        if index == len(acts) or spare <= _NONE:
            if index - start >= EVENTS:
                yield _suspicion(member, acts[start:index], rules)
            start, spare = index, _NONE


def _hurry(event: EventRow, previous: EventRow, rules: RulesByDay) -> timedelta:
    same_instant = event.occurred_at == previous.occurred_at
    if same_instant and event.activity_type != previous.activity_type:
        # One act may earn in two ways, as winning a battle does on top of taking part.
        return _NONE
    rule = rules.on(event.activity_type, event.day)
    return HURRY[rule.effort] if rule else _NONE


def _suspicion(member: Any, run: Sequence[EventRow], rules: RulesByDay) -> Suspicion:
    seconds = (run[-1].occurred_at - run[0].occurred_at).total_seconds()
    names = sorted({event.activity_type for event in run})
    paid = sum(event.paid for event in run)
    return Suspicion(
        detector=NAME,
        members=(member,),
        activity_types=tuple(names),
        since=min(event.day for event in run),
        until=max(event.day for event in run),
        points=sum(event.points for event in run),
        summary=f"{len(run)} events within {seconds:.0f} seconds.",
        evidence=(
            f"From {run[0].occurred_at:%Y-%m-%d %H:%M:%S} to "
            f"{run[-1].occurred_at:%H:%M:%S} UTC, {paid} of them paid.",
            f"Activities: {', '.join(rules.label(name) for name in names)}.",
        ),
    )
