"""Mutual pairs: two members who reward each other and hardly anyone else."""

from collections.abc import Iterator

from thrive_points.review.detectors import rings
from thrive_points.review.finding import Finding
from thrive_points.review.rewards import RewardGraph

NAME = "mutual_pair"
LOOKS_FOR = (
    "Two members with 5 or more awards by each other, who make up 40 % or more of each other's "
    "awards with anyone, beyond what chance explains, and half of all their points or more."
)

AWARDS = 5
SHARE = 0.4


def examine(graph: RewardGraph) -> Iterator[Finding]:
    """Return the pairs of a community that are not part of a ring.

    Raises:
        MissingExtra: scipy or networkx is not installed.
    """
    in_rings = [set(ring) for ring in rings.find(graph)]
    close = {
        (me, other): reward
        for me, other, reward in graph.beyond_chance(SHARE)
        if reward.awards >= AWARDS
    }
    mutual = [
        (me, other)
        for me, other in close
        if me < other
        and (other, me) in close
        and not any({me, other} <= r for r in in_rings)
        and rings.lives_by(graph, (me, other)) >= rings.LIVES_BY
    ]
    return (_finding(graph, *pair) for pair in mutual)


def _finding(graph: RewardGraph, me: str, other: str) -> Finding:
    there, back = graph.rewards[me, other], graph.rewards[other, me]
    return Finding(
        detector=NAME,
        members=(graph.members[me], graph.members[other]),
        activity_types=tuple(sorted(there.activity_types | back.activity_types)),
        since=min(there.since, back.since),
        until=max(there.until, back.until),
        points=there.points + back.points,
        summary=(
            f"Two members earned {there.awards} and {back.awards} times by each other: "
            f"{there.share:.0%} and {back.share:.0%} of all they earned with anyone."
        ),
        evidence=(
            f"Member {me} earned {there.points} points by member {other}.",
            f"Member {other} earned {back.points} points by member {me}.",
        ),
    )
