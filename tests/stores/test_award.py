"""Worked examples of the design, end to end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from tests.stores.books import assert_books_agree, entries, sums
from thrive_points.core.activities import ActivityType
from thrive_points.core.event import Outcome
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile, XPEvent
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService
from thrive_points.signals import points_recorded

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def award(user, activity, key, **metadata):
    return PointsService.award_points(user, activity, {"event_key": key, **metadata})


def test_the_example_of_the_interface(user):
    result = PointsService.award_points(
        user=user,
        activity_type=ActivityType.QUIZ_COMPLETED,
        metadata={"quiz_id": 7, "score": 80, "event_key": "quiz_attempt:7"},
        occurred_at=None,
    )
    assert (result.points_awarded, result.capped, result.outcome) == (20, False, Outcome.AWARDED)
    assert result.as_dict()["points_awarded"] == 20
    assert result.as_dict()["capped"] is False
    assert result.explanation == "20 for a completed quiz; 1 of 10 today."
    assert (user.total_points, user.level) == (20, 1)

    entry = PointsHistory.objects.get()
    assert entry.metadata == {"quiz_id": 7, "score": 80}
    assert (entry.event_key, entry.day) == ("quiz_attempt:7", WEDNESDAY.date())
    assert entry.occurred_at == entry.recorded_at == WEDNESDAY
    assert entry.arithmetic == [["base", 20, None], ["today", 1, 10], ["final", 20, None]]
    assert entry.explanation == result.explanation
    assert entry.rule_revision.startswith("code:")
    event = XPEvent.objects.get()
    assert (event.amount, event.source) == (20, "quiz_completed")
    assert event.description == "a completed quiz"


def test_every_activity_type_earns_its_base_by_its_plain_name(make_user):
    for name, rule in POINT_RULES.items():
        member = make_user()
        result = award(member, name, "k:1")
        assert (result.outcome, result.points_awarded) == (Outcome.AWARDED, rule.base_points), name
    assert_books_agree()


def test_the_eleventh_quiz_of_a_day_is_capped_and_the_next_day_is_free(user):
    outcomes = [award(user, "quiz_completed", f"q:{n}").outcome for n in range(11)]
    assert outcomes == [Outcome.AWARDED] * 10 + [Outcome.CAPPED]
    assert award(user, "tutorial_completed", "t:1").outcome is Outcome.AWARDED
    with time_machine.travel(WEDNESDAY + timedelta(days=1), tick=False):
        assert award(user, "quiz_completed", "q:12").outcome is Outcome.AWARDED
    assert_books_agree()


def test_feedback_pays_five_in_full_five_by_half_and_then_nothing(user):
    results = [award(user, "feedback_given", f"f:{n}") for n in range(12)]
    assert [r.points_awarded for r in results] == [10] * 5 + [5] * 5 + [0] * 2
    assert [also.activity_type for also in results[4].also_earned] == ["feedback_week_goal"]
    assert [r.capped for r in results] == [False] * 5 + [True] * 7
    assert user.total_points == 75 + 25


def test_a_weekly_cap_resets_on_monday(user):
    outcomes = [award(user, "scavenger_hunt_completed", f"h:{n}").outcome for n in range(4)]
    assert outcomes == [Outcome.AWARDED] * 3 + [Outcome.CAPPED]
    with time_machine.travel(WEDNESDAY + timedelta(days=4, hours=11), tick=False):  # Sunday
        assert award(user, "scavenger_hunt_completed", "h:5").outcome is Outcome.CAPPED
    with time_machine.travel(WEDNESDAY + timedelta(days=5), tick=False):  # Monday
        assert award(user, "scavenger_hunt_completed", "h:6").outcome is Outcome.AWARDED


@pytest.mark.parametrize(("difficulty", "points"), [("easy", 10), ("medium", 20), ("hard", 30)])
def test_a_side_quest_pays_by_difficulty_and_a_quiz_whatever_its_score(user, difficulty, points):
    quest = award(user, "side_quest_completed", "s:1", difficulty=difficulty)
    assert quest.points_awarded == points
    assert award(user, "quiz_completed", "q:1", score=3).points_awarded == 20


def test_a_battle_pays_both_and_the_winner_on_top(make_user):
    winner, loser = make_user(), make_user()
    metadata = {"event_key": "battle:9"}
    results = PointsService.award_many(
        [
            {"user": winner, "activity_type": "battle_participated", "metadata": metadata},
            {"user": loser, "activity_type": "battle_participated", "metadata": metadata},
            {
                "user": winner,
                "activity_type": "battle_won",
                "metadata": {"event_key": "battle:9:won"},
            },
        ]
    )
    assert [r.points_awarded for r in results] == [25, 25, 20]
    assert (winner.total_points, loser.total_points) == (45, 25)
    assert_books_agree()


def test_a_redelivery_is_a_duplicate_and_a_shared_key_a_conflict(user):
    first = award(user, "quiz_completed", "attempt:1")
    again = award(user, "quiz_completed", "attempt:1")
    other = award(user, "tutorial_completed", "attempt:1")
    assert (again.outcome, again.points_awarded) == (Outcome.DUPLICATE, 0)
    assert (other.outcome, other.points_awarded) == (Outcome.CONFLICT, 0)
    assert again.number == other.number == first.number
    assert again.total_points == 20
    assert len(entries(user)) == 1


def test_a_capped_event_redelivered_tomorrow_stays_capped(user):
    award(user, "daily_login", "login:1")
    assert award(user, "daily_login", "login:2").outcome is Outcome.CAPPED
    with time_machine.travel(WEDNESDAY + timedelta(days=1), tick=False):
        assert award(user, "daily_login", "login:2").outcome is Outcome.DUPLICATE
    assert user.total_points == 5


def test_the_key_is_looked_up_before_any_rule(user, settings):
    award(user, "quiz_completed", "q:1")
    disabled = {**POINT_RULES}
    disabled["quiz_completed"] = _disabled(POINT_RULES["quiz_completed"])
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": disabled}
    assert award(user, "quiz_completed", "q:1").outcome is Outcome.DUPLICATE
    assert award(user, "quiz_completed", "q:2").outcome is Outcome.DISABLED
    assert award(user, "quiz_completed", "q:2").outcome is Outcome.DUPLICATE


def _disabled(rule):
    return replace(rule, enabled=False)


def test_events_without_a_key_are_recorded_and_each_counts(user):
    results = [PointsService.award_points(user, "battle_won") for _ in range(2)]
    assert [r.points_awarded for r in results] == [20, 20]
    assert results[0].event_key != results[1].event_key
    assert_books_agree()


def test_a_late_event_counts_in_its_own_day_and_week(user):
    award(user, "quiz_completed", "now")
    last_week = WEDNESDAY - timedelta(days=7)
    late = PointsService.award_points(
        user, "quiz_completed", {"event_key": "late"}, occurred_at=last_week
    )
    assert late.explanation == "20 for a completed quiz; 1 of 10 today."
    assert (user.total_points, user.thrive_profile.weekly_xp) == (40, 20)
    days = PointsDailyTotal.objects.filter(user=user).values_list("day", "awards")
    assert sorted(days) == [(last_week.date(), 1), (WEDNESDAY.date(), 1)]
    assert_books_agree()


def test_days_are_the_members_own(make_user):
    tonga, samoa = make_user("Pacific/Tongatapu"), make_user("Pacific/Pago_Pago")
    with time_machine.travel(datetime(2026, 3, 8, 23, 30, tzinfo=UTC), tick=False):
        for member in (tonga, samoa):
            award(member, "scavenger_hunt_completed", "h")
        days = [PointsHistory.objects.get(user=member).day.isoformat() for member in (tonga, samoa)]
        assert days == ["2026-03-09", "2026-03-08"]
        assert [str(m.thrive_profile.week) for m in (tonga, samoa)] == ["2026-03-09", "2026-03-02"]


def test_weekly_xp_reads_zero_when_the_week_is_over_without_any_job(user):
    award(user, "quiz_completed", "q:1")
    assert UserThriveProfile.objects.get().weekly_xp == 20
    with time_machine.travel(WEDNESDAY + timedelta(days=5), tick=False):
        assert UserThriveProfile.objects.get().weekly_xp == 0
        award(user, "quiz_completed", "q:2")
        assert UserThriveProfile.objects.get().weekly_xp == 20
    assert_books_agree()


def test_an_award_joins_the_hosts_transaction(user):
    with transaction.atomic():
        assert award(user, "quiz_completed", "q:1").total_points == 20
        transaction.set_rollback(True)
    assert not PointsHistory.objects.exists()
    assert not XPEvent.objects.exists()
    assert award(user, "quiz_completed", "q:1").total_points == 20


def test_misuse_leaves_the_hosts_transaction_usable(user):
    from thrive_points.exceptions import PointsError

    with transaction.atomic():
        with pytest.raises(PointsError):
            award(user, "side_quest_completed", "s:1", difficulty="absurd")
        with pytest.raises(PointsError):
            PointsService.adjust(user, -5, "too much")
        assert award(user, "quiz_completed", "q:1").total_points == 20
    assert_books_agree()


def test_levels_rise_and_are_announced(user):
    results = [award(user, "weekly_challenge_completed", "w:1"), award(user, "battle_won", "b:1")]
    results.append(award(user, "quiz_completed", "q:1"))
    assert [r.level for r in results] == [1, 1, 2]
    assert [r.leveled_up for r in results] == [False, False, True]
    assert user.level == UserThriveProfile.objects.get().level == 2


def test_signals_are_sent_on_commit_and_a_failing_receiver_stops_nothing(
    user, django_capture_on_commit_callbacks
):
    heard = []

    def deaf(**kwargs):
        raise RuntimeError("a webhook that is down")

    def listen(user, result, **kwargs):
        heard.append((user.pk, result.activity_type))

    points_recorded.connect(deaf)
    points_recorded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            for n in range(5):
                award(user, "feedback_given", f"f:{n}")
            award(user, "feedback_given", "f:0")
            assert heard == []
    finally:
        points_recorded.disconnect(deaf)
        points_recorded.disconnect(listen)
    assert heard == [(user.pk, "feedback_given")] * 4 + [
        (user.pk, "feedback_week_goal"),
        (user.pk, "feedback_given"),
    ]


def test_another_object_of_the_same_user_reads_the_same_total(user):
    award(user, "quiz_completed", "q:1")
    fresh = type(user).objects.get(pk=user.pk)
    assert (fresh.total_points, fresh.level) == (20, 1)
    award(user, "quiz_completed", "q:2")
    assert user.total_points == 40
    fresh.refresh_from_db()
    assert fresh.total_points == 40
    assert set(sums(user).values()) == {40}


def test_a_level_lifted_by_a_streak_is_announced_too(user):
    for days in range(13, 0, -1):
        PointsService.award_points(
            user,
            "daily_login",
            {"event_key": f"d:{days}"},
            occurred_at=WEDNESDAY - timedelta(days=days),
        )
    last = award(user, "daily_login", "d:0")
    assert (last.points_awarded, last.also_earned[0].points_awarded) == (5, 25)
    assert (last.level, last.leveled_up) == (2, True)


def test_instants_of_one_zone_are_compared_as_instants(user, settings):
    """The clocks were set back: the same clock face an hour apart, in the same zone object."""
    quiz = replace(POINT_RULES["quiz_completed"], cooldown=timedelta(minutes=30))
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {**POINT_RULES, "quiz_completed": quiz},
    }
    first = datetime(2025, 10, 26, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    instants = [first, first.replace(fold=1)]
    results = PointsService.award_many(
        {
            "user": user,
            "activity_type": "quiz_completed",
            "metadata": {"event_key": f"q:{n}"},
            "occurred_at": instant,
        }
        for n, instant in enumerate(instants)
    )
    assert [r.outcome for r in results] == [Outcome.AWARDED, Outcome.AWARDED]
    kept = PointsHistory.objects.order_by("pk").values_list("occurred_at", flat=True)
    assert list(kept) == [instant.astimezone(UTC) for instant in instants]
    assert_books_agree()


def test_a_lazy_batch_may_stamp_its_events_while_it_is_read(user):
    with time_machine.travel(WEDNESDAY, tick=True):
        events = (
            {"user": user, "activity_type": "battle_won", "occurred_at": timezone.now()}
            for _ in range(3)
        )
        assert [r.points_awarded for r in PointsService.award_many(events)] == [20] * 3


def test_a_plain_database_setting_will_do(user, monkeypatch):
    """Django does not give an option that the host left out its default."""
    monkeypatch.delitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", raising=False)
    assert award(user, "quiz_completed", "q:1").points_awarded == 20


def test_now_is_the_default_instant(user):
    award(user, "quiz_completed", "q:1")
    assert PointsHistory.objects.get().occurred_at == timezone.now()
