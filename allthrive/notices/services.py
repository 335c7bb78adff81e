"""Writing notices, and reading them beside what the ledger tells."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.home.history import things_of
from allthrive.notices.models import Notice, Reading
from thrive_points import ActivityType, Outcome
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook

BY_OTHERS = frozenset(
    {
        ActivityType.BATTLE_PARTICIPATED,
        ActivityType.BATTLE_WON,
        ActivityType.MENTOR_SESSION_HELD,
        ActivityType.PROJECT_MILESTONE_REACHED,
        ActivityType.REFERRAL_CONVERTED,
        ActivityType.WEEKLY_CHALLENGE_COMPLETED,
    }
)
"""Activities that are paid when somebody else does something."""
CORRECTIONS = (Outcome.REVERSED.value, Outcome.ADJUSTED.value)
SHOWN = 30
MOST = 100
"""So many are counted; nobody wants to know more exactly."""


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """One line of the notices.

    Attributes:
        at: when it happened.
        text: what happened.
        url: where to look at it.
        is_new: whether it came since the member last read.
    """

    at: datetime
    text: str
    url: str
    is_new: bool


def tell(*, member: User, text: str, url: str) -> None:
    """Write a notice; call it in the transaction of what it is about.

    Args:
        member: whom it concerns.
        text: what happened, up to 300 characters.
        url: where to look at it.
    """
    Notice.objects.create(member=member, text=text[:300], url=url)


def unread(member: User) -> int:
    """Return how many notices a member has not read."""
    reading = _reading(member)
    entries = _entries(member).filter(number__gt=reading.entry)[:MOST]
    notices = Notice.objects.filter(member=member, created_at__gt=reading.read_at)[:MOST]
    return entries.count() + notices.count()


def told(member: User, limit: int = SHOWN) -> list[Told]:
    """Return what a member is told, the newest first."""
    reading = _reading(member)
    notices = [
        Told(each.created_at, each.text, each.url, each.created_at > reading.read_at)
        for each in Notice.objects.filter(member=member)[:limit]
    ]
    return sorted([*notices, *_from_ledger(member, reading, limit)], reverse=True)[:limit]


def mark_read(member: User) -> None:
    """Note that a member has read everything there is."""
    last = PointsHistory.objects.filter(user_id=member.pk).aggregate(last=Max("number"))["last"]
    Reading.objects.update_or_create(
        member=member, defaults={"entry": last or 0, "read_at": timezone.now()}
    )


def _reading(member: User) -> Reading:
    # Who has never read begins with what happened after they joined.
    return Reading.objects.filter(member=member).first() or Reading(
        member=member, entry=0, read_at=member.date_joined
    )


def _entries(member: User) -> QuerySet[PointsHistory]:
    """Return the entries that a member did not make by what they did themselves just then."""
    by_others = Q(activity_type__in=BY_OTHERS, points__gt=0)
    # Corrections of one's own making, such as deleting a project, are no news.
    corrected = Q(outcome__in=CORRECTIONS) & (Q(actor__isnull=True) | ~Q(actor_id=member.pk))
    followed = Q(cause__isnull=False, points__gt=0, reverses__isnull=True)
    return PointsHistory.objects.filter(by_others | corrected | followed, user_id=member.pk)


def _from_ledger(member: User, reading: Reading, limit: int) -> Iterator[Told]:
    entries = list(_entries(member).order_by("-number")[:limit])
    things = things_of(entries)
    for entry in entries:
        thing = things.get(entry.number)
        url = thing.get_absolute_url() if thing else reverse("home:history")
        is_correction = entry.outcome in CORRECTIONS
        at = entry.recorded_at if is_correction else entry.occurred_at
        yield Told(at, _words(entry), url, entry.number > reading.entry)


def _words(entry: PointsHistory) -> str:
    if entry.outcome in CORRECTIONS:
        return entry.explanation
    return f"+{entry.points} for {rulebook().label_of(entry.activity_type)}."
