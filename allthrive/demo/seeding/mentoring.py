"""Mentors of the demonstration community and the sessions they held."""

import datetime as dt
from collections.abc import Iterator

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, event_of
from allthrive.mentoring import services
from allthrive.mentoring.models import Mentor, Session
from thrive_points import ActivityType

CONTENT = content.read("mentoring")


def seed(community: Community) -> Iterator[Event]:
    """Let some members mentor others, and yield what the confirmed sessions pay."""
    rng = community.rng("mentoring")
    count = max(2, len(community.members) // 12)
    present = [member for member in community.members if member.days]
    mentors = rng.sample(present, min(count, len(present)))
    Mentor.objects.bulk_create(
        Mentor(
            member=mentor.user,
            about=rng.choice(CONTENT["about"]),
            since=community.moment(mentor, mentor.days[0], rng),
        )
        for mentor in mentors
    )
    sessions: list[Session] = []
    open_pairs: set[tuple[int, int]] = set()
    paid: set[tuple[int, str]] = set()
    for mentor in mentors:
        for day in mentor.days:
            if not community.times(mentor, 0.12, rng, "community"):
                continue
            mentee = rng.choice(present)
            pair = (mentor.user.pk, mentee.user.pk)
            if mentee is mentor or pair in open_pairs:
                continue
            words = rng.choice(CONTENT["session"])
            moment = community.moment(mentor, day, rng)
            status = rng.choices(
                (
                    Session.Status.HELD,
                    Session.Status.ACCEPTED,
                    Session.Status.REQUESTED,
                    Session.Status.DECLINED,
                ),
                (85, 5, 5, 5),
            )[0]
            # Asked and answered on the same day, and talked about soon after.
            held = moment + services.MEETING + dt.timedelta(minutes=rng.randrange(5, 600))
            if status == Session.Status.HELD and held > community.now:
                status = Session.Status.ACCEPTED
            if status in services.OPEN_STATUSES:
                open_pairs.add(pair)
            sessions.append(
                Session(
                    mentor=mentor.user,
                    mentee=mentee.user,
                    **words,
                    status=status,
                    requested_at=moment,
                    answered_at=None if status == Session.Status.REQUESTED else moment,
                    held_at=held if status == Session.Status.HELD else None,
                    takeaway=rng.choice(CONTENT["takeaways"])
                    if status == Session.Status.HELD
                    else "",
                )
            )
    for each in Session.objects.bulk_create(sessions, batch_size=500):
        if each.held_at is None or not community.counts(each.mentee, each.held_at):
            continue
        facts = services.facts(each)
        if (each.mentor_id, facts["event_key"]) not in paid:
            paid.add((each.mentor_id, facts["event_key"]))
            yield event_of(each.mentor, ActivityType.MENTOR_SESSION_HELD, facts, each.held_at)
