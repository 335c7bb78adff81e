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
from allthrive.projects.services import (
    FEEDBACK_WORDS,
    MILESTONE_LIKES,
    SHARE_WORDS,
    STORY_WORDS,
)
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
    projects: list[Project] = []
    for member in community.members:
        for day in member.days:
            for _ in range(community.times(member, A_DAY, rng, "creation")):
                created = community.moment(member, day, rng)
                later = created + dt.timedelta(minutes=rng.randrange(20, 4_000))
                manner, subject = rng.choice(WORDS["manners"]), rng.choice(WORDS["subjects"])
                story = f"It is a {manner} {subject}. {rng.choice(WORDS['stories'])}"
                # The site knows a project by its number, which it gets when it is saved.
                about = f"demo:{member.user.pk}:{len(projects)}"
                if not community.writes(member, story, about, created, STORY_WORDS):
                    continue
                is_out = rng.random() < PUBLISHED and later <= community.now
                projects.append(
                    Project(
                        owner=member.user,
                        title=f"{manner} {subject}".capitalize(),
                        summary=rng.choice(WORDS["summaries"]),
                        story=story,
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
    written = []
    for member, project, instant in _acts(community, gallery, FEEDBACK_A_DAY, rng):
        praise, advice = rng.choice(WORDS["praise"]), rng.choice(WORDS["advice"])
        text = f"{praise} {advice} I will come back to “{project.title}”."
        if community.writes(member, text, _about("feedback", project), instant, FEEDBACK_WORDS):
            written.append(
                Feedback(project=project, author=member.user, text=text, created_at=instant)
            )
    for each in Feedback.objects.bulk_create(written, batch_size=2_000):
        yield event_of(
            each.author, ActivityType.FEEDBACK_GIVEN, facts.feedback_facts(each), each.created_at
        )


def _shares(community: Community, gallery: Gallery, rng: random.Random) -> Iterator[Event]:
    shares = []
    for member, project, instant in _acts(community, gallery, SHARES_A_DAY, rng):
        note = f"Have a look at “{project.title}”. {rng.choice(WORDS['praise'])}"
        channel = rng.choice(Share.Channel.values)
        if community.writes(member, note, _about("share", project), instant, SHARE_WORDS):
            shares.append(
                Share(
                    project=project,
                    member=member.user,
                    channel=channel,
                    note=note,
                    created_at=instant,
                )
            )
    for each in Share.objects.bulk_create(shares, batch_size=2_000):
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
        if not community.counts(like.member, like.created_at):
            continue
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


def _about(what: str, project: Project) -> str:
    return f"demo:{what}:{project.pk}"
