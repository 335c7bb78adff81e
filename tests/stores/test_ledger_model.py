"""The whole service against a model that keeps a list and looks through all of it each time.

Room that a reversal leaves stays empty here; test_order.py has what is paid with it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.books import assert_books_agree, assert_law_holds, sums
from thrive_points.core.periods import week_of
from thrive_points.core.rule import Tier
from thrive_points.exceptions import InvalidCorrection
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)
QUIZ = POINT_RULES["quiz_completed"]
RULES = {
    "full": replace(QUIZ, max_per_day=2, max_per_week=3),
    "less": replace(QUIZ, max_per_day=1, over_cap=(Tier(1, 50), Tier(1, 10))),
    "part": replace(QUIZ, max_per_day=None, max_points_per_day=50, max_points_per_week=70),
}


@dataclass
class Model:
    """A ledger as plain as can be."""

    entries: list = field(default_factory=list)

    def award(self, activity, key, day):
        if known := [e for e in self.entries if e["key"] == key]:
            same = known[0]["activity"] == activity and known[0]["day"] == day
            return ("duplicate" if same else "conflict"), 0
        rule = RULES[activity]
        paid = [e for e in self.entries if e["activity"] == activity and e["paid"]]
        today = [e for e in paid if e["day"] == day]
        week = [e for e in paid if week_of(e["day"]) == week_of(day)]
        points = 20
        for cap, had in ((rule.max_per_day, today), (rule.max_per_week, week)):
            if cap is not None and len(had) >= cap:
                tiers = [t.percent for t in rule.over_cap for _ in range(t.awards)]
                over = len(had) - cap
                points = min(points, 20 * tiers[over] // 100 if over < len(tiers) else 0)
        for cap, had in ((rule.max_points_per_day, today), (rule.max_points_per_week, week)):
            if cap is not None:
                points = max(0, min(points, cap - sum(e["points"] for e in had)))
        self._add(activity, key, day, points, paid=points > 0)
        return ("awarded" if points == 20 else "reduced" if points else "capped"), points

    def reverse(self, key):
        found = [e for e in self.entries if e["key"] == key]
        if not found:
            return "misuse", 0
        if found[0].get("reversed"):
            return "duplicate", 0
        entry = found[0]
        entry |= {"reversed": True, "paid": False}
        self._add(entry["activity"], None, entry["day"], -entry["points"], paid=False)
        return "reversed", -entry["points"]

    def adjust(self, points, day):
        if points < 0 and self.total + points < 0:
            return "misuse", 0
        self._add("adjustment", None, day, points, paid=False)
        return "adjusted", points

    @property
    def total(self):
        return sum(e["points"] for e in self.entries)

    def _add(self, activity, key, day, points, *, paid):
        self.entries.append(
            {"activity": activity, "key": key, "day": day, "points": points, "paid": paid}
        )

    def batch(self, awards):
        return [self.award(activity, key, _day(ago)) for activity, key, ago in awards]

    def reverse_many(self, keys):
        if {*keys} - {e["key"] for e in self.entries}:
            return ["misuse"]
        return [self.reverse(key) for key in keys]


def steps_of(activities):
    """Return what may be done to a member, in the activities given."""
    keys = st.integers(0, 12).map("event:{}".format)
    awards = st.tuples(st.sampled_from(sorted(activities)), keys, st.integers(0, 9))
    return st.one_of(
        st.tuples(st.just("award"), awards),
        st.tuples(st.just("batch"), st.lists(awards, max_size=8)),
        st.tuples(st.just("reverse"), keys),
        st.tuples(st.just("reverse_many"), st.lists(keys, max_size=3)),
        st.tuples(st.just("adjust"), st.sampled_from([-30, -1, 5, 60])),
    )


@given(st.lists(steps_of(RULES), max_size=30))
def test_the_service_agrees_with_the_model(make_user, settings, taken):
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": RULES,
        "STREAKS": (),
        "GOALS": (),
    }
    user, model = make_user(), Model()
    with time_machine.travel(NOW, tick=False):
        for kind, given_ in taken:
            assert _real(user, kind, given_) == _told(model, kind, given_), (kind, given_)
            assert user.total_points == model.total
    assert_law_holds(user)
    assert_books_agree()


@given(st.lists(st.tuples(st.integers(0, 1), steps_of(POINT_RULES)), max_size=40))
def test_books_and_numbers_hold_whatever_happens(make_user, taken):
    """Of the rules that ship, with streaks and goals, and two members in any mixture."""
    users = make_user(), make_user("Pacific/Auckland")
    with time_machine.travel(NOW, tick=False):
        for who, (kind, given_) in taken:
            _real(users[who], kind, given_)
    for user in users:
        assert_law_holds(user)
        assert {user.total_points} == {*sums(user).values()}
    assert_books_agree()


def _real(user, kind, given_):
    try:
        match kind:
            case "award":
                return _answer(PointsService.award_points(**_event(user, *given_)))
            case "batch":
                events = [_event(user, *award) for award in given_]
                return [*map(_answer, PointsService.award_many(events))]
            case "reverse":
                return _answer(PointsService.reverse(user, given_, "a test", free_room=False))
            case "reverse_many":
                back = PointsService.reverse_many(user, given_, "a test", free_room=False)
                return [*map(_answer, back)]
            case "adjust":
                return _answer(PointsService.adjust(user, given_, "a test"))
    except InvalidCorrection:
        return ["misuse"] if kind == "reverse_many" else ("misuse", 0)


def _event(user, activity, key, ago):
    return {
        "user": user,
        "activity_type": activity,
        "metadata": {"event_key": key, "difficulty": "easy"},
        "occurred_at": NOW - timedelta(days=ago),
    }


def _answer(result):
    return result.outcome.value, result.points_awarded


def _day(ago):
    return (NOW - timedelta(days=ago)).date()


def _told(model, kind, given_):
    match kind:
        case "award":
            activity, key, ago = given_
            return model.award(activity, key, _day(ago))
        case "adjust":
            return model.adjust(given_, NOW.date())
        case _:
            return getattr(model, kind)(given_)
