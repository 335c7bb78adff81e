"""A host with 1,000 activity types of its own: one settings dict, no touch of the package."""

from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from timeit import repeat

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test.utils import override_settings

from tests.stores.books import assert_books_agree
from thrive_points.conf import points_settings
from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Modifier, Rule
from thrive_points.exceptions import UnknownActivityType
from thrive_points.models import PointsDailyTotal
from thrive_points.rules.current import rulebook
from thrive_points.rules.registry import POINT_RULES
from thrive_points.selectors import Bucket, activities, by_category
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
OwnActivity = StrEnum("OwnActivity", {f"LESSON_{n}": f"lesson_{n}" for n in range(1_000)})
CATEGORIES = list(Category)


def lesson(n):
    return Rule(
        label=f"lesson {n}",
        category=CATEGORIES[n % 6],
        base_points=10 + n % 20,
        max_per_day=2,
        effort=Effort.MEDIUM,
        impact=Impact.MEDIUM,
        frequency=Frequency.OFTEN,
        notes="Each lesson is like the others.",
    )


OWN_RULES = {activity: lesson(n) for n, activity in enumerate(OwnActivity)}


@pytest.fixture
def own_host(settings):
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": "tests.stores.test_own_rules.OWN_RULES",
        "STREAKS": (),
        "GOALS": (),
    }


def test_a_thousand_activity_types_are_awarded_capped_categorised_and_listed(own_host, user):
    event = {"user": user, "metadata": {}}
    results = PointsService.award_many(
        [{**event, "activity_type": activity} for activity in OwnActivity for _ in range(3)]
    )
    assert [r.outcome for r in results[:3]] == [Outcome.AWARDED, Outcome.AWARDED, Outcome.CAPPED]
    assert sum(r.points_awarded for r in results) == sum(2 * (10 + n % 20) for n in range(1_000))
    listed = activities(user)
    assert [status.activity_type for status in listed] == [*OwnActivity]
    assert not any(status.available for status in listed)
    day = PointsDailyTotal.objects.filter(user=user).latest("day").day
    report = by_category(user, day, day, Bucket.DAY)
    assert sum(report.totals.values()) == user.total_points
    assert all(report.totals[category] > 0 for category in Category)
    assert_books_agree()


def test_the_shipped_activities_are_gone_then(own_host, user):
    with pytest.raises(UnknownActivityType, match="1000 are known"):
        PointsService.award_points(user, "quiz_completed")
    assert [error.id for error in run_checks()] == []


def test_one_more_rule_is_all_a_new_activity_takes(settings, user):
    podcast = {**POINT_RULES, "podcast_published": lesson(1)}
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": podcast}
    result = PointsService.award_points(user, "podcast_published", {"event_key": "p:1"})
    assert result.explanation == "11 for lesson 1; 1 of 2 today."
    status = next(s for s in activities(user) if s.activity_type == "podcast_published")
    assert (status.left_today, status.category) == (1, Category.LEARNING)


def test_activities_list_rules_whose_modifier_needs_metadata(settings, user):
    by_minutes = Modifier(
        name="minutes",
        factor=lambda metadata: Fraction(metadata["minutes"], 10),
        lowest=Fraction(1, 2),
        highest=Fraction(2),
    )
    rules = {"episode_heard": replace(lesson(0), modifiers=(by_minutes,))}
    settings.THRIVE_POINTS = {"RULES": rules, "STREAKS": (), "GOALS": ()}
    (status,) = activities(user)
    assert (status.lowest, status.highest, status.next_points) == (5, 20, 20)


def test_a_lookup_takes_microseconds_and_no_query(own_host, user, django_assert_num_queries):
    from django.utils import timezone

    now = timezone.now()
    rulebook()
    with django_assert_num_queries(0):
        for activity in OwnActivity:
            rulebook().resolve(rulebook().name_of(activity), now, user.pk)
    seconds = min(
        repeat(
            lambda: rulebook().resolve(rulebook().name_of("lesson_999"), now, user.pk),
            number=1_000,
            repeat=5,
        )
    )
    assert seconds / 1_000 < 100e-6  # A few microseconds; the bound forgives a busy machine.


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"RULE": {}}, r"unknown keys \['RULE'\]; allowed are"),
        ({"RULES": "nowhere.RULES"}, "'nowhere.RULES', which cannot be imported"),
        ({"RULES": [1]}, "gives a list; a mapping"),
        ({"STORE": "portable"}, r"unknown keys \['STORE'\]; allowed are"),
        ({"USER_ZONE": 7}, "must be a function"),
        ({"ZONE_CHANGE_DAYS": -1}, "is -1; a whole number of days"),
        ({"ACTIVITY_URL": "django.VERSION"}, "must be a function"),
    ],
)
def test_a_wrong_setting_says_what_is_allowed(given, message):
    with override_settings(THRIVE_POINTS=given):
        with pytest.raises(ImproperlyConfigured, match=message):
            points_settings()
        assert "thrive_points.E001" in [error.id for error in run_checks()]


def test_a_milestone_without_a_rule_fails_the_check():
    with override_settings(THRIVE_POINTS={"RULES": {}}):
        errors = [error for error in run_checks() if error.id == "thrive_points.E002"]
    assert any("'daily_login', which has no rule" in error.msg for error in errors)


def test_a_site_without_time_zones_fails_the_check():
    with override_settings(USE_TZ=False):
        assert "thrive_points.E003" in [error.id for error in run_checks()]
