"""Rings: three or more members whose rewards go round among them."""

from collections.abc import Collection, Iterator

from thrive_points.review.extras import review_library
from thrive_points.review.finding import Finding
from thrive_points.review.rewards import RewardGraph

NAME = "ring"
LOOKS_FOR = (
    "3 to 12 members who earn 60 % or more of their awards with anyone inside the ring, each "
    "close link at least 3 awards and 15 % of its member's, beyond what chance explains, and who "
    "live by it: half of all their points or more."
)

LINK_SHARE = 0.15
INSIDE_SHARE = 0.6
LIVES_BY = 0.5
"""A team or a class earns by its own work beside: it is no ring however close."""
SMALLEST, LARGEST = 3, 12


def examine(graph: RewardGraph) -> Iterator[Finding]:
    """Return the rings of a community.

    Raises:
        MissingExtra: scipy or networkx is not installed.
    """
    return (_finding(graph, ring) for ring in find(graph))


def find(graph: RewardGraph) -> list[tuple[str, ...]]:
    """Return the members of each ring, as the graph names them.

    Raises:
        MissingExtra: scipy or networkx is not installed.
    """
    networkx = review_library("networkx")
    links = networkx.DiGraph()
    links.add_weighted_edges_from(
        (me, other, reward.awards)
        for me, other, reward in graph.beyond_chance(LINK_SHARE)
        if other in graph.members
    )
    found = []
    for component in networkx.strongly_connected_components(links):
        groups = [component]
        if len(component) > LARGEST:
            # Friends of friends connect half a community; its dense parts are what matters.
            part = links.subgraph(component)
            groups = networkx.community.louvain_communities(part, seed=1)
        found += [
            tuple(sorted(group))
            for group in groups
            if SMALLEST <= len(group) <= LARGEST
            and _inside(graph, group) >= INSIDE_SHARE
            and lives_by(graph, group) >= LIVES_BY
        ]
    return sorted(found)


def _inside(graph: RewardGraph, ring: set[str]) -> float:
    inside = sum(
        reward.awards
        for (me, other), reward in graph.rewards.items()
        if me in ring and other in ring
    )
    return inside / sum(graph.given[me] for me in ring)


def lives_by(graph: RewardGraph, group: Collection[str]) -> float:
    """Return the share of a group's points that its members earned by each other."""
    inside = sum(
        graph.rewards[me, other].points
        for me in group
        for other in group
        if (me, other) in graph.rewards
    )
    return inside / max(1, sum(graph.earned[me] for me in group))


def _finding(graph: RewardGraph, ring: tuple[str, ...]) -> Finding:
    inside = [
        (me, other, graph.rewards[me, other])
        for me in ring
        for other in ring
        if (me, other) in graph.rewards
    ]
    rewards = [reward for _, _, reward in inside]
    return Finding(
        detector=NAME,
        members=tuple(graph.members[me] for me in ring),
        activity_types=tuple(sorted({name for r in rewards for name in r.activity_types})),
        since=min(reward.since for reward in rewards),
        until=max(reward.until for reward in rewards),
        points=sum(reward.points for reward in rewards),
        summary=(
            f"{len(ring)} members earned {_inside(graph, set(ring)):.0%} of their awards with "
            "anyone among themselves."
        ),
        evidence=tuple(
            f"Member {me} earned {reward.awards} times by member {other}, {reward.points} points."
            for me, other, reward in inside
        ),
    )
