"""Weekly challenges of the demonstration community, past and planned."""

import datetime as dt
import random
from collections.abc import Iterator

from allthrive.challenges import services
from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.demo import content
from allthrive.demo.plan import Community, Event, Member, event_of
from thrive_points import ActivityType

CONTENT = content.read("challenges")
WEEKS_AHEAD = 12


def seed(community: Community) -> Iterator[Event]:
    """Create a challenge for every week, planned ones included, and yield what taking part pays.

    Some recent submissions wait for staff, so that there is something to review.
    """
    rng = community.rng("challenges")
    parts: list[Participation] = []
    first = community.start - dt.timedelta(days=community.start.weekday())
    weeks = (community.end - first).days // 7 + 1
    for number in range(weeks + WEEKS_AHEAD):
        words = CONTENT["challenge"][number % len(CONTENT["challenge"])]
        monday = first + dt.timedelta(weeks=number)
        challenge = WeeklyChallenge.objects.create(**words, monday=monday)
        for member in community.members:
            days = [day for day in member.days if challenge.is_open_on(day)]
            if days and rng.random() < 0.3 * member.tastes.get("challenge", 1.0):
                part = _take_part(community, rng, challenge, member, days)
                parts.append(part)
                yield from _events(challenge, member, part)
    Participation.objects.bulk_create(parts, batch_size=1_000)


def _take_part(
    community: Community,
    rng: random.Random,
    challenge: WeeklyChallenge,
    member: Member,
    days: list[dt.date],
) -> Participation:
    part = Participation(
        challenge=challenge,
        member=member.user,
        opted_in_at=community.moment(member, days[0], rng),
    )
    if rng.random() < 0.7:
        submitted = max(community.moment(member, days[-1], rng), part.opted_in_at)
        work = f"For “{challenge.title}”. {' '.join(rng.sample(CONTENT['work'], 2))}"
        about = f"challenge:{challenge.pk}"
        if not community.writes(member, work, about, submitted, services.WORK_WORDS):
            return part
        part.submitted_at = submitted
        part.submission = work
        weeks_old = (community.end - challenge.monday).days // 7
        if weeks_old > 1 or (weeks_old == 1 and rng.random() < 0.5):
            part.completed_at = min(part.submitted_at + dt.timedelta(days=2), community.now)
            part.completed_by = community.staff
    return part


def _events(challenge: WeeklyChallenge, member: Member, part: Participation) -> Iterator[Event]:
    reached = (
        (ActivityType.CHALLENGE_OPTED_IN, "opted_in", part.opted_in_at),
        (ActivityType.WEEKLY_CHALLENGE_SUBMITTED, "submitted", part.submitted_at),
        (
            ActivityType.WEEKLY_CHALLENGE_COMPLETED,
            "completed",
            part.submitted_at if part.completed_at else None,
        ),
    )
    for activity_type, what, moment in reached:
        if moment is not None:
            yield event_of(member.user, activity_type, services.facts(challenge, what), moment)
