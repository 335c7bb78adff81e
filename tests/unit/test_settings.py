"""Every setting that cannot work is said by the checks, in words, and nothing else fails."""

import pytest
from django.core.checks import run_checks
from django.utils.translation import gettext_lazy

from thrive_points import Category, Effort, Frequency, Impact, Rule
from thrive_points.conf import DEFAULTS, points_settings

QUIZ = {
    "category": Category.LEARNING,
    "base_points": 20,
    "max_per_day": 1,
    "effort": Effort.MEDIUM,
    "impact": Impact.MEDIUM,
    "frequency": Frequency.OFTEN,
    "notes": "A test's.",
}
WRONG = [
    (None, "THRIVE_POINTS is None"),
    ([], "a dict is needed"),
    ("RULES", "a dict is needed"),
    ({"RULE": {}}, "unknown keys ['RULE']"),
    ({1: 2}, "unknown keys [1]"),
    ({"RULES": None}, "a mapping of activity type to Rule"),
    ({"RULES": {"x": {}}}, "'x': {}; the name of an activity type and a Rule"),
    ({"RULES": {7: Rule(label="a quiz", **QUIZ)}}, "has 7"),
    ({"RULES": "nowhere.RULES"}, "cannot be imported"),
    ({"RULES": "nothing"}, "cannot be imported"),
    ({"RULES": "."}, "cannot be imported"),
    ({"STREAKS": 5}, "a sequence of Streak"),
    ({"STREAKS": ["week"]}, "a sequence of Streak"),
    ({"GOALS": 5}, "a sequence of Goal"),
    ({"GOALS": "thrive_points.rules.registry.STREAKS"}, "a sequence of Goal"),
    ({"LEVELS": (0, 100)}, "Levels are needed"),
    ({"ELIGIBLE": None}, "must be a function of the user"),
    ({"ELIGIBLE": True}, "must be a function of the user"),
    ({"USER_ZONE": 3}, "must be a function of the user"),
    ({"USER_ZONE": ""}, "cannot be imported"),
    ({"ACTIVITY_URL": {}}, "must be a function of the activity type"),
    ({"RULES_REFRESH_SECONDS": "soon"}, "a number of seconds"),
    ({"RULES_REFRESH_SECONDS": -1}, "a number of seconds"),
    ({"RULES_REFRESH_SECONDS": None}, "a number of seconds"),
    ({"RULES_REFRESH_SECONDS": True}, "a number of seconds"),
    ({"RULES_REFRESH_SECONDS": float("nan")}, "a number of seconds"),
    ({"ZONE_CHANGE_DAYS": 1.5}, "a whole number of days"),
    ({"ZONE_CHANGE_DAYS": True}, "a whole number of days"),
    ({"RENAMED": ["quiz"]}, "a mapping of an old name to the new one"),
    ({"SCOPE": 3}, "must be a function of the connection"),
    ({"MEMBER": 3}, "must be a function of what a service calls a member by"),
    ({"WEBHOOK_NETWORKS": 7}, "a list of networks"),
    ({"WEBHOOK_NETWORKS": ["here"]}, "a list of networks"),
    ({"ACTIVE_MEMBERS": 3}, "must be a function of two instants"),
    ({"OPEN_ACTIVITIES": 3}, "must be a function of the user"),
]


@pytest.mark.parametrize(("given", "said"), WRONG)
def test_a_wrong_setting_is_said(settings, given, said):
    settings.THRIVE_POINTS = given
    found = [error for error in run_checks() if error.id.startswith("thrive_points")]
    assert [error.id for error in found] == ["thrive_points.E001"]
    assert said in found[0].msg


def test_a_translated_label_is_said(settings):
    rule = Rule(label=gettext_lazy("a quiz"), **QUIZ)
    settings.THRIVE_POINTS = {"RULES": {"quiz": rule}, "STREAKS": (), "GOALS": ()}
    assert "plain text is needed" in str(run_checks())


def test_each_setting_has_a_wrong_value_above():
    tried = {key for given, _ in WRONG if isinstance(given, dict) for key in given}
    assert set(DEFAULTS) <= tried


def test_the_defaults_are_right(settings):
    settings.THRIVE_POINTS = {}
    assert points_settings().levels.level_of(100) == 2
    assert not [error for error in run_checks() if error.id == "thrive_points.E001"]
