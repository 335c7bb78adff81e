"""Fans and their star: several members who do next to nothing but reward one other."""

from collections import defaultdict
from collections.abc import Iterator

from thrive_points.review.finding import Finding
from thrive_points.review.rewards import RewardGraph

NAME = "fans"
LOOKS_FOR = (
    "3 or more members who name one and the same other in 80 % or more of their awards with "
    "anyone, 5 times or more, and earn 70 % or more of their points that way."
)

FANS = 3
AWARDS = 5
SHARE = 0.8
LIVES_BY = 0.7


def examine(graph: RewardGraph) -> Iterator[Finding]:
    """Yield a finding for each star with its fans."""
    fans: defaultdict[str, list[str]] = defaultdict(list)
    for (me, other), reward in graph.rewards.items():
        if (
            reward.awards >= AWARDS
            and reward.share >= SHARE
            and reward.points >= LIVES_BY * graph.earned[me]
        ):
            fans[other].append(me)
    for star, them in fans.items():
        if len(them) < FANS:
            continue
        rewards = [graph.rewards[me, star] for me in them]
        known = [graph.everybody[star]] if star in graph.everybody else []
        yield Finding(
            detector=NAME,
            members=(*(graph.members[me] for me in them), *known),
            activity_types=tuple(sorted({name for r in rewards for name in r.activity_types})),
            since=min(reward.since for reward in rewards),
            until=max(reward.until for reward in rewards),
            points=sum(reward.points for reward in rewards),
            summary=f"{len(them)} members do next to nothing but name one other.",
            evidence=tuple(
                f"Member {me} earned {graph.rewards[me, star].awards} times by member {star}, "
                f"{graph.rewards[me, star].points} of {graph.earned[me]} points."
                for me in them
            ),
        )
