"""Mentors of the demonstration community and the sessions they held."""

from collections.abc import Iterator

from allthrive.demo.plan import Community, Event
from allthrive.mentoring import services
from allthrive.mentoring.models import Mentor, Session
from thrive_points.core.activities import ActivityType

ABOUT = (
    "I build small assistants for small companies and like to untangle prompts.",
    "Ask me about data that doesn't fit, and about charts that lie.",
    "Twenty years of teaching; I help you explain what you know.",
    "I design forms people finish. Bring me one they don't.",
    "First project, first portfolio, first job: I remember all three.",
)
TOPICS = (
    ("My first agent", "It answers, but it never stops. Where do I look first?"),
    ("Choosing a project", "I have five ideas and finish none. How did you choose?"),
    ("A chart nobody reads", "May I show you a chart and hear what you see in it?"),
    ("Talking about my work", "I have a talk next month and too many slides."),
    ("Clean data", "Half my rows are duplicates in disguise. I have tried the usual things."),
)


def seed(community: Community) -> Iterator[Event]:
    """Let some members mentor others, and yield what the confirmed sessions pay."""
    rng = community.rng("mentoring")
    count = max(2, len(community.members) // 12)
    present = [member for member in community.members if member.days]
    mentors = rng.sample(present, min(count, len(present)))
    Mentor.objects.bulk_create(
        Mentor(
            member=mentor.user,
            about=rng.choice(ABOUT),
            since=community.moment(mentor, mentor.days[0], rng),
        )
        for mentor in mentors
    )
    sessions: list[Session] = []
    open_pairs: set[tuple[int, int]] = set()
    for mentor in mentors:
        for day in mentor.days:
            if not community.times(mentor, 0.12, rng, "community"):
                continue
            mentee = rng.choice(present)
            pair = (mentor.user.pk, mentee.user.pk)
            if mentee is mentor or pair in open_pairs:
                continue
            topic, message = rng.choice(TOPICS)
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
            if status in services.OPEN_STATUSES:
                open_pairs.add(pair)
            sessions.append(
                Session(
                    mentor=mentor.user,
                    mentee=mentee.user,
                    topic=topic,
                    message=message,
                    status=status,
                    requested_at=moment,
                    answered_at=None if status == Session.Status.REQUESTED else moment,
                    held_at=moment if status == Session.Status.HELD else None,
                )
            )
    for session in Session.objects.bulk_create(sessions, batch_size=500):
        if session.held_at is not None:
            yield Event(
                user=session.mentor,
                activity_type=ActivityType.MENTOR_SESSION_HELD,
                metadata=services.facts(session),
                occurred_at=session.held_at,
            )
