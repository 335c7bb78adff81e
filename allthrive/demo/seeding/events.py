"""Events of the demonstration community: past ones, one that is on, and those to come."""

import datetime as dt
from collections.abc import Iterator

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, event_of
from allthrive.events import services
from allthrive.events.models import Attendance
from allthrive.events.models import Event as CommunityEvent
from thrive_points import ActivityType

EVENTS = content.read("events")["event"]
DAYS_AHEAD = 60
OPEN_STUDIO_DAYS = 30


def seed(community: Community) -> Iterator[Event]:
    """Create two events a week, let members come, and yield what attending pays."""
    rng = community.rng("events")
    attendances: list[Attendance] = []
    _open_studio(community)
    span = (community.end - community.start).days + DAYS_AHEAD
    for number, offset in enumerate(day for day in range(span) if day % 7 in (2, 5)):
        day = community.start + dt.timedelta(days=offset)
        starts = dt.datetime.combine(day, dt.time(17), tzinfo=dt.UTC)
        meeting = CommunityEvent.objects.create(
            **EVENTS[number % len(EVENTS)],
            starts_at=starts,
            ends_at=starts + dt.timedelta(hours=2),
            check_in_code=f"LAMP-{rng.randrange(10, 99)}",
        )
        for member in community.present(day):
            if rng.random() >= 0.25 * member.tastes.get("participation", 1.0):
                continue
            answered = starts - dt.timedelta(hours=rng.randrange(2, 40))
            came = starts + dt.timedelta(minutes=rng.randrange(1, 40))
            attendance = Attendance(
                event=meeting,
                member=member.user,
                rsvp_at=min(answered, community.now),
                checked_in_at=came if came < community.now and rng.random() < 0.8 else None,
            )
            attendances.append(attendance)
            if attendance.checked_in_at is not None:
                facts, at = services.facts(meeting), attendance.checked_in_at
                yield event_of(member.user, ActivityType.EVENT_ATTENDED, facts, at)
    Attendance.objects.bulk_create(attendances, batch_size=1_000)


def _open_studio(community: Community) -> None:
    # Runs long enough that whoever tries the site finds an event to check in to.
    CommunityEvent.objects.create(
        title="Open studio",
        description="Come whenever you like and make something next to others. "
        "The code is written on the whiteboard: STUDIO.",
        place="Online",
        starts_at=community.now - dt.timedelta(hours=1),
        ends_at=community.now + dt.timedelta(days=OPEN_STUDIO_DAYS),
        check_in_code="STUDIO",
    )
