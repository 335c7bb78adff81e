"""Projects with their feedback, shares, likes and milestones."""

import datetime as dt
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, Member, event_of
from allthrive.projects import facts
from allthrive.projects.models import Feedback, Like, Milestone, Project, Share
from allthrive.projects.services import MILESTONE_LIKES
from thrive_points import ActivityType

WORDS = content.read("projects")
A_DAY, PUBLISHED = 0.11, 0.8
FEEDBACK_A_DAY, SHARES_A_DAY, LIKES_A_DAY = 0.75, 0.3, 0.35
FRESH = 60
"""How many of the newest projects a member chooses among."""


@dataclass(slots=True)
class Gallery:
    """The published projects by time."""

    projects: list[Project]
    times: list[dt.datetime]

    def pick(self, member: Member, instant: dt.datetime, rng: random.Random) -> Project | None:
        """Return one of the projects that were fresh at an instant, None if none or own."""
        newest = bisect_right(self.times, instant)
        if not newest:
            return None
        project = self.projects[rng.randrange(max(0, newest - FRESH), newest)]
        return None if project.owner_id == member.user.pk else project


def seed(community: Community) -> Iterator[Event]:
    """Have members make projects, and do with each other's what members do."""
    rng = community.rng("projects")
    projects = _projects(community, rng)
    for project in projects:
        yield event_of(
            project.owner,
            ActivityType.PROJECT_CREATED,
            facts.created_facts(project),
            project.created_at,
        )
    published = sorted(
        (project for project in projects if project.published_at),
        key=lambda project: (project.published_at, project.pk),
    )
    gallery = Gallery(published, [p.published_at for p in published if p.published_at])
    for project, at in zip(gallery.projects, gallery.times, strict=True):
        yield event_of(
            project.owner, ActivityType.PROJECT_PUBLISHED, facts.published_facts(project), at
        )
    yield from _feedback(community, gallery, rng)
    yield from _shares(community, gallery, rng)
    yield from _likes(community, gallery, rng)


def _projects(community: Community, rng: random.Random) -> list[Project]:
    projects = []
    for member in community.members:
        for day in member.days:
            for _ in range(community.times(member, A_DAY, rng, "creation")):
                created = community.moment(member, day, rng)
                later = created + dt.timedelta(minutes=rng.randrange(20, 4_000))
                is_out = rng.random() < PUBLISHED and later <= community.now
                manner, subject = rng.choice(WORDS["manners"]), rng.choice(WORDS["subjects"])
                projects.append(
                    Project(
                        owner=member.user,
                        title=f"{manner} {subject}".capitalize(),
                        summary=rng.choice(WORDS["summaries"]),
                        story=rng.choice(WORDS["stories"]),
                        status=Project.Status.PUBLISHED if is_out else Project.Status.DRAFT,
                        created_at=created,
                        published_at=later if is_out else None,
                    )
                )
    return Project.objects.bulk_create(projects, batch_size=1_000)


def _acts(
    community: Community, gallery: Gallery, mean: float, rng: random.Random
) -> Iterator[tuple[Member, Project, dt.datetime]]:
    """Yield who does something with whose project when, each pair once, by time."""
    acts, seen = [], set()
    for member in community.members:
        for day in member.days:
            for _ in range(community.times(member, mean, rng, "community")):
                instant = community.moment(member, day, rng)
                project = gallery.pick(member, instant, rng)
                if project and (member.user.pk, project.pk) not in seen:
                    seen.add((member.user.pk, project.pk))
                    acts.append((member, project, instant))
    yield from sorted(acts, key=lambda act: act[2])


def _feedback(community: Community, gallery: Gallery, rng: random.Random) -> Iterator[Event]:
    given = Feedback.objects.bulk_create(
        [
            Feedback(
                project=project,
                author=member.user,
                text=f"{rng.choice(WORDS['praise'])} {rng.choice(WORDS['advice'])}",
                created_at=instant,
            )
            for member, project, instant in _acts(community, gallery, FEEDBACK_A_DAY, rng)
        ],
        batch_size=2_000,
    )
    for each in given:
        yield event_of(
            each.author, ActivityType.FEEDBACK_GIVEN, facts.feedback_facts(each), each.created_at
        )


def _shares(community: Community, gallery: Gallery, rng: random.Random) -> Iterator[Event]:
    shares = Share.objects.bulk_create(
        [
            Share(
                project=project,
                member=member.user,
                channel=rng.choice(Share.Channel.values),
                created_at=instant,
            )
            for member, project, instant in _acts(community, gallery, SHARES_A_DAY, rng)
        ],
        batch_size=2_000,
    )
    for each in shares:
        yield event_of(
            each.member, ActivityType.PROJECT_SHARED, facts.share_facts(each), each.created_at
        )


def _likes(community: Community, gallery: Gallery, rng: random.Random) -> Iterator[Event]:
    likes = Like.objects.bulk_create(
        [
            Like(project=project, member=member.user, created_at=instant)
            for member, project, instant in _acts(community, gallery, LIKES_A_DAY, rng)
        ],
        batch_size=2_000,
    )
    counts: dict[int, int] = {}
    reached = []
    for like in likes:
        count = counts[like.project_id] = counts.get(like.project_id, 0) + 1
        if count in MILESTONE_LIKES:
            reached.append(Milestone(project=like.project, likes=count, reached_at=like.created_at))
    for each in Milestone.objects.bulk_create(reached, batch_size=1_000):
        owner = each.project.owner
        yield event_of(
            owner,
            ActivityType.PROJECT_MILESTONE_REACHED,
            facts.milestone_facts(each),
            each.reached_at,
        )
