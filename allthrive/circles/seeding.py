"""Members join their circle each week, look in, and react to each other."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator

from allthrive.circles.models import Membership, Reaction, Visit
from allthrive.circles.services import joining_facts, reaction_facts, visit_facts
from allthrive.demo.plan import Community, Event
from thrive_circles.models import UserThriveProfile, XPEvent
from thrive_points.activities import ActivityType
from thrive_points.core.periods import week_of

JOINS, LOOKS_IN, REACTS_A_DAY = 0.85, 0.5, 1.3
REACTS_TO = dt.timedelta(hours=36)


def seed(community: Community) -> Iterator[Event]:
    """Have members join a circle each week they are here, and look in on some days."""
    rng = community.rng("circles")
    memberships, visits = [], []
    for member in community.members:
        joined: set[dt.date] = set()
        declined: set[dt.date] = set()
        for day in member.days:
            week = week_of(day)
            instant = community.moment(member, day, rng)
            if week not in joined | declined:
                (joined if rng.random() < JOINS else declined).add(week)
                if week in joined:
                    memberships.append(Membership(user=member.user, week=week, joined_at=instant))
            if week in joined and rng.random() < LOOKS_IN:
                visits.append(Visit(user=member.user, day=day, visited_at=instant))
    Membership.objects.bulk_create(memberships, batch_size=2_000)
    Visit.objects.bulk_create(visits, batch_size=2_000)
    for membership in memberships:
        yield Event(
            user=membership.user,
            activity_type=ActivityType.CIRCLE_JOINED,
            metadata=joining_facts(membership),
            occurred_at=membership.joined_at,
        )
    for visit in visits:
        yield Event(
            user=visit.user,
            activity_type=ActivityType.CIRCLE_VISITED,
            metadata=visit_facts(visit),
            occurred_at=visit.visited_at,
        )


def seed_after(community: Community) -> Iterator[Event]:
    """Have members react to what their circle mates earned in the day and a half before."""
    rng = community.rng("circles:reactions")
    circles = dict(UserThriveProfile.objects.values_list("user_id", "circle_id"))
    earned: dict[int | None, list[XPEvent]] = defaultdict(list)
    for event in XPEvent.objects.filter(amount__gt=0).order_by("created_at", "pk"):
        earned[circles[event.user_id]].append(event)
    times = {circle: [event.created_at for event in events] for circle, events in earned.items()}
    kinds = Reaction.Kind.values
    reactions, seen = [], set()
    for member in community.members:
        feed, clock = (found.get(circles.get(member.user.pk), []) for found in (earned, times))
        for day in member.days:
            for _ in range(community.times(member, REACTS_A_DAY, rng, "community")):
                instant = community.moment(member, day, rng)
                first, last = bisect_left(clock, instant - REACTS_TO), bisect_right(clock, instant)
                if first == last:
                    continue
                event = feed[rng.randrange(first, last)]
                if event.user_id == member.user.pk or (member.user.pk, event.pk) in seen:
                    continue
                seen.add((member.user.pk, event.pk))
                reactions.append(
                    Reaction(
                        user=member.user, event=event, kind=rng.choice(kinds), created_at=instant
                    )
                )
    Reaction.objects.bulk_create(reactions, batch_size=2_000)
    for reaction in reactions:
        yield Event(
            user=reaction.user,
            activity_type=ActivityType.CIRCLE_REACTION,
            metadata=reaction_facts(reaction),
            occurred_at=reaction.created_at,
        )
