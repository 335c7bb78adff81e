"""Everybody's daily logins."""

import datetime as dt
from collections.abc import Iterator

from allthrive.accounts.models import DailyVisit
from allthrive.demo.plan import Community, Event, event_of
from thrive_points import ActivityType


def seed(community: Community) -> Iterator[Event]:
    """Record each member's first visit of each day they are here."""
    rng = community.rng("accounts")
    visits, events = [], []
    for member in community.members:
        for day in member.days:
            clock = dt.time(rng.randrange(7), rng.randrange(60), rng.randrange(60))
            morning = dt.datetime.combine(day, clock, tzinfo=member.zone).astimezone(dt.UTC)
            instant = min(morning, community.now)
            visits.append(DailyVisit(user=member.user, day=day, visited_at=instant))
            facts = {"event_key": f"daily_login:{day}"}
            events.append(event_of(member.user, ActivityType.DAILY_LOGIN, facts, instant))
    DailyVisit.objects.bulk_create(visits, batch_size=2_000)
    yield from events
