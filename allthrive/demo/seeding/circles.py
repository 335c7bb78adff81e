"""Members join their circle each week, look in, and react to each other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

from allthrive.circles.models import Joining, Reaction, Visit
from allthrive.circles.selectors import UNTOLD
from allthrive.circles.services import joining_facts, reaction_facts, visit_facts
from allthrive.demo.plan import Community, Event, Member, event_of
from thrive_circles.models import Membership, XPEvent
from thrive_points import ActivityType
from thrive_points.core.periods import week_of

JOINS, LOOKS_IN, REACTS_A_DAY = 0.85, 0.5, 1.3
REACTS_TO = dt.timedelta(hours=24)
WAKING_HOURS = dt.timedelta(hours=16)


def seed(community: Community) -> Iterator[Event]:
    """Have members join a circle each week they are here, and look in on some days."""
    rng = community.rng("circles")
    joinings, visits = [], []
    for member in community.members:
        joined: set[dt.date] = set()
        declined: set[dt.date] = set()
        for day in member.days:
            week = week_of(day)
            instant = community.moment(member, day, rng)
            if week not in joined | declined:
                (joined if rng.random() < JOINS else declined).add(week)
                if week in joined:
                    joinings.append(Joining(user=member.user, week=week, joined_at=instant))
            if week in joined and rng.random() < LOOKS_IN:
                visits.append(Visit(user=member.user, day=day, visited_at=instant))
    Joining.objects.bulk_create(joinings, batch_size=2_000)
    Visit.objects.bulk_create(visits, batch_size=2_000)
    for each in joinings:
        yield event_of(each.user, ActivityType.CIRCLE_JOINED, joining_facts(each), each.joined_at)
    for visit in visits:
        yield event_of(
            visit.user, ActivityType.CIRCLE_VISITED, visit_facts(visit), visit.visited_at
        )


def seed_responses(community: Community, since: dt.datetime, until: dt.datetime) -> Iterator[Event]:
    """Have members react to what their circle mates earned in the day before."""
    rng = community.rng(f"circles:{since}")
    middle = since + (until - since) / 2
    share = (until - since) / WAKING_HOURS
    week = week_of(middle.date())
    circles = dict(Membership.objects.filter(week=week).values_list("user_id", "circle_id"))
    joined = dict(Joining.objects.filter(week=week).values_list("user_id", "joined_at"))
    feeds = _feeds(circles, since - REACTS_TO, since)
    kinds = Reaction.Kind.values
    seen = set(
        Reaction.objects.filter(created_at__gte=since - 2 * REACTS_TO).values_list(
            "user_id", "to_id", "number"
        )
    )
    reactions = []
    for member in _awake(community, middle):
        feed = feeds[circles.get(member.user.pk)]
        for _ in range(community.times(member, REACTS_A_DAY * share, rng, "community")):
            instant = since + rng.random() * (until - since)
            event = rng.choice(feed) if feed else None
            has_joined = member.user.pk in joined and joined[member.user.pk] <= instant
            if event is None or event.user_id == member.user.pk or not has_joined:
                continue
            reacted = (member.user.pk, event.user_id, event.number)
            if reacted not in seen:
                seen.add(reacted)
                kind = rng.choice(kinds)
                reactions.append(
                    Reaction(
                        user=member.user,
                        to_id=event.user_id,
                        number=event.number,
                        kind=kind,
                        created_at=instant,
                    )
                )
    for each in Reaction.objects.bulk_create(reactions):
        yield event_of(
            each.user, ActivityType.CIRCLE_REACTION, reaction_facts(each), each.created_at
        )


def _feeds(
    circles: Mapping[int, int | None], since: dt.datetime, until: dt.datetime
) -> Mapping[int | None, list[XPEvent]]:
    """Return what was earned in a span by circle, leaving out those without one."""
    feeds: dict[int | None, list[XPEvent]] = defaultdict(list)
    earned = XPEvent.objects.filter(created_at__gte=since, created_at__lt=until, amount__gt=0)
    for event in earned.order_by("created_at", "user_id", "number").exclude(source__in=UNTOLD):
        if circle := circles.get(event.user_id):
            feeds[circle].append(event)
    return feeds


def _awake(community: Community, instant: dt.datetime) -> Iterator[Member]:
    """Yield the members who are here on the day, and awake at the hour, it is for them."""
    for offset in (-1, 0, 1):
        day = instant.date() + dt.timedelta(offset)
        for member in community.present(day):
            local = instant.astimezone(member.zone)
            if local.date() == day and 7 <= local.hour < 23:
                yield member
