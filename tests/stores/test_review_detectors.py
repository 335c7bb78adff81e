"""Every detector finds its planted case, keeps quiet just below it, and names the rules."""

import datetime as dt
import sys
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from allthrive.accounts.models import User
from tests.stores.review_community import (
    award,
    days,
    event,
    last_weeks,
    noon,
    user,
)
from thrive_points.models import PointsHistory
from thrive_points.review.detectors import Findings, findings
from thrive_points.review.finding import Finding
from thrive_points.review.span import span_of
from thrive_points.rules.current import rulebook
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

SPAN = last_weeks()
DAYS = days(SPAN)


def found() -> Findings:
    return findings(SPAN)


def only(detector: str) -> Finding:
    """Return the one finding of a detector, there being no other."""
    findings = found().findings
    assert [finding.detector for finding in findings] == [detector]
    return findings[0]


def spread(who: User, activity_type: str, day: dt.date, times: int, **facts: Any) -> list[Any]:
    """Return events that lie about half an hour apart, never twice the same, as a person's do."""
    late = [(day.toordinal() * 7 + n * n * 11) % 23 for n in range(times)]
    return [
        event(who, activity_type, noon(day, minutes=30 * n + late[n]), **facts)
        for n in range(times)
    ]


def capped_days(who: User, when: Sequence[dt.date], times: int) -> list[dict[str, Any]]:
    """Return days with five paid side quests at most, and enough else to be no grinder."""
    return [
        given
        for day in when
        for given in (
            *spread(who, "side_quest_completed", day, times),
            *spread(who, "tutorial_completed", day, 2),
        )
    ]


def test_at_cap_daily() -> None:
    script = user("script")
    award(capped_days(script, DAYS[:7], times=6))
    finding = only("at_cap_daily")
    assert finding.members == (script.pk,)
    assert finding.points == 7 * 5 * 30
    assert (finding.since, finding.until) == (DAYS[0], DAYS[6])
    assert finding.evidence[1] == "7 more attempts on them were refused by the cap."


def test_six_days_at_the_cap_are_none_of_its_business() -> None:
    eager = user("eager")
    award(capped_days(eager, DAYS[:6], times=5))
    assert found().findings == ()


def test_a_pause_of_a_day_does_not_hide_the_cap() -> None:
    script = user("script")
    worked = [day for n, day in enumerate(DAYS[:9]) if n not in (2, 5)]
    award(capped_days(script, worked, times=6))
    assert only("at_cap_daily").members == (script.pk,)


def test_nobody_is_at_the_cap_for_weeks_though_no_attempt_is_refused() -> None:
    script, keen = user("script"), user("keen")
    award(capped_days(script, DAYS[:13], times=5) + capped_days(keen, DAYS[:12], times=5))
    assert only("at_cap_daily").members == (script.pk,)


def test_one_login_a_day_is_no_cap_worth_a_look() -> None:
    faithful = user("faithful")
    award([event(faithful, "daily_login", noon(day)) for day in DAYS])
    assert found().findings == ()


def test_grinder() -> None:
    grinder = user("grinder")
    award(
        [e for day in DAYS[:10] for e in spread(grinder, "quiz_completed", day, 4, quiz_id=7)]
        + [event(grinder, "daily_login", noon(day, hours=3)) for day in DAYS[:10]]
    )
    by_name = {finding.detector: finding for finding in found().findings}
    assert set(by_name) == {"grinder", "sameness"}
    finding = by_name["grinder"]
    assert finding.members == (grinder.pk,)
    assert finding.points == 40 * 20
    assert finding.activity_types == ("quiz_completed",)


@pytest.mark.parametrize(
    ("loved", "times"),
    [("quiz_completed", 4), ("tutorial_completed", 3), ("feedback_given", 5)],
)
def test_doing_one_thing_that_one_loves_is_no_grinding(loved: str, times: int) -> None:
    keen = user("keen")
    award([e for day in DAYS[:20] for e in spread(keen, loved, day, times)])
    assert found().findings == ()


@pytest.mark.parametrize(
    ("activity_type", "facts"),
    [
        ("quiz_completed", {"quiz_id": 7}),
        ("quiz_completed", {"object": "quiz:7"}),
        ("quiz_completed", {"score": 0}),
        ("feedback_given", {"text": "Great job, well done indeed!"}),
    ],
)
def test_sameness(activity_type: str, facts: dict[str, Any]) -> None:
    patient = user("patient")
    award([e for day in DAYS[:12] for e in spread(patient, activity_type, day, 2, **facts)])
    assert only("sameness").members == (patient.pk,)


def test_sameness_of_texts_sees_through_small_changes() -> None:
    patient = user("patient")
    award(
        [
            event(patient, "feedback_given", noon(day, minutes=17 * n % 41),
                  text=f"{'So ' * (n % 3)}Great craftsmanship, thoughtful WORK! {n}")
            for n, day in enumerate(DAYS[:10])
        ]
    )  # fmt: skip
    assert only("sameness").evidence == ("10 of 10 say the same, or nearly so.",)


def test_sameness_of_gaps() -> None:
    clock = user("clock")
    award([event(clock, "tutorial_completed", noon(DAYS[2], minutes=40 * n)) for n in range(10)])
    assert found().findings == ()
    award([event(clock, "tutorial_completed", noon(DAYS[3], minutes=40 * n)) for n in range(10)])
    assert only("sameness").evidence == ("12 gaps in a row vary by less than a tenth.",)


def test_different_objects_texts_and_scores_are_not_the_same() -> None:
    person = user("person")
    words = ("colour", "rhythm", "argument", "layout", "ending", "title", "pacing", "humour")
    award(
        [
            given
            for n, day in enumerate(DAYS[:16])
            for given in (
                *spread(person, "quiz_completed", day, 2, quiz_id=n % 9, score=100),
                *spread(person, "feedback_given", day, 1, text=f"I like the {words[n % 8]} here."),
            )
        ]
    )
    assert found().findings == ()


def test_fans_of_one_star(crowd: list[User]) -> None:
    star, fans = user("star"), [user(f"fan{n}") for n in range(3)]
    award([given for fan in fans for given in rewarded(fan, star, 6)])
    assert set(only("fans").members) == {fan.pk for fan in fans}


def test_two_fans_are_none(crowd: list[User]) -> None:
    star, fans = user("star"), [user(f"fan{n}") for n in range(2)]
    award([given for fan in fans for given in rewarded(fan, star, 6)])
    assert found().findings == ()


@pytest.mark.parametrize("as_list", [False, True])
def test_puppets(as_list: bool) -> None:
    farmer, puppets = user("farmer"), [user(f"puppet{n}") for n in range(5)]
    award([event(puppet, "quiz_completed", noon(DAYS[n])) for n, puppet in enumerate(puppets)])
    if as_list:
        keys = [puppet.pk for puppet in puppets]
        award([event(farmer, "project_milestone_reached", noon(DAYS[9]), counterpart=keys)])
    else:
        award(
            [
                event(farmer, "referral_converted", noon(DAYS[n + 1]), puppet)
                for n, puppet in enumerate(puppets)
            ]
        )
    finding = only("puppets")
    assert finding.members == (farmer.pk,)
    assert "They have 5 awards of their own together" in finding.evidence[1]


def test_newcomers_who_stay_are_no_puppets() -> None:
    recruiter, newcomers = user("recruiter"), [user(f"new{n}") for n in range(5)]
    award(
        [
            given
            for n, newcomer in enumerate(newcomers)
            for given in (
                *(event(newcomer, "quiz_completed", noon(day)) for day in DAYS[n : n + 4]),
                event(recruiter, "referral_converted", noon(DAYS[n + 5]), newcomer),
            )
        ]
    )
    assert found().findings == ()


TODAY = span_of(dt.date.today() - dt.timedelta(days=2), dt.date.today() + dt.timedelta(days=1))


def test_points_for_oneself_by_hand() -> None:
    boss, ann = user("boss"), user("ann")
    PointsService.adjust(ann, 50, "A prize.", actor=boss)
    PointsService.adjust(ann, -20, "Counted twice.", actor=ann)
    assert findings(TODAY).findings == ()
    PointsService.adjust(boss, 5_000, "For me.", actor=boss)
    [finding] = findings(TODAY).findings
    assert (finding.detector, finding.members, finding.points) == ("corrections", (boss.pk,), 5_000)


def test_points_by_hand_for_each_other_or_one_favourite() -> None:
    boss, chief, ann, ben = (user(name) for name in ("boss", "chief", "ann", "ben"))
    PointsService.adjust(boss, 10, "You did well.", actor=chief)
    PointsService.adjust(chief, 10, "You too.", actor=boss)
    for n in range(3):
        PointsService.adjust(ben, 10, f"Good {n}.", actor=ann)
    seen = {frozenset(finding.members) for finding in findings(TODAY).findings}
    assert seen == {frozenset({boss.pk, chief.pk}), frozenset({ann.pk, ben.pk})}


def test_variety_is_not_grinding() -> None:
    busy = user("busy")
    award(
        [e for day in DAYS[:10] for e in spread(busy, "quiz_completed", day, 4)]
        + [e for day in DAYS[:10] for e in spread(busy, "tutorial_completed", day, 2)]
    )
    assert found().findings == ()


def test_burst() -> None:
    bot = user("bot")
    award([event(bot, "quiz_completed", noon(DAYS[3], seconds=4 * n)) for n in range(6)])
    finding = only("burst")
    assert finding.members == (bot.pk,)
    assert finding.summary == ("Once faster than a person; at most 6 events within 20 seconds.")
    assert finding.points == 120


def test_a_burst_counts_the_attempts_a_cap_refused() -> None:
    bot = user("bot")
    award([event(bot, "project_shared", noon(DAYS[3], seconds=n)) for n in range(9)])
    finding = only("burst")
    assert finding.points == 3 * 15
    assert "3 of them paid" in finding.evidence[0]


def test_a_quick_person_is_no_burst() -> None:
    quick = user("quick")
    award([event(quick, "quiz_completed", noon(DAYS[3], seconds=16 * n)) for n in range(8)])
    award([event(quick, "circle_reaction", noon(DAYS[4], seconds=2 * n)) for n in range(8)])
    assert found().findings == ()


def test_what_one_act_earns_in_two_ways_counts_once() -> None:
    winner = user("winner")
    pairs = [
        [
            event(winner, "battle_participated", noon(DAYS[1], seconds=20 * n)),
            event(winner, "battle_won", noon(DAYS[1], seconds=20 * n)),
        ]
        for n in range(4)
    ]
    award([given for pair in pairs for given in pair])
    assert found().findings == ()


def around_midnight(who: User, night: dt.date, before: int, after: int) -> list[dict[str, Any]]:
    midnight = dt.datetime.combine(night, dt.time(), tzinfo=ZoneInfo(who.timezone))
    minutes = [-1 - 3 * n for n in range(before)] + [1 + 3 * n for n in range(after)]
    return [
        event(who, "side_quest_completed", midnight.astimezone(dt.UTC) + dt.timedelta(minutes=m))
        for m in minutes
    ]


def test_midnight() -> None:
    owl = user("owl", "America/New_York")
    award(around_midnight(owl, DAYS[4], 5, 4) + around_midnight(owl, DAYS[9], 4, 5))
    finding = only("midnight")
    assert finding.members == (owl.pk,)
    assert finding.points == 18 * 30
    assert [line.split(":")[0] for line in finding.evidence] == [
        f"Night to {DAYS[4]}",
        f"Night to {DAYS[9]}",
    ]


def test_one_late_night_or_a_modest_one_is_allowed() -> None:
    owl, other = user("owl"), user("other")
    award(around_midnight(owl, DAYS[4], 5, 5))
    award(around_midnight(other, DAYS[4], 2, 3) + around_midnight(other, DAYS[8], 3, 2))
    assert found().findings == ()


def travel(who: User, zones: Sequence[str], start: int) -> None:
    """Award a login in each zone, at noon of its clock, a day after the other."""
    for n, zone in enumerate(zones):
        # As on a site that knows the zone of the present alone: ours lets no clock jump.
        User.objects.filter(pk=who.pk).update(timezone=zone, zones=zone)
        who.refresh_from_db()
        clock = dt.datetime.combine(DAYS[start + n], dt.time(0, 30), tzinfo=ZoneInfo(zone))
        late = dt.datetime.combine(DAYS[start + n], dt.time(23, 30), tzinfo=ZoneInfo(zone))
        award([event(who, "daily_login", clock), event(who, "circle_visited", late)])


FAR_EAST, FAR_WEST = "Pacific/Kiritimati", "Pacific/Pago_Pago"


def test_zones() -> None:
    hopper = user("hopper")
    travel(hopper, [FAR_EAST, FAR_WEST, FAR_EAST, FAR_WEST, FAR_EAST], start=2)
    finding = only("zones")
    assert finding.members == (hopper.pk,)
    assert finding.summary == "The clock jumped 4 times by more than two hours."


def test_a_journey_there_and_back_is_allowed() -> None:
    traveller = user("traveller")
    travel(traveller, [FAR_EAST, FAR_EAST, FAR_WEST, FAR_WEST, FAR_EAST], start=2)
    assert found().findings == ()


@pytest.fixture
def crowd() -> list[User]:
    """Return members who each give feedback to ten different others."""
    people = [user(f"crowd{n}") for n in range(24)]
    award(
        [
            event(one, "feedback_given", noon(DAYS[n], minutes=7 * index), people[(index + n) % 24])
            for index, one in enumerate(people)
            for n in range(1, 11)
        ]
    )
    return people


def rewarded(who: User, other: User, times: int, hour: int = 0) -> list[dict[str, Any]]:
    return [
        event(who, "feedback_given", noon(DAYS[n], hours=hour, minutes=who.pk % 60), other)
        for n in range(times)
    ]


def test_mutual_pair(crowd: list[User]) -> None:
    one, two = user("one"), user("two")
    award(rewarded(one, two, 8) + rewarded(two, one, 6) + rewarded(one, crowd[0], 2, hour=1))
    finding = only("mutual_pair")
    assert set(finding.members) == {one.pk, two.pk}
    assert finding.points >= 14 * 5
    assert "80%" in finding.summary
    assert "100%" in finding.summary


def test_one_sided_admiration_is_no_pair(crowd: list[User]) -> None:
    fan, star = user("fan"), user("star")
    award(rewarded(fan, star, 12) + rewarded(star, crowd[0], 1) + rewarded(star, crowd[1], 1))
    assert found().findings == ()


def test_ring(crowd: list[User]) -> None:
    ring = [user(f"ring{n}") for n in range(4)]
    award(
        [
            given
            for n, one in enumerate(ring)
            for given in rewarded(one, ring[(n + 1) % 4], 7) + rewarded(one, crowd[n], 1, hour=1)
        ]
    )
    finding = only("ring")
    assert set(finding.members) == {member.pk for member in ring}
    assert len(finding.evidence) == 4


def test_a_ring_is_not_told_again_as_pairs(crowd: list[User]) -> None:
    ring = [user(f"ring{n}") for n in range(3)]
    links = [(one, two) for one in ring for two in ring if one != two]
    award([given for n, (one, two) in enumerate(links) for given in rewarded(one, two, 6, hour=n)])
    assert set(only("ring").members) == {member.pk for member in ring}


def test_in_a_community_of_two_a_pair_proves_nothing() -> None:
    one, two = user("one"), user("two")
    award(rewarded(one, two, 8) + rewarded(two, one, 8))
    assert found().findings == ()


def test_every_suspicion_names_the_rules_that_paid() -> None:
    bot = user("bot")
    award([event(bot, "quiz_completed", noon(DAYS[3], seconds=n)) for n in range(6)])
    revision = rulebook().resolve("quiz_completed", noon(DAYS[3])).revision
    assert only("burst").rule_revisions == (f"quiz_completed {revision}",)


def test_a_case_that_was_dealt_with_does_not_come_back() -> None:
    bot = user("bot")
    award([event(bot, "quiz_completed", noon(DAYS[3], seconds=n)) for n in range(6)])
    for entry in PointsHistory.objects.filter(user=bot):
        PointsService.reverse(bot, entry.event_key, "a script")
    assert found().findings == ()


def test_nothing_outside_the_span_is_looked_at() -> None:
    bot = user("bot")
    early = SPAN.since - dt.timedelta(days=3)
    award([event(bot, "quiz_completed", noon(early, seconds=n)) for n in range(6)])
    assert found().findings == ()
    assert found().members == 0


def test_without_the_extra_the_rest_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = user("bot")
    award([event(bot, "quiz_completed", noon(DAYS[3], seconds=n)) for n in range(6)])
    # None in sys.modules is Python's own way to say that a module cannot be imported.
    monkeypatch.setitem(sys.modules, "networkx", None)
    answer = found()
    assert [finding.detector for finding in answer.findings] == ["burst"]
    assert set(answer.not_examined) == {"ring", "mutual_pair"}
    assert "thrive-points[review]" in answer.not_examined["ring"]
