"""Bursts no person makes: more done in a span of seconds than hands can do."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from thrive_points.core.rubric import Effort
from thrive_points.review.finding import Finding
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "burst"
LOOKS_FOR = (
    "5 or more events faster one after the other than a hurried person could do them: 1 second "
    "each at low effort, 15 at medium, 60 at high."
)

EVENTS = 5
MOST_SHOWN = 10
"""Bursts that the evidence lists one by one."""
HURRY = {
    Effort.LOW: timedelta(seconds=1),
    Effort.MEDIUM: timedelta(seconds=15),
    Effort.HIGH: timedelta(seconds=60),
}
_NONE = timedelta()


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield one finding for all bursts of a member, refused attempts included."""
    bursts = list(_bursts(events, rules))
    if not bursts:
        return
    every = [event for burst in bursts for event in burst]
    longest = max(bursts, key=len)
    times = "Once" if len(bursts) == 1 else f"{len(bursts)} times"
    yield Finding(
        detector=NAME,
        members=(member,),
        activity_types=tuple(sorted({event.activity_type for event in every})),
        since=min(event.day for event in every),
        until=max(event.day for event in every),
        points=sum(event.points for event in every),
        summary=(
            f"{times} faster than a person; at most {len(longest)} events within "
            f"{_seconds(longest):.0f} seconds."
        ),
        evidence=tuple(_described(burst, rules) for burst in bursts[:MOST_SHOWN]),
    )


def _bursts(events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Sequence[EventRow]]:
    acts = [event for event in events if event.activity_type not in rules.completions]
    start, spare = 0, _NONE
    for index in range(1, len(acts) + 1):
        if index < len(acts):
            spare += _hurry(acts[index], acts[index - 1], rules)
            spare -= acts[index].occurred_at - acts[index - 1].occurred_at
        # `spare` is by how much the run from `start` was too fast; used up, the run is over.
        if index == len(acts) or spare <= _NONE:
            if index - start >= EVENTS:
                yield acts[start:index]
            start, spare = index, _NONE


def _hurry(event: EventRow, previous: EventRow, rules: RulesByDay) -> timedelta:
    same_instant = event.occurred_at == previous.occurred_at
    if same_instant and event.activity_type != previous.activity_type:
        # One act may earn in two ways, as winning a battle does on top of taking part.
        return _NONE
    rule = rules.on(event.activity_type, event.day)
    return HURRY[rule.effort] if rule else _NONE


def _seconds(burst: Sequence[EventRow]) -> float:
    return (burst[-1].occurred_at - burst[0].occurred_at).total_seconds()


def _described(burst: Sequence[EventRow], rules: RulesByDay) -> str:
    labels = sorted({rules.label(event.activity_type) for event in burst})
    return (
        f"{burst[0].occurred_at:%Y-%m-%d %H:%M:%S} UTC: {len(burst)} events within "
        f"{_seconds(burst):.0f} seconds, {sum(event.paid for event in burst)} of them paid "
        f"({', '.join(labels)})."
    )
