"""Weekly circles: sizes, neighbours in XP, once a week, and joining between Mondays."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from thrive_circles.forming import LARGEST, SMALLEST, assign_circles, group_levels, join_circle
from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of, next_circle_level
from thrive_circles.models import Circle, Membership
from thrive_circles.selectors import circle_of, circle_progress, feed_of, members_of
from thrive_points.selectors import balance
from thrive_points.services import PointsService

WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)
MONDAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def community(totals, week=MONDAY):
    """Make members with the totals given, through the ledger."""
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"c{n}") for n in range(len(totals))]
    )
    users = list(get_user_model().objects.filter(username__startswith="c").order_by("pk"))
    for user, total in zip(users, totals, strict=True):
        PointsService.adjust(user, total, "a start")
    if week != MONDAY:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE thrive_points_userthriveprofile SET week = %s", [week.isoformat()]
            )
    return users


def sizes():
    return sorted(circle.memberships.count() for circle in Circle.objects.all())


def test_circle_levels_are_the_designs():
    assert [(level.name, level.starts_at) for level in CIRCLE_LEVELS] == [
        ("Seedling", 0),
        ("Explorer", 500),
        ("Creator", 1_500),
        ("Catalyst", 3_500),
        ("Luminary", 7_500),
    ]
    assert [circle_level_of(total).name for total in (-5, 499, 500, 7_499, 90_000)] == [
        "Seedling",
        "Seedling",
        "Explorer",
        "Catalyst",
        "Luminary",
    ]
    assert next_circle_level(7_500) is None


@given(st.lists(st.integers(0, 200), min_size=5, max_size=5))
def test_groups_hold_everyone_and_keep_the_sizes(counts):
    groups = group_levels(counts)
    assert sum(group.members for group in groups) == (sum(counts) if groups else 0)
    assert bool(groups) == (sum(counts) >= SMALLEST)
    for group in groups:
        assert list(group.levels) == list(range(group.levels[0], group.levels[-1] + 1))
        smallest, largest = (
            group.members // group.circles,
            -(-group.members // group.circles),
        )
        assert smallest >= SMALLEST
        assert largest <= LARGEST
        if group.members >= 40:
            assert smallest >= 20


@pytest.mark.django_db
def test_circles_are_neighbours_in_xp_of_one_level():
    community([10 * n + 1 for n in range(49)] + [500 + n for n in range(26)])
    done = assign_circles(MONDAY)
    assert (done.circles, done.members, done.formed) == (3, 75, True)
    assert sizes() == [24, 25, 26]
    spans = [
        (circle.level, min(totals), max(totals))
        for circle in Circle.objects.order_by("pk")
        if (totals := [profile.total_xp for profile in members_of(circle)])
    ]
    assert [level for level, _, _ in spans] == ["Seedling", "Seedling", "Explorer"]
    assert spans[0][2] < spans[1][1]


@pytest.mark.django_db
def test_a_second_run_changes_nothing():
    community([n + 1 for n in range(12)])
    out = StringIO()
    call_command("assign_circles", stdout=out)
    before = list(Membership.objects.order_by("pk").values_list("user", "week", "circle"))
    call_command("assign_circles", stdout=out)
    assert "Formed 1 circles of 12 members" in out.getvalue()
    assert "The week already has 1 circles of 12 members" in out.getvalue()
    assert list(Membership.objects.order_by("pk").values_list("user", "week", "circle")) == before


@pytest.mark.django_db
def test_a_small_level_joins_its_neighbour():
    community([100] * 10 + [600] * 3 + [8_000])
    assign_circles(MONDAY)
    assert sizes() == [14]


@pytest.mark.django_db
def test_fewer_than_five_in_all_wait():
    community([100, 600, 600, 8_000])
    assert assign_circles(MONDAY).circles == 0


@pytest.mark.django_db
def test_members_long_inactive_are_left_out():
    community([100] * 8, week=MONDAY - timedelta(weeks=5))
    assert assign_circles(MONDAY).members == 0


@pytest.mark.django_db
def test_a_week_starts_on_a_monday():
    with pytest.raises(ValueError, match="2026-03-04 is a Wednesday"):
        assign_circles(date(2026, 3, 4))
    with pytest.raises(CommandError, match="--week"):
        call_command("assign_circles", "--week", "soon")


@pytest.mark.django_db
def test_joining_between_mondays_takes_a_place_near_ones_level(make_user):
    community([100] * 10 + [600] * 30)
    newcomer = make_user()
    assert join_circle(newcomer) is None
    assign_circles(MONDAY)
    circle = join_circle(newcomer)
    assert circle.level == "Seedling"
    assert join_circle(newcomer) == circle == circle_of(newcomer)

    veteran = make_user()
    PointsService.adjust(veteran, 700, "a start")
    assert join_circle(veteran).level == "Seedling"  # The Explorers' circle is full.


@pytest.mark.django_db
def test_last_weeks_circle_is_nobodys_circle_now():
    users = community([100] * 6)
    assign_circles(MONDAY)
    assert circle_of(users[0]) is not None
    with time_machine.travel(WEDNESDAY + timedelta(days=7), tick=False):
        assert circle_of(users[0]) is None


@pytest.mark.django_db
def test_the_feed_shows_what_was_earned_and_never_a_correction():
    users = community([100] * 6)
    assign_circles(MONDAY)
    PointsService.award_points(users[0], "quiz_completed", {"event_key": "q:1"})
    with time_machine.travel(WEDNESDAY + timedelta(minutes=1), tick=False):
        PointsService.award_points(users[1], "battle_won", {"event_key": "b:1"})
    PointsService.reverse(users[1], "b:1", "private reason")
    circle = circle_of(users[0])
    assert [(e.user, e.amount, e.description) for e in feed_of(circle)] == [
        (users[1], 20, "winning a prompt battle"),
        (users[0], 20, "a completed quiz"),
    ]
    assert len(members_of(circle)) == 6
    progress = circle_progress(balance(users[0]))
    assert (progress.level.name, progress.next_level.name, progress.xp_to_next) == (
        "Seedling",
        "Explorer",
        380,
    )
