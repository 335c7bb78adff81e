"""Puppets: accounts that do hardly anything themselves, and only ever benefit one other."""

from collections.abc import Iterator

from thrive_points.review.finding import Finding
from thrive_points.review.rewards import RewardGraph

NAME = "puppets"
LOOKS_FOR = (
    "A member who earned by one activity with 5 or more others of whom 70 % are puppets: 3 or "
    "fewer awards of their own beyond logins, and named by nobody else."
)

PUPPETS = 5
SHARE = 0.7
DEEDS = 3
MOST_SHOWN = 20


def examine(graph: RewardGraph) -> Iterator[Finding]:
    """Yield a finding for each member and activity that earned by puppets."""
    by_whom: dict[str, str | None] = {}
    for me, other in graph.links:
        # None once a second member names them.
        by_whom[other] = me if by_whom.get(other, me) == me else None
    for (me, activity_type), earned in graph.several.items():
        puppets = [
            other
            for other in sorted(earned.others)
            if by_whom[other] == me and graph.deeds.get(other, 0) <= DEEDS
        ]
        if len(puppets) < PUPPETS or len(puppets) < SHARE * len(earned.others):
            continue
        deeds = sum(graph.deeds.get(puppet, 0) for puppet in puppets)
        yield Finding(
            detector=NAME,
            members=(graph.everybody[me],),
            activity_types=(activity_type,),
            since=earned.since,
            until=earned.until,
            points=earned.points,
            summary=(
                f"{len(puppets)} of the {len(earned.others)} members this one earned by do hardly "
                "anything themselves."
            ),
            evidence=(
                f"Puppets: {', '.join(puppets[:MOST_SHOWN])}.",
                f"They have {deeds} awards of their own together, logins aside, and nobody else "
                "names them.",
            ),
        )
