"""Puppets: accounts that do hardly anything themselves, and only ever benefit one other."""

from collections.abc import Iterator

from thrive_points.review.finding import Finding
from thrive_points.review.rewards import RewardGraph

NAME = "puppets"
LOOKS_FOR = (
    "A member who earned by 5 or more others of whom 70 % are puppets: 5 or fewer awards of their "
    "own beyond logins, and named by nobody else."
)

PUPPETS = 5
SHARE = 0.7
DEEDS = 5


def examine(graph: RewardGraph) -> Iterator[Finding]:
    """Yield a finding for each member who earned by puppets."""
    named_by: dict[str, int] = {}
    for others in graph.others.values():
        for other in others:
            named_by[other] = named_by.get(other, 0) + 1
    for me, others in graph.others.items():
        if len(others) < PUPPETS:
            continue
        puppets = [
            other for other in others if named_by[other] == 1 and graph.deeds.get(other, 0) <= DEEDS
        ]
        if len(puppets) < PUPPETS or len(puppets) < SHARE * len(others):
            continue
        gain = [others[other] for other in puppets]
        yield Finding(
            detector=NAME,
            members=(graph.everybody[me],),
            activity_types=tuple(
                sorted({name for reward in gain for name in reward.activity_types})
            ),
            since=min(reward.since for reward in gain),
            until=max(reward.until for reward in gain),
            points=graph.by_others[me],
            summary=(
                f"{len(puppets)} of the {len(others)} members this one earned by do hardly "
                "anything themselves."
            ),
            evidence=(
                f"Puppets: {', '.join(sorted(puppets)[:20])}.",
                f"They have {sum(graph.deeds.get(p, 0) for p in puppets)} awards of their own "
                "together, logins aside, and nobody else names them.",
            ),
        )
