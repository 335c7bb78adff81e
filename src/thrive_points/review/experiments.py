"""Do more points bring people back? What the arms of an experiment brought, by intention to treat.

Everybody who was assigned counts, whether or not they ever did the activity: an arm that drives
members away must not win by those who stay. Figures are by member and come from the daily totals,
up to the last day that is over, so a result changes once a day. Needs SciPy, which the `review`
extra installs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from thrive_points.conf import points_settings
from thrive_points.core.shares import part_of
from thrive_points.models import PointsDailyTotal, RuleExperiment
from thrive_points.review.estimates import (
    CONFIDENCE,
    LOPSIDED,
    Estimate,
    Moments,
    Ratio,
    chance_of_split,
    confidence_of_look,
    mean_difference,
    ratio,
    ratio_difference,
    share_difference,
)
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.rules.rulebook import arm_ends

DAYS_BEFORE = 28
"""Without the site's own word, whoever had an award in so many days before counts as active."""
LEAST_MEMBERS = 30
"""With fewer in an arm nothing is concluded."""

_DAY = timedelta(days=1)


class Conclusion(StrEnum):
    """What an arm's active days say, beside those of the first arm."""

    BETTER = "better"
    WORSE = "worse"
    TOO_EARLY = "too early"
    LOPSIDED = "lopsided"
    NO_DIFFERENCE = "no difference shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How an arm differs from the first in one measure; None where it cannot be computed.

    Args:
        once: for who looks once, at a time chosen beforehand.
        daily: holds on every day of the experiment together, so it may be looked at daily.
    """

    once: Estimate | None
    daily: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmResult:
    """What one arm brought.

    Args:
        arm: its name.
        share: percent of the members it was given.
        base_points: what its rule pays before modifiers.
        members: everybody assigned to it who counts; see `Results.counted`.
        participation: share of them with any award; None without a member.
        active_days, awards, points: means per member, over all activities; what streaks and
            goals pay is no deed and counts among the points alone.
        own_members, own_awards, own_points: of the activity that is tested.
        refused: share of the attempts at that activity which a cap refused, by member.
        differences: by measure ("participation", "active_days", "awards", "points",
            "refused"); empty for the first arm.
        conclusion: by `active_days`; None for the first arm.
        conclusion_in_words: the same as a sentence.
    """

    arm: str
    share: int
    base_points: int
    members: int
    participation: float | None
    active_days: float | None
    awards: float | None
    points: float | None
    own_members: int
    own_awards: int
    own_points: int
    refused: Estimate | None
    differences: dict[str, Difference]
    conclusion: Conclusion | None
    conclusion_in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What an experiment brought so far.

    Args:
        since, until: its days that count, None while none is over. The day it started on counts
            only if it started with it.
        look, looks: how many days are over, and how many it will have.
        counted: who counts, in words.
        split: how likely the arms' sizes are by chance; None without a member.
        arms: in the experiment's order.
        not_computed: what cannot be computed, and why, each a sentence.
    """

    since: date | None
    until: date | None
    look: int
    looks: int
    counted: str
    split: float | None
    arms: tuple[ArmResult, ...]
    not_computed: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """One arm's members, added up."""

    members: int = 0
    participants: int = 0
    days: Moments = field(default_factory=Moments)
    awards: Moments = field(default_factory=Moments)
    points: Moments = field(default_factory=Moments)
    refused: Ratio = field(default_factory=Ratio)
    own_members: int = 0
    own_awards: int = 0
    own_points: int = 0

    def add(self, row: dict[str, Any]) -> None:
        """Take in what a member did, nothing for one who did nothing."""
        self.members += 1
        days = row.get("days") or 0
        self.participants += days > 0
        self.days.add(days)
        self.awards.add(row.get("deeds") or 0)
        self.points.add(row.get("earned") or 0)
        paid, capped = row.get("own_awards") or 0, row.get("own_capped") or 0
        self.refused.add(paid + capped, capped)
        self.own_members += paid + capped > 0
        self.own_awards += paid
        self.own_points += row.get("own_points") or 0


def results_of(experiment: RuleExperiment) -> Results:
    """Return what each arm of an experiment brought so far.

    Raises:
        MissingExtra: SciPy is not installed.
    """
    first, planned, until = _days(experiment)
    over = until >= first
    tallies = {arm["name"]: _Tally() for arm in experiment.arms}
    for arm, row in _members(experiment, first, until):
        tallies[arm].add(row)
    look, looks = max(0, (until - first).days + 1), max(1, (planned - first).days + 1)
    split = chance_of_split(
        [tally.members for tally in tallies.values()], [arm["share"] for arm in experiment.arms]
    )
    ended = over and until >= _last(experiment)
    confidence = confidence_of_look(look, looks, len(tallies) - 1)
    control = next(iter(tallies.values()))
    arms = []
    for arm, tally in zip(experiment.arms, tallies.values(), strict=True):
        differences = {} if tally is control else _differences(tally, control, confidence)
        conclusion, words = None, ""
        if differences:
            conclusion = _conclude(differences, [tally, control], split, over=over, ended=ended)
            words = _in_words(arm["name"], experiment.arms[0]["name"], conclusion, differences)
        arms.append(_arm_result(arm, tally, differences, conclusion, words))
    return Results(
        since=first if over else None,
        until=until if over else None,
        look=look,
        looks=looks,
        counted=_counted(),
        split=split,
        arms=tuple(arms),
        not_computed=tuple(_not_computed(arms, first, split, over=over)),
    )


def measures_by_arm(results: Results) -> list[tuple[str, ...]]:
    """Return what the arms brought in rows of words: a title, then a cell for each arm."""
    arms = results.arms

    def row(title: str, *cells: object) -> tuple[str, ...]:
        return (title, *("-" if cell is None else str(cell) for cell in cells))

    def beyond(title: str, measure: str, words: str = "signed") -> list[tuple[str, ...]]:
        found = [arm.differences.get(measure) for arm in arms]
        return [
            row(f"{title} beyond the first arm, looked at {which}", *cells)
            for which in ("daily", "once")
            for cells in [[_told(difference, which, words) for difference in found]]
        ]

    return [
        row("base points", *(arm.base_points for arm in arms)),
        row("members given it", *(f"{arm.share}%" for arm in arms)),
        row("members assigned", *(f"{arm.members:,}" for arm in arms)),
        row("took part in anything", *(_percent(arm.participation) for arm in arms)),
        *beyond("took part", "participation", "percent_points"),
        row("active days per member", *(_number(arm.active_days) for arm in arms)),
        *beyond("active days", "active_days"),
        row("awards per member", *(_number(arm.awards) for arm in arms)),
        *beyond("awards", "awards"),
        row("points per member", *(_number(arm.points) for arm in arms)),
        *beyond("points", "points"),
        row("did the activity", *(f"{arm.own_members:,}" for arm in arms)),
        row("its awards", *(f"{arm.own_awards:,}" for arm in arms)),
        row("its points", *(f"{arm.own_points:,}" for arm in arms)),
        row("refused by a cap", *(arm.refused.percent if arm.refused else None for arm in arms)),
        *beyond("refused", "refused", "percent_points"),
        row("conclusion", *(arm.conclusion for arm in arms)),
    ]


def notes_on(results: Results) -> list[str]:
    """Return what a reader has to know beside the figures, each a sentence."""
    notes = [results.counted]
    if results.since is not None:
        notes.append(
            f"Days {results.since} to {results.until} count: look {results.look} of "
            f"{results.looks}."
        )
    notes += results.not_computed
    notes += [arm.conclusion_in_words for arm in results.arms if arm.conclusion_in_words]
    return notes


def arm_of(experiment: RuleExperiment, member: Any) -> str | None:
    """Return the arm a member is assigned to, None for one who takes no part."""
    part = part_of(f"x{experiment.pk}", member)
    ends = arm_ends(arm["share"] for arm in experiment.arms)
    return next(
        (arm["name"] for end, arm in zip(ends, experiment.arms, strict=True) if part < end), None
    )


def _days(experiment: RuleExperiment) -> tuple[date, date, date]:
    """Return the first day that counts, the last one planned, and the last one that is over."""
    starts = experiment.starts_at.astimezone(UTC)
    whole = starts.time() == time()
    first = starts.date() if whole else starts.date() + _DAY
    # The last day is that of the last instant before the end.
    planned = (experiment.ends_at.astimezone(UTC) - timedelta(microseconds=1)).date()
    yesterday = timezone.now().astimezone(UTC).date() - _DAY
    return first, max(first, planned), min(_last(experiment), yesterday)


def _last(experiment: RuleExperiment) -> date:
    last: date = (experiment.over_at.astimezone(UTC) - timedelta(microseconds=1)).date()
    return last


def _members(
    experiment: RuleExperiment, first: date, until: date
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the arm and the deeds of everybody who counts, once each."""
    asked = points_settings().active_members
    active: dict[Any, str] = {}
    if asked is not None:
        ends = min(experiment.over_at, datetime.combine(until + _DAY, time(), tzinfo=UTC))
        if ends > experiment.starts_at:
            active = dict(_assigned(experiment, asked(experiment.starts_at, ends)))
    for row in _rows(experiment, first, until):
        member = row["user_id"]
        if asked is not None:
            if (arm := active.pop(member, None)) is not None:
                yield arm, row
        elif row["before"] and (arm := arm_of(experiment, member)) is not None:
            yield arm, row
    # Active, and without a single entry.
    for arm in active.values():
        yield arm, {}


def _assigned(experiment: RuleExperiment, members: Iterable[Any]) -> Iterator[tuple[Any, str]]:
    for member in members:
        if (arm := arm_of(experiment, member)) is not None:
            yield member, arm


def _rows(experiment: RuleExperiment, first: date, until: date) -> Iterator[dict[str, Any]]:
    # Before its first instant, in any zone: what an arm did cannot decide who is counted.
    start = experiment.starts_at.astimezone(UTC).date()
    inside = Q(day__range=(first, until))
    before = Q(day__range=(start - DAYS_BEFORE * _DAY, start - _DAY))
    own = inside & Q(activity_type=experiment.activity_type)
    deeds = inside & Q(awards__gt=0) & ~Q(activity_type__in=RulesByDay().completions)
    rows: Iterator[dict[str, Any]] = (
        PointsDailyTotal.objects.filter(inside | before)
        .values("user_id")
        .annotate(
            before=Count("day", filter=before & Q(awards__gt=0)),
            days=Count("day", filter=deeds, distinct=True),
            deeds=Sum("awards", filter=deeds),
            earned=Sum("points", filter=inside),
            own_awards=Sum("awards", filter=own),
            own_capped=Sum("capped", filter=own),
            own_points=Sum("points", filter=own),
        )
        .order_by()
        .iterator(chunk_size=5_000)
    )
    return rows


def _differences(arm: _Tally, first: _Tally, daily: float) -> dict[str, Difference]:
    def both(compare: Any, ours: Any, theirs: Any) -> Difference:
        return Difference(
            once=compare(ours, theirs, CONFIDENCE), daily=compare(ours, theirs, daily)
        )

    return {
        "participation": both(
            share_difference, (arm.participants, arm.members), (first.participants, first.members)
        ),
        "active_days": both(mean_difference, arm.days, first.days),
        "awards": both(mean_difference, arm.awards, first.awards),
        "points": both(mean_difference, arm.points, first.points),
        "refused": both(ratio_difference, arm.refused, first.refused),
    }


def _conclude(
    differences: dict[str, Difference],
    tallies: list[_Tally],
    split: float | None,
    *,
    over: bool,
    ended: bool,
) -> Conclusion:
    if split is not None and split < LOPSIDED:
        return Conclusion.LOPSIDED
    days = differences["active_days"].daily
    if not over or days is None or min(tally.members for tally in tallies) < LEAST_MEMBERS:
        return Conclusion.TOO_EARLY
    if days.low > 0:
        return Conclusion.BETTER
    if days.high < 0:
        return Conclusion.WORSE
    return Conclusion.NO_DIFFERENCE if ended else Conclusion.TOO_EARLY


def _in_words(
    arm: str, first: str, conclusion: Conclusion, differences: dict[str, Difference]
) -> str:
    days = differences["active_days"].daily
    told = f"{days.signed} active days per member" if days else "nothing to compare"
    match conclusion:
        case Conclusion.BETTER:
            return f"Arm {arm} is better than {first}: its members come back more, {told}."
        case Conclusion.WORSE:
            return f"Arm {arm} is worse than {first}: its members come back less, {told}."
        case Conclusion.LOPSIDED:
            return (
                "Lopsided: chance does not make arms of these sizes from their shares, so arm "
                f"{arm} is not compared with {first}. Find out who is missing."
            )
        case Conclusion.NO_DIFFERENCE:
            return f"It is over, and no difference between {arm} and {first} is shown: {told}."
        case Conclusion.TOO_EARLY:
            return f"Too early to say whether arm {arm} is better or worse than {first}: {told}."


def _counted() -> str:
    if points_settings().active_members is not None:
        return "Everybody assigned counts who was active on the site since it began."
    return (
        f"Everybody assigned counts who had an award in the {DAYS_BEFORE} days before it began, "
        "whatever they did since."
    )


def _not_computed(
    arms: list[ArmResult], first: date, split: float | None, *, over: bool
) -> Iterator[str]:
    if not over:
        yield f"No whole day of it is over yet; the first is {first}."
    if split is None:
        yield "Nobody is assigned who counts, so there is nothing to compare."
        return
    for arm in arms:
        if not arm.members:
            yield f"Arm {arm.arm} has no members who count, so it cannot be compared."
        elif arm.members < LEAST_MEMBERS:
            yield (
                f"Arm {arm.arm} has {arm.members} members; with fewer than {LEAST_MEMBERS} "
                "nothing is concluded."
            )
        elif over and not arm.own_members:
            yield f"Nobody in arm {arm.arm} did the activity, so no share was refused by a cap."


def _arm_result(
    arm: dict[str, Any],
    tally: _Tally,
    differences: dict[str, Difference],
    conclusion: Conclusion | None,
    words: str,
) -> ArmResult:
    anybody = tally.members > 0
    return ArmResult(
        arm=arm["name"],
        share=arm["share"],
        base_points=arm["definition"]["base_points"],
        members=tally.members,
        participation=tally.participants / tally.members if anybody else None,
        active_days=tally.days.mean if anybody else None,
        awards=tally.awards.mean if anybody else None,
        points=tally.points.mean if anybody else None,
        own_members=tally.own_members,
        own_awards=tally.own_awards,
        own_points=tally.own_points,
        refused=ratio(tally.refused),
        differences=differences,
        conclusion=conclusion,
        conclusion_in_words=words,
    )


def _told(difference: Difference | None, which: str, words: str) -> str | None:
    estimate: Estimate | None = getattr(difference, which) if difference else None
    return None if estimate is None else str(getattr(estimate, words))


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.1%}"


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:,.2f}"
