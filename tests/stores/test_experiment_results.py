"""Do more points bring people back? What results say of experiments whose truth is planted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from allthrive.accounts.models import User
from thrive_points.models import RuleExperiment
from thrive_points.review.experiments import (
    Conclusion,
    Results,
    arm_of,
    measures_by_arm,
    notes_on,
    results_of,
)
from thrive_points.rules import current
from thrive_points.rules.current import rulebook
from thrive_points.rules.experiments import Arm, start, stop
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
DAY = timedelta(days=1)
STARTS = datetime(2026, 3, 4, tzinfo=UTC)
DAYS = 7
MEMBERS = 160


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def begin(**changes: Any) -> RuleExperiment:
    arms = [
        Arm(name="a", share=50, rule=RULE),
        Arm(name="b", share=50, rule=replace(RULE, base_points=30)),
    ]
    given: dict[str, Any] = {
        "name": "Longer",
        "reason": "Do more points bring people back?",
        "starts_at": STARTS,
        "ends_at": STARTS + DAYS * DAY,
        **changes,
    }
    with time_machine.travel(STARTS - 2 * DAY, tick=False):
        return start(QUIZ, given.pop("arms", arms), **given)


def event(who: User, when: datetime, **facts: Any) -> dict[str, Any]:
    return {"user": who, "activity_type": QUIZ, "metadata": facts, "occurred_at": when}


def community(count: int = MEMBERS) -> list[User]:
    """Return members who all had an award in the week before the experiment."""
    people = [User.objects.create(username=f"member{n}") for n in range(count)]
    with time_machine.travel(STARTS - DAY, tick=False):
        PointsService.award_many(
            [event(who, STARTS - (1 + n % 7) * DAY - 2 * DAY) for n, who in enumerate(people)]
        )
    return people


def live(people: Iterable[User], deeds: Callable[[User, int], int]) -> None:
    """Award what each member does on each day."""
    with time_machine.travel(STARTS + (DAYS + 1) * DAY, tick=False):
        PointsService.award_many(
            [
                event(who, STARTS + day * DAY + timedelta(hours=8 + n))
                for who in people
                for day in range(DAYS)
                for n in range(deeds(who, day))
            ]
        )


def seen(experiment: RuleExperiment, after: int = DAYS + 1) -> Results:
    """Return the results as they are so many days after the start."""
    with time_machine.travel(STARTS + after * DAY + timedelta(hours=1), tick=False):
        return results_of(RuleExperiment.objects.get(pk=experiment.pk))


def test_an_arm_that_drives_members_away_is_worse_whatever_the_rest_earn() -> None:
    experiment, people = begin(), community()
    stay = {who.pk for n, who in enumerate(people) if n % 10 == 0}

    def deeds(who: User, day: int) -> int:
        if arm_of(experiment, who.pk) == "a":
            return 1 if (who.pk + day) % 3 else 0
        return 6 if who.pk in stay else 0

    live(people, deeds)
    a, b = seen(experiment).arms
    assert a.members + b.members == MEMBERS
    assert b.own_points / b.own_members > a.own_points / a.own_members
    assert b.conclusion is Conclusion.WORSE
    assert "its members come back less" in b.conclusion_in_words
    days = b.differences["active_days"].daily
    assert days is not None
    assert days.high < 0
    took_part = b.differences["participation"].daily
    assert took_part is not None
    assert took_part.high < 0


def test_an_arm_that_brings_members_back_is_better() -> None:
    experiment, people = begin(), community()
    live(
        people,
        lambda who, day: (who.pk + day) % (2 if arm_of(experiment, who.pk) == "b" else 4) == 0,
    )
    results = seen(experiment)
    a, b = results.arms
    assert b.conclusion is Conclusion.BETTER
    assert a.conclusion is None
    assert (a.differences, b.share) == ({}, 50)
    assert results.split is not None
    assert results.split > 0.001
    assert results.not_computed == ()


def test_arms_that_do_not_differ_are_told_so_once_it_is_over_and_not_before() -> None:
    experiment, people = begin(), community()
    live(people, lambda who, day: (who.pk * 7 + day * 3) % 5 < 2)
    assert seen(experiment, after=4).arms[1].conclusion is Conclusion.TOO_EARLY
    results = seen(experiment)
    assert results.arms[1].conclusion is Conclusion.NO_DIFFERENCE
    assert (results.look, results.looks) == (DAYS, DAYS)
    assert (results.since, results.until) == (STARTS.date(), (STARTS + 6 * DAY).date())


def test_a_look_before_the_end_asks_for_more_than_the_last() -> None:
    experiment, people = begin(), community(60)
    live(people, lambda who, day: who.pk % 5 > day)
    early, last = seen(experiment, after=DAYS - 1).arms[1], seen(experiment).arms[1]
    for arm in (early, last):
        found = arm.differences["active_days"]
        assert found.once is not None
        assert found.daily is not None
        assert found.daily.low < found.once.low < found.once.high < found.daily.high


def test_only_whole_days_count_and_today_is_none() -> None:
    experiment, people = begin(starts_at=STARTS + timedelta(hours=6)), community(40)
    live(people, lambda who, day: 1)
    results = seen(experiment, after=4)
    assert (results.since, results.until) == ((STARTS + DAY).date(), (STARTS + 3 * DAY).date())
    assert [arm.active_days for arm in results.arms] == [3, 3]


def test_what_was_taken_back_is_no_deed() -> None:
    experiment, people = begin(), community(40)
    who = next(who for who in people if arm_of(experiment, who.pk) == "a")
    with time_machine.travel(STARTS + 2 * DAY, tick=False):
        PointsService.award_many([event(who, STARTS + DAY, event_key="wrong")])
    before = seen(experiment).arms[0]
    assert (before.own_members, before.own_awards, before.own_points) == (1, 1, 20)
    with time_machine.travel(STARTS + 3 * DAY, tick=False):
        PointsService.reverse(who, "wrong", reason="A test quiz.")
    after = seen(experiment).arms[0]
    assert (after.own_members, after.own_awards, after.own_points) == (0, 0, 0)
    assert after.active_days == 0


def test_what_a_cap_refused_is_counted_by_member() -> None:
    experiment, people = begin(), community(40)
    live(people, lambda who, day: 12 if day == 0 else 0)
    for arm in seen(experiment).arms:
        assert arm.refused is not None
        assert arm.refused.value == pytest.approx(2 / 12)
        assert arm.own_awards == 10 * arm.members


def test_newcomers_do_not_count_unless_the_site_says_they_were_active(settings: Any) -> None:
    experiment, people = begin(), community(20)
    newcomers = [User.objects.create(username=f"newcomer{n}") for n in range(20)]
    live(newcomers, lambda who, day: 1)
    assert sum(arm.members for arm in seen(experiment).arms) == len(people)
    asked: list[tuple[datetime, datetime]] = []

    def active(since: datetime, until: datetime) -> list[Any]:
        asked.append((since, until))
        return [who.pk for who in (*people[:10], *newcomers)]

    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "ACTIVE_MEMBERS": active}
    results = seen(experiment)
    assert sum(arm.members for arm in results.arms) == 30
    assert sum(arm.own_members for arm in results.arms) == 20
    assert asked == [(STARTS, STARTS + DAYS * DAY)]
    assert "active on the site" in results.counted


def test_a_lopsided_split_is_told_instead_of_a_winner(settings: Any) -> None:
    experiment, people = begin(), community(120)
    some = [
        who.pk for n, who in enumerate(people) if arm_of(experiment, who.pk) == "a" or n % 4 == 0
    ]
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "ACTIVE_MEMBERS": lambda since, until: some,
    }
    live(people, lambda who, day: arm_of(experiment, who.pk) == "b")
    b = seen(experiment).arms[1]
    assert b.conclusion is Conclusion.LOPSIDED
    assert b.conclusion_in_words.startswith("Lopsided")


def test_what_cannot_be_computed_is_said(settings: Any) -> None:
    experiment = begin()
    nobody = seen(experiment)
    assert nobody.split is None
    assert nobody.not_computed == (
        "Nobody is assigned who counts, so there is nothing to compare.",
    )
    assert all(arm.active_days is None and arm.refused is None for arm in nobody.arms)

    people = community(12)
    early = seen(experiment, after=0)
    assert (early.since, early.look) == (None, 0)
    assert "No whole day of it is over yet; the first is 2026-03-04." in early.not_computed

    only_a = [who.pk for who in people if arm_of(experiment, who.pk) == "a"]
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "ACTIVE_MEMBERS": lambda since, until: only_a[:3],
    }
    results = seen(experiment)
    assert "Arm b has no members who count, so it cannot be compared." in results.not_computed
    assert results.arms[1].conclusion is Conclusion.TOO_EARLY
    assert any("nothing is concluded" in note for note in notes_on(results))
    rows = {title: cells for title, *cells in measures_by_arm(results)}
    assert rows["active days per member"] == ["0.00", "-"]
    assert rows["conclusion"] == ["-", "too early"]


def test_a_stopped_experiment_counts_to_its_stop() -> None:
    experiment, people = begin(), community(60)
    live(people, lambda who, day: 1)
    with time_machine.travel(STARTS + 3 * DAY - timedelta(hours=1), tick=False):
        stop(experiment, reason="Enough seen.")
    results = seen(experiment, after=20)
    assert (results.look, results.looks) == (3, DAYS)
    assert [arm.active_days for arm in results.arms] == [3, 3]


def test_assignment_is_that_of_the_rules_in_force() -> None:
    experiment = begin()
    book = rulebook()
    for member in range(200):
        revision = book.resolve(QUIZ, STARTS + DAY, member).revision
        assert revision == f"x{experiment.pk}:{arm_of(experiment, member)}"
