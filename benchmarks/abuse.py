"""What the detectors catch and whom they accuse: planted abuse and planted innocents, counted.

    python -m benchmarks.abuse                  print the table of 20 communities
    python -m benchmarks.abuse --write          and put it into docs/explanation/review.md

A community is made in memory, without a database: what detectors read is what they are given.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

DAYS = 28
SINCE = date(2026, 2, 2)
HABITS = {
    "quiz_completed": 1.0,
    "tutorial_completed": 0.4,
    "side_quest_completed": 0.3,
    "battle_participated": 0.3,
    "project_created": 0.2,
    "feedback_given": 0.6,
    "circle_reaction": 0.8,
    "circle_visited": 0.6,
}
WITH_OTHERS = ("battle_participated", "feedback_given", "circle_reaction")
WORDS = [
    f"{a}{b}{c}"
    for a in ("bright", "clear", "steady", "warm", "quick")
    for b in ("line", "form", "tone", "idea", "page", "step")
    for c in ("s", "ly", "ing", "er", "ed")
]
FIRST, LAST = "<!-- abuse -->", "<!-- end of abuse -->"


@dataclass(slots=True)
class Member:
    """A member of a community, and all they did: instant, activity type, facts, zone."""

    name: str
    zone: str = "UTC"
    deeds: list[tuple[datetime, str, dict[str, Any], str]] = field(default_factory=list)

    def do(self, when: datetime, activity_type: str, **facts: Any) -> None:
        """Note a deed."""
        self.deeds.append((when, activity_type, facts, self.zone))


@dataclass(slots=True)
class World:
    """One community: who is ordinary, who innocent in which way, and who cheats how."""

    rng: random.Random
    members: dict[str, Member] = field(default_factory=dict)
    innocents: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    abuse: defaultdict[str, list[list[str]]] = field(default_factory=lambda: defaultdict(list))
    gifts: list[Any] = field(default_factory=list)
    ordinary: list[str] = field(default_factory=list)

    def join(self, name: str, zone: str = "UTC") -> Member:
        """Return a new member."""
        self.members[name] = Member(name, zone)
        return self.members[name]

    def moment(self, day: int, member: Member, first: float = 7, last: float = 23.9) -> datetime:
        """Return an instant of a day between two hours of the member's clock."""
        midnight = datetime.combine(
            SINCE + timedelta(days=day), time(), tzinfo=ZoneInfo(member.zone)
        )
        return midnight.astimezone(UTC) + timedelta(
            seconds=self.rng.randrange(int(first * 3600), int(last * 3600))
        )

    def live(
        self,
        member: Member,
        energy: float,
        presence: float,
        days: Sequence[int] = range(DAYS),
        moods: float = 0.5,
        friends: Sequence[str] = (),
        close: float = 0.5,
        hours: tuple[float, float] = (7, 23.9),
        habits: dict[str, float] = HABITS,
    ) -> None:
        """Let a member live like people do: with moods, tastes and friends."""
        rng = self.rng
        tastes = {name: rng.lognormvariate(0, 0.6) for name in habits}
        for day in days:
            if rng.random() > presence:
                continue
            member.do(self.moment(day, member, *hours), "daily_login")
            mood = rng.lognormvariate(0, moods)
            for name, mean in habits.items():
                for _ in range(_poisson(rng, mean * energy * tastes[name] * mood)):
                    others = friends if friends and rng.random() < close else self.ordinary
                    self.deed(member, name, self.moment(day, member, *hours), others)

    def deed(self, member: Member, name: str, when: datetime, others: Sequence[str] = ()) -> None:
        """Let a member do something as a person does it."""
        rng, facts = self.rng, dict[str, Any]()
        if name in WITH_OTHERS:
            known = [other for other in others if other != member.name]
            if known:
                facts["counterpart"] = rng.choice(known)
        if name in ("quiz_completed", "tutorial_completed", "side_quest_completed"):
            facts["object"] = f"{name}{rng.randrange(80)}"
        if name == "quiz_completed":
            facts["score"] = min(100, 10 * int(rng.triangular(4, 11, 9)))
        if name == "feedback_given":
            facts["text"] = " ".join(rng.choice(WORDS) for _ in range(rng.randrange(6, 16)))
        member.do(when, name, **facts)


def _poisson(rng: random.Random, mean: float) -> int:
    count, left = 0, mean
    while (left := left - rng.expovariate(1)) > 0:
        count += 1
    return count


def community(seed: int) -> World:
    """Return a community with every kind of innocent and of abuse."""
    rng = random.Random(seed)
    world = World(rng)
    world.ordinary = [f"member{n}" for n in range(120)]
    for name in world.ordinary:
        member = world.join(name, rng.choice(("UTC", "America/New_York", "Asia/Tokyo")))
        world.live(
            member,
            rng.lognormvariate(0, 0.4),
            rng.uniform(0.2, 0.95),
            friends=rng.sample(world.ordinary, 6),
        )
    for kind, plant in (INNOCENTS | ABUSE).items():
        plant(world, kind)
    return world


def heavy(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        world.live(member, 2.5, 0.97, moods=0.4)


def classes(world: World, kind: str) -> None:
    for group in _groups(world, kind, 2, 10):
        names = [member.name for member in group]
        for member in group:
            world.live(member, 0.5, 0.6)
            for day in range(1, DAYS, 3):
                lesson = world.moment(day, member, 10, 10.2)
                member.do(lesson, "quiz_completed", object=f"lesson{day}", score=80)
                for n in range(2):
                    world.deed(
                        member, "feedback_given", lesson + timedelta(minutes=20 + 9 * n), names
                    )


def teams(world: World, kind: str) -> None:
    for group in _groups(world, kind, 4, 5):
        names = [member.name for member in group]
        for member in group:
            world.live(member, 0.9, 0.8, friends=names, close=0.75)


def mentors(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        mentees = world.rng.sample(world.ordinary, 4)
        world.live(member, 0.5, 0.7, friends=mentees)
        for week in range(4):
            for n in range(2):
                mentee = world.rng.choice(mentees)
                when = world.moment(7 * week + 2 * n, member)
                member.do(when, "mentor_session_held", counterpart=mentee)
                world.deed(
                    world.members[mentee],
                    "feedback_given",
                    when + timedelta(hours=3),
                    [member.name],
                )


def crowds(world: World, kind: str) -> None:
    speaker = world.rng.choice(world.ordinary)
    for member in _one_by_one(world, kind):
        world.live(member, 0.5, 0.5)
        for day in (5, 12, 19, 26):
            start = datetime.combine(SINCE + timedelta(days=day), time(18), tzinfo=UTC)
            member.do(start, "event_attended", object=f"event{day}")
            for n in range(world.rng.randrange(1, 4)):
                member.do(
                    start + timedelta(minutes=5 + 11 * n), "circle_reaction", counterpart=speaker
                )


def travellers(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        leave, back = world.rng.randrange(3, 10), world.rng.randrange(14, 24)
        for zone, days in (
            ("Europe/Berlin", range(leave)),
            (world.rng.choice(("Asia/Tokyo", "America/Los_Angeles")), range(leave, back)),
            ("Europe/Berlin", range(back, DAYS)),
        ):
            member.zone = zone
            world.live(member, 0.9, 0.7, days=days)


def night_workers(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        world.live(member, 1.0, 0.75, hours=(21, 28))


def newcomers(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        first = world.rng.randrange(8, 24)
        _spree(world, member, [first, first + 1], 18)
        world.live(member, 0.8, 0.6, days=range(first + 2, DAYS))


def returning(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        world.live(member, 0.5, 0.5, days=range(3))
        _spree(world, member, [22, 23, 24], 16)


def specialists(world: World, kind: str) -> None:
    for n, member in enumerate(_one_by_one(world, kind)):
        loved = ("quiz_completed", "tutorial_completed", "feedback_given", "battle_participated")
        steady = n % 2 == 0
        for day in range(DAYS):
            if world.rng.random() > 0.92:
                continue
            member.do(world.moment(day, member), "daily_login")
            for _ in range(3 if steady else world.rng.randrange(2, 9)):
                world.deed(member, loved[n % 4], world.moment(day, member, 17, 22), world.ordinary)


def recruiters(world: World, kind: str) -> None:
    for member in _one_by_one(world, kind):
        world.live(member, 0.8, 0.7)
        for n in range(7):
            newcomer = world.join(f"brought by {member.name} {n}")
            first = world.rng.randrange(0, 18)
            # Converting takes deeds on three days; some do little more.
            world.live(newcomer, world.rng.uniform(0.3, 1), 0.5, days=range(first, DAYS))
            for day in range(first, first + 3):
                world.deed(newcomer, "quiz_completed", world.moment(day, newcomer))
            member.do(
                world.moment(first + 3, member), "referral_converted", counterpart=newcomer.name
            )


def _spree(world: World, member: Member, days: Sequence[int], deeds: int) -> None:
    for day in days:
        when = world.moment(day, member, 15, 19)
        for _ in range(deeds):
            when += timedelta(seconds=world.rng.randrange(45, 260))
            world.deed(member, world.rng.choice(list(HABITS)), when, world.ordinary)


def cap_script(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        for day in range(3, DAYS):
            for _ in range(world.rng.randrange(10, 13)):
                world.deed(member, "quiz_completed", world.moment(day, member))


def fast_script(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.5, 0.6)
        for day in (6, 13):
            when = world.moment(day, member)
            for n in range(8):
                world.deed(member, "quiz_completed", when + timedelta(seconds=6 * n))


def two_days_at_midnight(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.5, 0.6)
        for day in (5, 12, 19):
            midnight = datetime.combine(SINCE + timedelta(days=day), time(), tzinfo=UTC)
            for n in range(9):
                for minutes in (-2 - 3 * n, 1 + 3 * n):
                    world.deed(member, "quiz_completed", midnight + timedelta(minutes=minutes))


def zone_hopper(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        for n in range(12):
            member.zone = ("Pacific/Kiritimati", "Pacific/Pago_Pago")[n % 2]
            for hour in (0.5, 23):
                world.deed(member, "quiz_completed", world.moment(5 + n, member, hour, hour + 0.4))


def pair(world: World, kind: str) -> None:
    for group in _planted(world, kind, 2, 2):
        _reward_each_other(world, group)


def ring(world: World, kind: str) -> None:
    for group in _planted(world, kind, 2, 4):
        _reward_each_other(world, group)


def _reward_each_other(world: World, group: Sequence[Member]) -> None:
    for n, member in enumerate(group):
        world.live(member, 0.1, 0.4)
        for day in range(0, DAYS, 2):
            other = group[(n + 1) % len(group)].name
            for name in ("feedback_given", "battle_participated"):
                world.deed(member, name, world.moment(day, member), [other])


def patient_bot(world: World, kind: str) -> None:
    """28 days at human pace and varied, near every cap, never twice the same gap."""
    plan = {
        "quiz_completed": 6, "tutorial_completed": 4, "side_quest_completed": 2,
        "feedback_given": 4, "project_created": 1, "circle_reaction": 3,
    }  # fmt: skip
    for [member] in _planted(world, kind, 2, 1):
        for day in range(DAYS):
            member.do(world.moment(day, member), "daily_login")
            for name, times in plan.items():
                for _ in range(times + world.rng.choice((-1, 0, 0, 0, 1))):
                    world.deed(member, name, world.moment(day, member, 8, 22), world.ordinary)


def referral_farm(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.5, 0.6)
        for n in range(20):
            puppet = world.join(f"{member.name}_puppet{n}")
            world.deed(puppet, "quiz_completed", world.moment(n, puppet))
            member.do(world.moment(n + 1, member), "referral_converted", counterpart=puppet.name)


def milestone_puppets(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.5, 0.6)
        puppets = [world.join(f"{member.name}_puppet{n}").name for n in range(6)]
        for puppet in puppets:
            world.members[puppet].do(world.moment(1, member), "daily_login")
        for week in range(4):
            member.do(
                world.moment(7 * week + 3, member),
                "project_milestone_reached",
                object=f"project{week}",
                counterpart=puppets[:5],
            )


def own_gift(world: World, kind: str) -> None:
    from thrive_points.review.corrections import Correction

    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.5, 0.6)
        day = SINCE + timedelta(days=9)
        world.gifts.append(Correction(member.name, member.name, 1, 5_000, day, day))
    # Staff who correct for many are innocent.
    for n, name in enumerate(world.ordinary[:20]):
        day = SINCE + timedelta(days=n)
        world.gifts.append(Correction(name, world.ordinary[30], 1 + n % 2, 20, day, day))


def copyist(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.4, 0.6)
        for day in range(2, DAYS, 2):
            for _ in range(3):
                member.do(
                    world.moment(day, member),
                    "feedback_given",
                    counterpart=world.rng.choice(world.ordinary),
                    text=f"Outstanding craftsmanship, really thoughtful work {day}!",
                )


def retaker(world: World, kind: str) -> None:
    for [member] in _planted(world, kind, 2, 1):
        world.live(member, 0.4, 0.6)
        for day in range(0, DAYS, 2):
            for _ in range(4):
                member.do(world.moment(day, member), "quiz_completed", object="quiz1", score=0)


def fan_club(world: World, kind: str) -> None:
    for star, *them in _planted(world, kind, 2, 5):
        world.live(star, 0.5, 0.6)
        for fan in them:
            for day in range(1, DAYS, 3):
                fan.do(world.moment(day, fan), "daily_login")
                world.deed(fan, "feedback_given", world.moment(day, fan), [star.name])


Plant = Callable[[World, str], None]
INNOCENTS: dict[str, Plant] = {
    "heavy users": heavy,
    "classes": classes,
    "teams": teams,
    "mentors": mentors,
    "event crowds": crowds,
    "travellers": travellers,
    "night workers": night_workers,
    "newcomers in a rush": newcomers,
    "returning members": returning,
    "specialists": specialists,
    "recruiters": recruiters,
}
ABUSE: dict[str, Plant] = {
    "script at the cap": cap_script,
    "fast script": fast_script,
    "two days at midnight": two_days_at_midnight,
    "zone hopper": zone_hopper,
    "pair": pair,
    "ring": ring,
    "copied texts": copyist,
    "one quiz again and again": retaker,
    "fans of one star": fan_club,
    "patient bot": patient_bot,
    "referral farm": referral_farm,
    "milestones by puppets": milestone_puppets,
    "points for oneself": own_gift,
}
EACH = 20
"""Innocents of each kind."""


def _one_by_one(world: World, kind: str) -> Iterator[Member]:
    for [member] in _groups(world, kind, EACH, 1):
        yield member


def _groups(world: World, kind: str, groups: int, size: int) -> Iterator[list[Member]]:
    for n in range(groups):
        made = [world.join(f"{kind} {n}.{k}") for k in range(size)]
        world.innocents[kind] += [member.name for member in made]
        yield made


def _planted(world: World, kind: str, groups: int, size: int) -> Iterator[list[Member]]:
    for n in range(groups):
        made = [world.join(f"{kind} {n}.{k}") for k in range(size)]
        world.abuse[kind].append([member.name for member in made])
        yield made


def rows_of(member: Member) -> tuple[list[Any], list[Any]]:
    """Return what detectors read of a member: daily totals and events, paid by the registry."""
    from thrive_points.core.decide import decide
    from thrive_points.core.event import Event
    from thrive_points.core.periods import period_of
    from thrive_points.core.usage import DayTotal, usage_of
    from thrive_points.review.records import DayRow, EventRow, facts_of
    from thrive_points.rules.registry import POINT_RULES

    totals: dict[str, dict[date, DayTotal]] = defaultdict(dict)
    events = []
    for number, (when, name, facts, zone) in enumerate(
        sorted(member.deeds, key=lambda deed: deed[0]), start=1
    ):
        day, week = period_of(when, ZoneInfo(zone))
        event = Event(
            activity_type=name,
            event_key=str(number),
            occurred_at=when,
            day=day,
            week=week,
            metadata={"difficulty": "medium"},
        )
        own = totals[name]
        answer = decide(POINT_RULES[name], usage_of(own, day, week), event)
        paid = answer.outcome.pays
        own[day] = own.get(day, DayTotal()).plus(paid, answer.points, not paid, when)
        events.append(
            EventRow(number, name, answer.outcome, answer.points, when, day, **facts_of(facts))
        )
    days = [
        DayRow(name, day, total.awards, total.points, total.capped)
        for name, own in totals.items()
        for day, total in own.items()
    ]
    return sorted(days, key=lambda row: (row.day, row.activity_type)), events


@dataclass(slots=True)
class Count:
    """What was found over all communities."""

    accused: Counter[str] = field(default_factory=Counter)
    innocents: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    by: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    right: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)

    def add(self, world: World, found: Sequence[Any]) -> None:
        """Take in what was found in one community."""
        guilty = {
            name: kind for kind, groups in world.abuse.items() for group in groups for name in group
        }
        guilty |= {
            name: name.partition(" 0.")[0].partition(" 1.")[0]
            for name in world.members
            if "_puppet" in name
        }
        seen = Counter(name for finding in found for name in set(finding.members))
        for finding in found:
            kinds = {guilty[name] for name in finding.members if name in guilty}
            self.told[finding.detector] += 1
            self.right[finding.detector] += bool(kinds)
            for kind in kinds:
                self.by[kind][finding.detector] += 1
        for kind, groups in world.abuse.items():
            self.planted[kind] += len(groups)
            self.caught[kind] += sum(any(seen[name] for name in group) for group in groups)
        for kind, names in {**world.innocents, "ordinary members": world.ordinary}.items():
            self.innocents[kind] += len(names)
            self.accused[kind] += sum(seen[name] > 0 for name in names)


def measure(seeds: Sequence[int], progress: Callable[[int], object] | None = None) -> Count:
    """Return what the detectors find in the communities of these seeds."""
    from thrive_points.review.detectors import examine
    from thrive_points.review.rules_by_day import RulesByDay
    from thrive_points.rules.registry import POINT_RULES

    class Registry(RulesByDay):
        """The rules that ship, without a database."""

        def __init__(self) -> None:
            self.completions = frozenset()

        def on(self, activity_type: str, day: date) -> Any:
            return POINT_RULES.get(activity_type)

        def label(self, activity_type: str) -> str:
            return POINT_RULES[activity_type].label

    count = Count()
    for seed in seeds:
        world = community(seed)
        rows = {name: rows_of(member) for name, member in world.members.items()}
        found = examine(
            ((name, days) for name, (days, _) in rows.items()),
            ((name, events) for name, (_, events) in rows.items()),
            world.gifts,
            Registry(),
        )
        count.add(world, found.findings)
        if progress is not None:
            progress(seed)
    return count


def table(count: Count, communities: int) -> Iterator[str]:
    """Yield the lines of the tables, as the document has them."""
    yield f"Over {communities} communities of about 700 members and 28 days:"
    yield ""
    yield "| planted abuse | planted | found | recall | by |"
    yield "|---|---|---|---|---|"
    for kind in ABUSE:
        by = ", ".join(f"`{name}`" for name, _ in count.by[kind].most_common(3))
        recall = count.caught[kind] / count.planted[kind]
        yield f"| {kind} | {count.planted[kind]} | {count.caught[kind]} | {recall:.0%} | {by} |"
    yield ""
    yield "| innocents | members | accused | share |"
    yield "|---|---|---|---|"
    for kind in ("ordinary members", *INNOCENTS):
        accused, all_of = count.accused[kind], count.innocents[kind]
        yield f"| {kind} | {all_of} | {accused} | {accused / all_of:.1%} |"
    yield ""
    yield "| detector | findings | about abuse | precision |"
    yield "|---|---|---|---|"
    for name, told in sorted(count.told.items()):
        yield f"| `{name}` | {told} | {count.right[name]} | {count.right[name] / told:.0%} |"


def main() -> None:
    """Measure, print, and write where asked."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
    # Settings need one; nothing is read from it.
    os.environ.setdefault("BENCH_DATABASE", "sqlite://:memory:")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20, help="How many communities.")
    parser.add_argument("--write", action="store_true", help="Put the table into the document.")
    given = parser.parse_args()
    django.setup()
    count = measure(range(given.seeds), lambda seed: print(f"{seed} ", end="", file=sys.stderr))
    lines = list(table(count, given.seeds))
    print("\n".join(lines))
    if given.write:
        page = Path(__file__).parents[1] / "docs" / "explanation" / "review.md"
        before, _, rest = page.read_text().partition(FIRST)
        _, _, after = rest.partition(LAST)
        page.write_text("\n".join([before + FIRST, "", *lines, "", LAST + after]))


if __name__ == "__main__":
    main()
