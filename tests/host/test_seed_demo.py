"""The demonstration's community: complete, deterministic, made once, its books in order."""

import io
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count

from allthrive.accounts.models import User
from allthrive.demo.management.commands.seed_demo import PASSWORD
from thrive_circles.models import Circle, UserThriveProfile
from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


def seeded(**options: object) -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def totals() -> dict[str, int]:
    rows = UserThriveProfile.objects.values_list("user__username", "total_xp")
    return dict(rows)


def test_the_community_does_everything_there_is_and_its_books_are_in_order():
    seeded(members=80, days=42, until="2026-03-08")
    done = set(PointsHistory.objects.values_list("activity_type", flat=True))
    assert done == set(rulebook().activity_types())
    assert {rulebook().category_of(name) for name in done} == set(Category)
    earned = sorted(totals().values())
    assert earned[-1] > 10 * earned[len(earned) // 4] > 0
    outcomes = set(PointsHistory.objects.values_list("outcome", flat=True))
    assert outcomes >= {Outcome.AWARDED, Outcome.REDUCED, Outcome.CAPPED}
    assert User.objects.values("timezone").distinct().count() > 5
    sizes = Circle.objects.annotate(size=Count("memberships")).filter(size__gt=0)
    assert sizes.exists()
    call_command("points_audit", stdout=io.StringIO(), stderr=io.StringIO())


def test_the_ledger_tells_the_days_in_the_order_they_were_lived():
    seeded(members=40, days=15, until="2026-03-08")
    entries = PointsHistory.objects.order_by("user_id", "number")
    rows = entries.values_list("user_id", "occurred_at")
    for _, lived in groupby(rows, key=itemgetter(0)):
        instants = [instant for _, instant in lived]
        assert instants == sorted(instants)


def test_a_seed_decides_everything():
    runs = []
    for seed in (3, 3, 4):
        with transaction.atomic():
            seeded(members=12, days=9, seed=seed, until="2026-03-08")
            runs.append(totals())
            transaction.set_rollback(True)
    assert runs[0] == runs[1] != runs[2]
    assert "nova" not in runs[0]


@pytest.mark.parametrize("clock", ["00:00", "09:30", "15:59", "23:59"])
def test_nobody_lives_through_a_day_that_has_hardly_begun(clock: str):
    now = datetime.fromisoformat(f"2026-03-09T{clock}:20+00:00")
    with time_machine.travel(now, tick=False):
        seeded(members=60, days=2)
    # What others begin, a battle or a post to react to, may come at any hour.
    own = PointsHistory.objects.filter(activity_type__in=["daily_login", "quiz_completed"])
    assert own.exists()
    for entry in own.select_related("user"):
        here = now.astimezone(ZoneInfo(entry.user.timezone))
        assert here.hour >= 10 or entry.day < here.date(), entry
    assert not PointsHistory.objects.filter(occurred_at__gt=now).exists()


def test_seeding_again_changes_nothing(member: User):
    PointsService.award_points(user=member, activity_type="quiz_completed")
    assert "there already: 1 account" in seeded()
    assert PointsHistory.objects.count() == 1
    assert User.objects.count() == 1


def test_only_a_demo_gets_a_known_password(settings):
    settings.DEMO = False
    told = seeded(members=10, days=2)
    assert PASSWORD not in told
    assert not User.objects.get(username="alice").check_password(PASSWORD)


def test_in_a_demo_the_logins_are_printed_and_work(settings, client):
    settings.DEMO = True
    told = seeded(members=10, days=2)
    assert PASSWORD in told
    for name in ("alice", "bruno", "nova", "sofia"):
        assert name in told
        signed_in = client.post("/account/sign-in/", {"username": name, "password": PASSWORD})
        assert signed_in.status_code == 302
        client.logout()
    assert User.objects.get(username="sofia").is_staff


@pytest.mark.parametrize(
    "options", [{"members": 9}, {"members": 10**6}, {"days": 0}, {"until": "tomorrow"}]
)
def test_what_cannot_be_seeded_is_refused_whole(options):
    with pytest.raises(CommandError, match=f"--{next(iter(options))}"):
        seeded(**options)
    assert not User.objects.exists()


def test_a_run_that_breaks_off_leaves_nothing(monkeypatch):
    def stop(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PointsService, "award_many", stop)
    with pytest.raises(KeyboardInterrupt):
        seeded(members=10, days=2)
    assert not User.objects.exists()
