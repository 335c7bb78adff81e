"""What there is for a member to do now, feature by feature: nothing done, closed or not theirs.

Each function yields the next thing of its feature. Caps are the platform's to know; they are
looked at where an opening becomes a suggestion.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.battles.models import Battle
from allthrive.challenges.models import WeeklyChallenge
from allthrive.circles.models import Visit
from allthrive.events.models import Event
from allthrive.hunts.models import Hunt, Trail
from allthrive.ledger import counted
from allthrive.mentoring.models import Session
from allthrive.projects.models import Project
from allthrive.quizzes.models import Quiz
from allthrive.quizzes.services import TRIES
from allthrive.side_quests.models import Quest, Run
from allthrive.tutorials.models import Completion, Tutorial
from allthrive.writing.services import pieces_left
from thrive_circles import selectors as circles
from thrive_circles.forming import open_circle_for
from thrive_points import ActivityType
from thrive_points.calendar.zones import calendar_of, period_for

NEW = timedelta(days=7)
"""So long a member is new here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """Something a member can do now.

    Attributes:
        activity_type: what it earns.
        invitation: an imperative phrase, with the name of the thing.
        url: where it is done.
        icon: a symbol of `static/allthrive/icons.svg`.
        facts: what its award will carry that decides the points.
        written: whether it takes a piece of writing, of which so many count a day.
        left: how many such things there are, None where that is no limit.
    """

    activity_type: str
    invitation: str
    url: str
    icon: str
    facts: dict[str, Any] = field(default_factory=dict)
    written: bool = False
    left: int | None = None


def openings(member: User) -> list[Opening]:
    """Return everything there is for a member to do now, each activity type at most once."""
    found = [opening for feature in FEATURES for opening in feature(member)]
    pieces = pieces_left(member)
    if not pieces:
        return [opening for opening in found if not opening.written]
    return [replace(each, left=pieces) if each.written else each for each in found]


def next_after(member: User, activity_type: str) -> Opening | None:
    """Return what comes after something of an activity: another of it, else anything."""
    found = openings(member)
    same = [opening for opening in found if opening.activity_type == activity_type]
    return next(iter([*same, *found]), None)


def open_activities(member: User) -> set[str]:
    """Return the activity types a member can do something for now: the package's hook."""
    return {opening.activity_type for opening in openings(member)}


def _quizzes(member: User) -> Iterator[Opening]:
    now = timezone.now()
    calendar = calendar_of(member, now)
    week = calendar.period_of(now).week
    since = calendar.starts(week)
    this_week = Q(attempts__member=member, attempts__completed_at__gte=since)
    quizzes = list(
        Quiz.objects.to_take()
        .annotate(tries=Count("attempts", filter=this_week, distinct=True))
        .filter(tries__lt=TRIES)
    )
    keys = {f"quiz:{quiz.pk}:{week}": quiz for quiz in quizzes}
    done = counted(member, keys)
    to_take = [quiz for key, quiz in keys.items() if key not in done]
    for quiz in to_take[:1]:
        yield Opening(
            activity_type=ActivityType.QUIZ_COMPLETED,
            invitation=f"Take the quiz “{quiz.title}”",
            url=quiz.get_absolute_url(),
            icon="quiz",
            left=len(to_take),
        )


def _tutorials(member: User) -> Iterator[Opening]:
    done = Completion.objects.filter(member=member).values("tutorial")
    begun = Count("steps__done_by", filter=Q(steps__done_by__member=member))
    open_now = Tutorial.objects.filter(is_open=True, steps__isnull=False).exclude(pk__in=done)
    tutorial = open_now.annotate(begun=begun).order_by("-begun", "title").first()
    if tutorial is not None:
        yield Opening(
            activity_type=ActivityType.TUTORIAL_COMPLETED,
            invitation=f"Work through “{tutorial.title}”",
            url=tutorial.get_absolute_url(),
            icon="tutorial",
            written=True,
        )


def _projects(member: User) -> Iterator[Opening]:
    others = Project.objects.filter(status=Project.Status.PUBLISHED).exclude(owner=member)
    newest = others.select_related("owner").order_by("-published_at")
    to_read = newest.exclude(feedback__author=member).first()
    if to_read is not None:
        yield Opening(
            activity_type=ActivityType.FEEDBACK_GIVEN,
            invitation=f"Tell {to_read.owner.display_name} what works in “{to_read.title}”",
            url=f"{to_read.get_absolute_url()}#feedback-title",
            icon="project",
            written=True,
        )
    to_share = newest.exclude(shares__member=member).first()
    if to_share is not None:
        yield Opening(
            activity_type=ActivityType.PROJECT_SHARED,
            invitation=f"Recommend “{to_share.title}” to somebody",
            url=f"{to_share.get_absolute_url()}#share-title",
            icon="bolt",
            written=True,
        )
    drafts = member.projects.filter(status=Project.Status.DRAFT, published_at__isnull=True)
    draft = drafts.order_by("-created_at").first()
    if draft is not None:
        yield Opening(
            activity_type=ActivityType.PROJECT_PUBLISHED,
            invitation=f"Finish and publish “{draft.title}”",
            url=draft.get_absolute_url(),
            icon="bolt",
        )
    yield Opening(
        activity_type=ActivityType.PROJECT_CREATED,
        invitation="Start a project of your own",
        url=reverse("projects:create"),
        icon="project",
        written=True,
    )


def _circle(member: User) -> Iterator[Opening]:
    circle = circles.circle_of(member)
    url = reverse("circles:index")
    joined = circle is not None and member.circle_joinings.filter(week=circle.week).exists()
    if not joined:
        if circle is not None or open_circle_for(member) is not None:
            yield Opening(
                activity_type=ActivityType.CIRCLE_JOINED,
                invitation="Join your circle of the week",
                url=url,
                icon="circle",
            )
        return
    today = period_for(member, timezone.now()).day
    if not Visit.objects.filter(user=member, day=today).exists():
        yield Opening(
            activity_type=ActivityType.CIRCLE_VISITED,
            invitation="Check in with your circle",
            url=url,
            icon="circle",
        )
    yield Opening(
        activity_type=ActivityType.CIRCLE_REACTION,
        invitation="Cheer for what your circle did",
        url=f"{url}#feed-title",
        icon="heart",
    )


def _quests(member: User) -> Iterator[Opening]:
    runs = Run.objects.filter(member=member, quest=OuterRef("pk"))
    quests = (
        Quest.objects.filter(is_open=True, steps__isnull=False)
        .annotate(is_begun=Exists(runs), is_done=Exists(runs.filter(completed_at__isnull=False)))
        .distinct()
    )
    to_do = list(quests.filter(is_done=False).order_by("-is_begun", "pk").select_related("chain"))
    if not to_do:
        return
    quest = to_do[0]
    yield Opening(
        activity_type=ActivityType.SIDE_QUEST_COMPLETED,
        invitation=f"{'Go on with' if quest.is_begun else 'Set out on'} “{quest.title}”",
        url=quest.get_absolute_url(),
        icon="quest",
        facts={"difficulty": quest.difficulty},
        written=True,
    )
    for last in to_do:
        chain = last.chain
        if chain is not None and [each.chain_id for each in to_do].count(chain.pk) == 1:
            yield Opening(
                activity_type=ActivityType.QUEST_CHAIN_COMPLETED,
                invitation=f"Finish “{chain.title}” with its last quest",
                url=last.get_absolute_url(),
                icon="quest",
                written=True,
            )
            return


def _battles(member: User) -> Iterator[Opening]:
    playing = Q(opener=member) | Q(challenger=member)
    writing = Battle.objects.filter(playing, status=Battle.Status.WRITING)
    mine = writing.exclude(entries__author=member).first()
    waiting = Battle.objects.filter(status=Battle.Status.WAITING).exclude(playing)
    joinable = waiting.select_related("opener").first()
    if mine is not None:
        invitation, url = f"Write your entry for “{mine.title}”", mine.get_absolute_url()
    elif joinable is not None:
        invitation = f"Answer {joinable.opener.display_name}'s prompt “{joinable.title}”"
        url = joinable.get_absolute_url()
    elif not Battle.objects.filter(opener=member, status=Battle.Status.WAITING).exists():
        invitation, url = "Open a prompt battle", reverse("battles:open")
    else:
        return
    yield Opening(
        activity_type=ActivityType.BATTLE_PARTICIPATED,
        invitation=invitation,
        url=url,
        icon="battle",
        written=True,
    )


def _challenge(member: User) -> Iterator[Opening]:
    week = period_for(member, timezone.now()).week
    challenge = WeeklyChallenge.objects.filter(monday=week).first()
    if challenge is None:
        return
    part = challenge.participations.filter(member=member).first()
    if part is None:
        yield Opening(
            activity_type=ActivityType.CHALLENGE_OPTED_IN,
            invitation=f"Take on this week's challenge, “{challenge.title}”",
            url=challenge.get_absolute_url(),
            icon="challenge",
        )
    elif part.submitted_at is None:
        yield Opening(
            activity_type=ActivityType.WEEKLY_CHALLENGE_SUBMITTED,
            invitation=f"Hand in your work for “{challenge.title}”",
            url=challenge.get_absolute_url(),
            icon="challenge",
            written=True,
        )


def _hunts(member: User) -> Iterator[Opening]:
    done = Trail.objects.filter(member=member, completed_at__isnull=False).values("hunt")
    hunts = Hunt.objects.filter(is_open=True, clues__isnull=False).exclude(pk__in=done)
    hunt = hunts.order_by("title").first()
    if hunt is not None:
        yield Opening(
            activity_type=ActivityType.SCAVENGER_HUNT_COMPLETED,
            invitation=f"Follow the clues of “{hunt.title}”",
            url=hunt.get_absolute_url(),
            icon="hunt",
        )


def _events(member: User) -> Iterator[Opening]:
    now = timezone.now()
    on_now = Event.objects.filter(starts_at__lte=now, ends_at__gt=now)
    here = Q(attendances__member=member, attendances__checked_in_at__isnull=False)
    event = on_now.exclude(here).order_by("ends_at").first()
    if event is not None:
        yield Opening(
            activity_type=ActivityType.EVENT_ATTENDED,
            invitation=f"Come to “{event.title}”, which is on now",
            url=event.get_absolute_url(),
            icon="event",
        )


def _mentoring(member: User) -> Iterator[Opening]:
    # Only those who offered to mentor: nobody else can hold a session today.
    asked = Session.objects.filter(mentor=member, status=Session.Status.REQUESTED)
    session = asked.select_related("mentee").order_by("requested_at").first()
    if session is not None:
        yield Opening(
            activity_type=ActivityType.MENTOR_SESSION_HELD,
            invitation=f"Answer {session.mentee.display_name}, who asks you for a session",
            url=session.get_absolute_url(),
            icon="mentor",
        )


def _referrals(member: User) -> Iterator[Opening]:
    # Who has only just come does not know yet what to recommend.
    if member.date_joined < timezone.now() - NEW:
        yield Opening(
            activity_type=ActivityType.REFERRAL_CONVERTED,
            invitation="Invite somebody you would like to learn with",
            url=reverse("referrals:index"),
            icon="referral",
        )


FEATURES = (
    _quizzes,
    _tutorials,
    _projects,
    _circle,
    _quests,
    _battles,
    _challenge,
    _hunts,
    _events,
    _mentoring,
    _referrals,
)
