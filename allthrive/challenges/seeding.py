"""Weekly challenges of the demonstration community, past and planned."""

import datetime as dt
import random
from collections.abc import Iterator

from allthrive.challenges import services
from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.demo.plan import Community, Event, Member
from thrive_points.core.activities import ActivityType

WEEKS_AHEAD = 12
CHALLENGES = (
    ("Teach one thing", "Explain something you understand to somebody who doesn't, in writing.",
     "A friend could explain it back to you."),
    ("Nothing but text", "Build something useful whose whole interface is text.",
     "It does its job, and you say for whom."),
    ("The smallest version", "Make the smallest version of an idea you have carried for too long.",
     "It can be tried, even if it can do one thing only."),
    ("Other people's eyes", "Let somebody use what you made, and watch without helping.",
     "Three things you saw, and one you changed."),
    ("A week of questions", "Ask a model one real question a day, and judge the answers.",
     "Seven questions, with your verdict on each answer."),
    ("Repair day", "Repair something that is broken at your work: a text, a form, a script.",
     "Before, after, and who noticed."),
    ("One picture", "Say something about your town in a single picture or chart.",
     "The picture, and the sentence it replaces."),
)  # fmt: skip
WORK = (
    "I wrote it for my sister, who asked the best questions. What I learned: start with what "
    "people already do, and leave the names of things for the end.",
    "Here is what I made, and here is where it fails: long inputs. Next time I would test it "
    "with somebody else's words on the first day.",
    "It took three evenings. The first two went into making it bigger, the third into making "
    "it small again, and the third was the one that counted.",
    "Two people tried it. One found a mistake in ten seconds that I hadn't seen in a week, so "
    "I fixed that and wrote down how it happened.",
)


def seed(community: Community) -> Iterator[Event]:
    """Create a challenge for every week, planned ones included, and yield what taking part pays.

    Some recent submissions wait for staff, so that there is something to review.
    """
    rng = community.rng("challenges")
    parts: list[Participation] = []
    first = community.start - dt.timedelta(days=community.start.weekday())
    weeks = (community.end - first).days // 7 + 1
    for number in range(weeks + WEEKS_AHEAD):
        title, brief, criteria = CHALLENGES[number % len(CHALLENGES)]
        challenge = WeeklyChallenge.objects.create(
            title=title, brief=brief, criteria=criteria, monday=first + dt.timedelta(weeks=number)
        )
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
        last = community.moment(member, days[-1], rng)
        part.submitted_at = max(last, part.opted_in_at)
        part.submission = rng.choice(WORK)
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
            yield Event(
                user=member.user,
                activity_type=activity_type,
                metadata=services.facts(challenge, what),
                occurred_at=moment,
            )
