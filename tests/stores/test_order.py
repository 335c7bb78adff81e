"""The law of order: what is paid follows the days of the events, however they were delivered.

What is right is said in closed form or counted from plain lists, never by the platform's own code.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.books import assert_books_agree, assert_law_holds
from thrive_points.core.event import Outcome
from thrive_points.core.rule import Tier
from thrive_points.core.streaks import Streak, Unit
from thrive_points.models import PointsHistory
from thrive_points.rules import current
from thrive_points.rules.registry import POINT_RULES, STREAKS
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService
from thrive_points.whatif import simulate

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MARKS = ("week_streak", "month_streak", "feedback_week_goal", "circle_month_goal")


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def event(user, activity, key, at):
    return {
        "user": user,
        "activity_type": activity,
        "metadata": {"event_key": key},
        "occurred_at": at,
    }


def login(user, day, key=""):
    return event(user, "daily_login", f"login:{day}{key}", MONDAY + timedelta(days=day))


def deliver(events, batches=False):
    if batches:
        return [*PointsService.award_many(events)]
    return [PointsService.award_points(**one) for one in events]


def marks(user):
    """Return the streaks and goals that a member was paid: (activity, day, points), by day."""
    rows = PointsHistory.objects.filter(user=user, activity_type__in=MARKS, points__gt=0)
    return sorted(rows.values_list("activity_type", "day", "points"))


def paid_for_streaks(user):
    return sum(points for _, _, points in marks(user))


def runs_of(days):
    """Return how many active days each run of a login streak has; one missed day is forgiven."""
    counts = []
    last = None
    for day in sorted(set(days)):
        if last is not None and day - last <= 2:
            counts[-1] += 1
        else:
            counts.append(1)
        last = day
    return counts


def replay_gives_the_ledger():
    first, last = date(2026, 1, 1), NOW.date()
    assert simulate({}, first, last).reproduces


# Streaks


def test_a_late_day_between_two_runs_that_were_paid_pays_nothing_twice(make_user):
    days = [*range(7), *range(9, 16), 7]
    in_order, late = make_user(), make_user()
    deliver(login(in_order, day) for day in sorted(days))
    deliver(login(late, day) for day in days)
    assert paid_for_streaks(late) == paid_for_streaks(in_order) == 50
    assert_books_agree()


@pytest.mark.parametrize("batches", [False, True])
def test_a_month_of_logins_in_any_order_pays_the_same(make_user, rng, batches):
    orders = [list(range(30)), list(range(29, -1, -1))]
    orders += [rng.sample(range(30), 30) for _ in range(6)]
    for order in orders:
        user = make_user()
        deliver([login(user, day) for day in order], batches)
        assert paid_for_streaks(user) == 200, order
    assert_books_agree()
    replay_gives_the_ledger()


def test_late_logins_earn_the_streaks_of_an_older_run(make_user):
    user = make_user()
    deliver([login(user, 20), *(login(user, day) for day in range(14))])
    assert [name for name, *_ in marks(user)] == ["week_streak", "week_streak"]
    assert user.thrive_profile.streaks["login"][2] == 1
    assert_books_agree()


@given(
    st.lists(st.integers(0, 70), unique=True, max_size=50),
    st.lists(st.booleans(), min_size=50, max_size=50),
)
def test_marks_are_those_of_the_days_in_order(make_user, days, singly):
    user = make_user()
    waiting = []
    for day, alone in zip(days, singly, strict=False):
        waiting.append(login(user, day))
        if alone:
            deliver(waiting, batches=len(waiting) > 1)
            waiting = []
    deliver(waiting, batches=True)
    names = [name for name, *_ in marks(user)]
    counts = runs_of(days)
    assert names.count("week_streak") == sum(count // 7 for count in counts)
    assert names.count("month_streak") == sum(count // 30 for count in counts)
    assert_books_agree()
    if days:
        replay_gives_the_ledger()


@given(st.permutations(range(28)), st.booleans())
def test_a_chain_of_streaks_is_paid_in_any_order(make_user, settings, days, batches):
    chain = Streak(
        name="chain", activity="week_streak", unit=Unit.WEEK, pays=((2, "circle_month_goal"),)
    )
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "STREAKS": (STREAKS[0], chain)}
    user = make_user()
    deliver([login(user, day) for day in days], batches)
    names = [name for name, *_ in marks(user)]
    assert (names.count("week_streak"), names.count("circle_month_goal")) == (4, 2)
    assert_books_agree()


@given(st.permutations(range(7)), st.booleans())
def test_a_goal_is_paid_on_the_day_that_reaches_it_in_order(make_user, days, batches):
    user = make_user()
    given_ = days[:5]
    deliver(
        [event(user, "feedback_given", f"f:{d}", MONDAY + timedelta(days=d)) for d in given_],
        batches,
    )
    reached = (MONDAY + timedelta(days=max(given_))).date()
    assert marks(user) == [("feedback_week_goal", reached, 25)]


def test_a_mark_is_priced_by_the_rule_of_its_day_in_order(make_user):
    with time_machine.travel(MONDAY + timedelta(days=6, hours=11), tick=False) as clock:
        rule = replace(POINT_RULES["week_streak"], base_points=30)
        publish("week_streak", rule, reason="More.")
        current.forget()
        clock.move_to(NOW)
        days = [0, 1, 2, 3, 5, 6, *range(7, 14), 4]
        in_order, late = make_user(), make_user()
        deliver(login(in_order, day) for day in sorted(days))
        deliver(login(late, day) for day in days)
        assert paid_for_streaks(late) == paid_for_streaks(in_order)


# Streaks and reversals


def test_a_streak_whose_first_day_is_reversed_does_not_pay_again(make_user):
    user = make_user()
    deliver(login(user, day) for day in range(7))
    PointsService.reverse(user, "login:0", "not a visit")
    deliver(login(user, day) for day in range(7, 13))
    assert paid_for_streaks(user) == 25
    deliver([login(user, 13), login(user, 14)])
    assert paid_for_streaks(user) == 50
    assert_books_agree()
    replay_gives_the_ledger()


def test_marks_stay_unless_the_moderator_takes_them_back(make_user):
    one, other = make_user(), make_user()
    for user in (one, other):
        deliver(login(user, day) for day in range(7))
    kept = PointsService.reverse(one, "login:6", "not a visit")
    taken = PointsService.reverse(other, "login:6", "not a visit", with_marks=True)
    assert (kept.also_reversed, one.total_points) == ((), 30 + 25)
    assert [(also.activity_type, also.points_awarded) for also in taken.also_reversed] == [
        ("week_streak", -25)
    ]
    assert (taken.total_points, other.total_points) == (30, 30)
    deliver([login(other, 6, "again")])
    assert other.total_points == 35  # The mark was taken back: it is not paid again.
    assert_books_agree()
    replay_gives_the_ledger()


@given(st.lists(st.tuples(st.integers(0, 24), st.booleans()), max_size=70))
def test_no_mark_is_paid_twice_whatever_is_reversed(make_user, steps):
    user = make_user()
    standing, ever = {}, set()
    for number, (day, takes) in enumerate(steps):
        if takes and day in standing:
            PointsService.reverse(user, standing.pop(day), "a test")
        elif not takes and day not in standing:
            one = login(user, day, f":{number}")
            standing[day] = one["metadata"]["event_key"]
            ever.add(day)
            deliver([one])
    paid = [name for name, *_ in marks(user)]
    assert paid.count("week_streak") <= len(ever) // 7
    assert_books_agree()
    if steps and ever:
        replay_gives_the_ledger()


# Cooldowns


QUIZ = POINT_RULES["quiz_completed"]
SPACED = replace(QUIZ, max_per_day=None, cooldown=HOUR)


@given(
    st.lists(st.integers(0, 600), max_size=30),
    st.booleans(),
    st.sampled_from([MONDAY, MONDAY + timedelta(days=6, hours=9), MONDAY + timedelta(hours=9)]),
)
def test_paid_events_of_a_rule_with_a_cooldown_keep_their_distance(
    make_user, settings, minutes, batches, start
):
    """Around midnight, and around the end of a week, too."""
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": {"quiz": SPACED}, **NO_MARKS}
    user = make_user()
    asked = [
        event(user, "quiz", f"q:{number}", start + timedelta(minutes=minute))
        for number, minute in enumerate(minutes)
    ]
    half = len(asked) // 2
    results = deliver(asked[:half]) + deliver(asked[half:], batches)
    paid = []
    for one, result in zip(asked, results, strict=True):
        at = one["occurred_at"]
        expected = all(abs(at - other) >= HOUR for other in paid)
        assert (result.outcome is Outcome.AWARDED) == expected
        if expected:
            paid.append(at)
    assert all(later - earlier >= HOUR for earlier, later in pairwise(sorted(paid)))
    assert_books_agree()
    if asked:
        replay_gives_the_ledger()


def test_a_cooldown_that_a_rule_was_given_later_looks_at_what_was_paid_before(make_user):
    user = make_user()
    with time_machine.travel(MONDAY, tick=False) as clock:
        deliver([event(user, "quiz_completed", "before", MONDAY)])
        publish("quiz_completed", SPACED, reason="Too many.")
        current.forget()
        clock.shift(2 * HOUR)
        late = event(user, "quiz_completed", "late", MONDAY + HOUR * 2 - timedelta(minutes=5))
        deliver([event(user, "quiz_completed", "now", MONDAY + HOUR * 2)])
        assert deliver([late])[0].outcome is Outcome.COOLING_DOWN


# Promotion


NO_MARKS = {"STREAKS": (), "GOALS": ()}
ROOMS = {
    "three": replace(QUIZ, max_per_day=3),
    "tiers": replace(QUIZ, max_per_day=3, over_cap=(Tier(2, 50),)),
    "points": replace(QUIZ, max_per_day=None, max_points_per_day=50),
    "week": replace(QUIZ, max_per_day=2, max_per_week=3),
}


@pytest.fixture
def rooms(settings):
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": ROOMS, **NO_MARKS}


def share(user, number, activity="project_shared", day=0):
    at = MONDAY + timedelta(days=day, minutes=number)
    return event(user, activity, f"{activity}:{day}:{number}", at)


def story(user):
    """Return a member's entries: (number, outcome, points, cause)."""
    rows = PointsHistory.objects.filter(user=user).order_by("number")
    return list(rows.values_list("number", "outcome", "points", "cause"))


def test_a_reversal_pays_the_event_that_a_cap_had_refused(user):
    deliver(share(user, number) for number in range(4))
    result = PointsService.reverse(user, "project_shared:0:0", "not a share")
    assert user.total_points == 45
    (also,) = result.also_earned
    assert (also.outcome, also.points_awarded, also.total_points) == (Outcome.PROMOTED, 15, 45)
    assert also.explanation == (
        "15 more for sharing a project: an earlier award was taken back and left room."
    )
    assert story(user)[3:] == [
        (4, "capped", 0, None),
        (5, "reversed", -15, None),
        (6, "promoted", 15, 5),
    ]
    entry = PointsHistory.objects.get(user=user, number=6)
    assert (entry.metadata, entry.awards, entry.day) == ({"promotes": 4}, 1, MONDAY.date())
    assert entry.arithmetic == [["base", 15, None], ["today", 3, 3], ["final", 15, None]]
    again = deliver([share(user, 3)])
    assert again[0].outcome is Outcome.DUPLICATE
    assert_books_agree()
    replay_gives_the_ledger()


def test_reversing_a_promoted_event_takes_its_promotion_too(user):
    deliver(share(user, number) for number in range(5))
    PointsService.reverse(user, "project_shared:0:0", "not a share")
    result = PointsService.reverse(user, "project_shared:0:3", "nor this")
    assert [also.points_awarded for also in result.also_reversed] == [-15]
    # The fifth was waiting behind it.
    assert [also.points_awarded for also in result.also_earned] == [15]
    assert (result.points_awarded, result.total_points, user.total_points) == (0, 45, 45)
    assert_books_agree()
    replay_gives_the_ledger()


def test_a_moderator_may_leave_the_room_empty(user):
    deliver(share(user, number) for number in range(4))
    result = PointsService.reverse(user, "project_shared:0:0", "a farm", free_room=False)
    assert (result.also_earned, user.total_points) == ((), 30)
    assert_books_agree()
    replay_gives_the_ledger()


def test_a_promotion_that_was_taken_back_is_not_paid_again(user):
    deliver(share(user, number) for number in range(4))
    PointsService.reverse(user, "project_shared:0:0", "not a share")
    promotion = PointsHistory.objects.get(user=user, outcome="promoted")
    PointsService.reverse(user, promotion.event_key, "a mistake")
    assert user.total_points == 30
    assert_books_agree()
    replay_gives_the_ledger()


def test_several_reversals_give_their_room_once(user):
    deliver(share(user, number) for number in range(8))
    keys = [f"project_shared:0:{number}" for number in (0, 1, 3)]
    results = PointsService.reverse_many(user, keys, "not shares")
    assert [len(result.also_earned) for result in results] == [0, 0, 2]
    assert user.total_points == 45
    again = PointsService.reverse_many(user, [*keys, "project_shared:0:2"], "nor this")
    assert [result.outcome.value for result in again] == ["duplicate"] * 3 + ["reversed"]
    assert user.total_points == 45
    assert_books_agree()
    replay_gives_the_ledger()


def test_a_promoted_login_moves_its_streak(user):
    days = [0, 1, 2, 3, 4, 5, 6]
    deliver([login(user, 3, ":first"), *(login(user, day) for day in days)])
    assert paid_for_streaks(user) == 25
    PointsService.reverse(user, "login:3:first", "not a visit")
    assert (user.total_points, user.thrive_profile.streaks["login"][2]) == (7 * 5 + 25, 7)
    assert_books_agree()
    replay_gives_the_ledger()


def test_at_most_twenty_are_promoted(user, settings):
    rule = replace(QUIZ, max_per_day=None, max_points_per_day=1_000, base_points=1_000)
    small = replace(QUIZ, base_points=1, max_per_day=None, max_points_per_day=1_000)
    with time_machine.travel(MONDAY, tick=False) as clock:
        settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": {"a": rule}, **NO_MARKS}
        deliver([event(user, "a", "big", MONDAY)])
        publish("a", replace(small, exception="a test"), reason="Less.")
        current.forget()
        clock.shift(HOUR)
        deliver(event(user, "a", f"n:{n}", MONDAY + HOUR) for n in range(25))
    result = PointsService.reverse(user, "big", "a mistake")
    assert (len(result.also_earned), user.total_points) == (20, 20)
    assert_books_agree()


def points_of(activity, standing):
    """Return what a day gives in which so many events were not taken back, in closed form."""
    match activity:
        case "three":
            return 20 * min(standing, 3)
        case "tiers":
            return 20 * min(standing, 3) + 10 * min(max(standing - 3, 0), 2)
        case "points":
            return min(20 * standing, 50)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("award"), st.integers(0, 11), st.integers(0, 2)),
            st.tuples(st.just("reverse"), st.integers(0, 40), st.integers(1, 3)),
        ),
        max_size=40,
    ),
    st.sampled_from(["three", "tiers", "points"]),
)
def test_no_event_stays_unpaid_for_which_there_is_room(make_user, rooms, steps, activity):
    user = make_user()
    days = {0: [], 1: [], 2: []}
    for kind, which, other in steps:
        if kind == "award":
            one = share(user, which, activity, other)
            if deliver([one])[0].outcome is not Outcome.DUPLICATE:
                days[other].append(one["metadata"]["event_key"])
        else:
            standing = [key for keys in days.values() for key in keys]
            keys = [standing[(which + n) % len(standing)] for n in range(other) if standing]
            if keys:
                PointsService.reverse_many(user, keys, "a test")
            days = {day: [key for key in keys_ if key not in keys] for day, keys_ in days.items()}
        expected = sum(points_of(activity, len(keys)) for keys in days.values())
        assert user.total_points == expected
    assert_law_holds(user)
    assert_books_agree()
    if any(kind == "award" for kind, *_ in steps):
        replay_gives_the_ledger()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 7), st.booleans()), max_size=30))
def test_a_week_is_filled_up_too(make_user, rooms, steps):
    """Two a day and three a week: a refused event is left only where its day or week is full."""
    user = make_user()
    standing = {}
    for day, number, takes in steps:
        one = share(user, number, "week", day)
        key = one["metadata"]["event_key"]
        if takes and key in standing:
            PointsService.reverse(user, key, "a test")
            del standing[key]
        elif not takes and deliver([one])[0].outcome is not Outcome.DUPLICATE:
            standing[key] = day
    paid = dict.fromkeys(standing, 0)
    numbers = {}
    for number, key, points, reverses, metadata in PointsHistory.objects.filter(
        user=user
    ).values_list("number", "event_key", "points", "reverses", "metadata"):
        owner = numbers.get(metadata.get("promotes"), numbers.get(reverses, key))
        numbers[number] = owner
        if owner in paid:
            paid[owner] += points
    assert sum(paid.values()) == user.total_points
    held = [standing[key] for key, points in paid.items() if points]
    assert len(held) <= 3
    for key, points in paid.items():
        assert held.count(standing[key]) <= 2
        if not points:
            assert len(held) == 3 or held.count(standing[key]) == 2
    assert_books_agree()
