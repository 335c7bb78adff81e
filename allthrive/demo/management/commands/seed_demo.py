"""Fill an empty site with a believable community."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.db.models import Max
from django.dispatch import Signal
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.demo.people import LOGINS, found_community
from allthrive.demo.plan import Community, Event
from allthrive.demo.seeding import RESPONSES, SEEDS
from allthrive.notices.models import Reading
from allthrive.writing.models import Piece
from thrive_circles.forming import assign_circles
from thrive_points import PointsService, points_recorded
from thrive_points.core.periods import week_of
from thrive_points.management.progress import progress_bar
from thrive_points.models import PointsHistory

PASSWORD = "all-thrive-demo"
UNREAD = dt.timedelta(days=2)
SLICE = dt.timedelta(hours=3)
SMALLEST, LARGEST = 10, 5_000


class Command(BaseCommand):
    """Create members and what they did, and award it all through PointsService."""

    help = (
        "Fill an empty site with a believable community, once: run again it changes nothing but "
        "forming the circles of a new week. Examples: manage.py seed_demo; "
        "manage.py seed_demo --members 500 --days 120 --seed 3"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=int, default=360, help="how many; 360 by default")
        parser.add_argument("--days", type=int, default=90, help="how far back; 90 by default")
        parser.add_argument("--seed", type=int, default=7, help="of everything random; 7")
        parser.add_argument("--until", help="last day, YYYY-MM-DD; today by default", metavar="DAY")

    def handle(self, *args: Any, **options: Any) -> None:
        if PointsHistory.objects.exists():
            self.stdout.write(
                f"The community is there already: {User.objects.count()} accounts. "
                "To begin anew, run make demo-reset."
            )
        else:
            self._seed(**{name: options[name] for name in ("members", "days", "seed", "until")})
        assign_circles(week_of(timezone.localdate()))
        self._show_logins()

    def _seed(self, *, members: int, days: int, seed: int, until: str | None) -> None:
        if not SMALLEST <= members <= LARGEST:
            raise CommandError(f"--members is {members}; allowed are {SMALLEST} to {LARGEST}")
        if not 2 <= days <= 730:
            raise CommandError(f"--days is {days}; allowed are 2 to 730")
        now = _end(until)
        # All or nothing: a broken-off run would otherwise look like a finished one.
        with _unheard(points_recorded), transaction.atomic():
            community = found_community(
                size=members,
                start=now.date() - dt.timedelta(days - 1),
                end=now.date(),
                now=now,
                seed=seed,
                password=PASSWORD if settings.DEMO else None,
            )
            self.stderr.write("Members do what members do ...")
            with progress_bar(None, "events awarded") as advance:
                count = _live_through(community, advance)
            _read_notices(community)
        self.stdout.write(f"{members} members did {count:,} things in {days} days.")

    def _show_logins(self) -> None:
        if not settings.DEMO:
            return
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for username, role in LOGINS:
            self.stdout.write(f"  {username:<6} {role}")


@contextmanager
def _unheard(signal: Signal) -> Iterator[None]:
    """Keep features from answering: their answers of those days are seeded with the rest."""
    receivers, signal.receivers = signal.receivers, []
    try:
        yield
    finally:
        signal.receivers = receivers


def _end(until: str | None) -> dt.datetime:
    """Return the instant the demonstration ends: now, or the end of a past day."""
    now = timezone.now()
    if until is None:
        return now
    try:
        day = dt.date.fromisoformat(until)
    except ValueError as error:
        raise CommandError(f"--until: {error}") from error
    return min(now, dt.datetime.combine(day, dt.time(23, 59), tzinfo=dt.UTC))


def _live_through(community: Community, advance: Callable[[int], object]) -> int:
    """Award everything in the order it happened, some hours at a time, and count it.

    Circles form on Mondays as they would have, and members answer to what their feed holds when
    those hours begin.
    """
    events = []
    for seed in SEEDS:
        for event in seed(community):
            community.note(event)
            events.append(event)
    Piece.objects.bulk_create(community.pieces, batch_size=2_000)
    events.sort(key=_moment)
    count = first = 0
    since = dt.datetime.combine(community.start, dt.time(), tzinfo=dt.UTC) - dt.timedelta(days=1)
    while since <= community.now:
        until = min(since + SLICE, community.now)
        if since.weekday() == 0 and since.hour == 0:
            assign_circles(since.date())
        answers = [e for respond in RESPONSES for e in respond(community, since, until)]
        last = bisect_right(events, until, key=_moment)
        lived = sorted([*events[first:last], *answers], key=_moment)
        PointsService.award_many(lived, progress=advance)
        count += len(lived)
        first, since = last, since + SLICE
    return count


def _read_notices(community: Community) -> None:
    """Have everybody read what happened until some days ago, as people do."""
    since = community.now - UNREAD
    before = PointsHistory.objects.filter(occurred_at__lt=since).values("user_id")
    last = dict(before.annotate(last=Max("number")).values_list("user_id", "last"))
    Reading.objects.bulk_create(
        Reading(member=member.user, entry=last.get(member.user.pk, 0), read_at=since)
        for member in community.members
    )


def _moment(event: Event) -> dt.datetime:
    return event["occurred_at"]
