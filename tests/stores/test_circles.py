"""Weekly circles: sizes, neighbours in XP, once a week, and joining between Mondays."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count
from hypothesis import given, settings
from hypothesis import strategies as st

from thrive_circles.forming import (
    LARGEST,
    SMALLEST,
    assign_circles,
    group_levels,
    join_circle,
    open_circle_for,
)
from thrive_circles.levels import CIRCLE_LEVELS, circle_level_of, next_circle_level
from thrive_circles.models import Circle, Membership
from thrive_circles.selectors import (
    circle_of,
    circle_progress,
    feed_of,
    members_of,
    past_circles,
    week_ends,
)
from thrive_points.core.periods import week_of
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
    assign_circles(MONDAY)
    circle = open_circle_for(newcomer)
    assert circle.level == "Seedling"
    assert join_circle(newcomer) == join_circle(newcomer) == circle == circle_of(newcomer)

    veteran = make_user()
    PointsService.adjust(veteran, 700, "a start")
    assert join_circle(veteran).level == "Seedling"  # The Explorers' circle is full.


def at(instant):
    return time_machine.travel(instant, tick=False)


@pytest.mark.django_db
def test_a_newcomer_finds_a_place_where_all_circles_are_full_or_none_is_formed(make_user):
    first = make_user()
    assert open_circle_for(first) is None
    early = join_circle(first)
    assert (early.overflow, early.level, circle_of(first)) == (True, "Seedling", early)
    community([100] * 30)
    assert assign_circles(MONDAY).members == 30
    assert circle_of(first) == early
    newcomers = [make_user() for _ in range(31)]
    places = [join_circle(newcomer) for newcomer in newcomers]
    assert {place.overflow for place in places} == {True}
    assert sizes() == [2, 30, 30]
    # A formed circle stays as it is, and forming again finds it.
    assert not assign_circles(MONDAY).formed


@pytest.mark.django_db
def test_last_weeks_circle_goes_on_until_new_ones_are_formed(make_user):
    users = community([100] * 6)
    assign_circles(MONDAY)
    before = circle_of(users[0])
    for week in (1, 3):
        with at(WEDNESDAY + timedelta(weeks=week)):
            assert circle_of(users[0]) == before
            assert past_circles(users[0]) == []
    with at(WEDNESDAY + timedelta(weeks=3)):
        newcomer = make_user()
        assert join_circle(newcomer) == before
        assign_circles(MONDAY + timedelta(weeks=3))
        now = circle_of(users[0])
        assert now != before
        assert circle_of(newcomer) == now
        assert past_circles(newcomer) == [before]
        assert before.memberships.count() == 7


@pytest.mark.django_db
def test_forming_ahead_changes_nothing_before_monday_and_leaves_no_newcomer_out(make_user):
    users = community([100] * 6)
    assign_circles(MONDAY)
    now = circle_of(users[0])
    following = MONDAY + timedelta(weeks=1)
    assert assign_circles(following).members == 6
    newcomer = make_user()
    assert join_circle(newcomer) == now == circle_of(users[0])
    with at(datetime(2026, 3, 8, 23, 59, 59, tzinfo=UTC)):
        assert circle_of(newcomer) == now
    with at(datetime(2026, 3, 9, tzinfo=UTC)):
        assert circle_of(newcomer).week == circle_of(users[0]).week == following


@pytest.mark.django_db
def test_the_command_forms_this_week_or_the_next():
    community([100] * 6)
    for arguments in ([], ["--next"]):
        call_command("assign_circles", *arguments, stdout=StringIO())
    weeks = Circle.objects.order_by("week").values_list("week", flat=True)
    assert list(weeks) == [MONDAY, MONDAY + timedelta(weeks=1)]


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Tokyo", "Pacific/Auckland"])
def test_the_week_of_a_circle_is_the_sites(make_user, zone):
    members = [make_user(zone) for _ in range(6)]
    for member in members:
        PointsService.award_points(member, "quiz_completed")
    assign_circles(MONDAY)
    with at(datetime(2026, 3, 9, 0, 5, tzinfo=UTC)):
        assign_circles(MONDAY + timedelta(weeks=1))
        assert {circle_of(member).week for member in members} == {date(2026, 3, 9)}
    with at(datetime(2026, 3, 8, 23, 55, tzinfo=UTC)):
        assert {circle_of(member).week for member in members} == {MONDAY}
        assert week_ends(datetime.now(UTC)) == datetime(2026, 3, 9, tzinfo=UTC)


ACTS = st.lists(
    st.tuples(
        # Three weeks at most: who stays away for longer is not active any more.
        st.integers(1, 12),
        st.sampled_from(["join", "earn", "move", "form", "form ahead", "earn", "join"]),
        st.integers(0, 11),
    ),
    max_size=40,
)


@pytest.mark.django_db
@given(ACTS)
@settings(max_examples=25)
def test_whoever_is_in_a_circle_stays_in_one_whenever_the_job_runs(make_user, acts):
    """Members join, earn and travel; the job runs early, late, twice or never."""
    Circle.objects.all().delete()
    zones = ("UTC", "Pacific/Kiritimati", "Pacific/Niue")
    users = [make_user(zones[n % 3]) for n in range(12)]
    inside = set()
    now = datetime(2026, 3, 4, tzinfo=UTC)
    with at(now) as clock:
        for number, (hours, act, who) in enumerate(acts):
            for _ in range(hours):
                now += timedelta(hours=1)
                clock.move_to(now)
                assert all(circle_of(user) for user in inside)
            user, this_week = users[who], week_of(now.date())
            match act:
                case "join":
                    assert join_circle(user) == circle_of(user)
                    inside.add(user)
                case "earn":
                    PointsService.award_points(user, "quiz_completed", {"event_key": f"{number}"})
                case "move":
                    user.timezone = zones[number % 3]
                    user.save()
                case "form":
                    assign_circles(this_week)
                case "form ahead":
                    assign_circles(this_week + timedelta(weeks=1))
            formed = Circle.objects.filter(overflow=False).annotate(size=Count("memberships"))
            assert all(circle.size >= SMALLEST for circle in formed)
            assert all(size <= LARGEST for size in sizes())


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
