"""Do the rules of a site agree with the rubric and with each other? Pure checks.

An incoherence has a stable code. The system checks, `points_rules lint` and the function that
publishes a revision all ask here, so they can never disagree. Django-free.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from thrive_points.core.activities import Category
from thrive_points.core.decide import reachable
from thrive_points.core.rubric import MICRO, place
from thrive_points.core.rule import Rule

NAME_LENGTH = 100
RESERVED_NAMES = ("adjustment",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoherence:
    """Something in which a rule disagrees with the rubric or with another rule.

    Args:
        code: E101 and up for errors, W101 and up for warnings.
        activity_type: the rule it is about.
        field: the field of the rule that it is about.
        message: what is wrong, with the numbers.
        hint: what to do about it.
    """

    code: str
    activity_type: str
    field: str
    message: str
    hint: str

    @property
    def is_error(self) -> bool:
        """Return whether the rule must not go live like this."""
        return self.code.startswith("E")

    def __str__(self) -> str:
        return f"{self.code} {self.message} {self.hint}"


def incoherences(rules: Mapping[str, Rule]) -> list[Incoherence]:
    """Return every incoherence of a set of rules, rule by rule, then those between two."""
    found = [incoherence for name, rule in rules.items() for incoherence in of_rule(name, rule)]
    return [*found, *_between(rules)]


def of_rule(name: str, rule: Rule) -> Iterator[Incoherence]:
    """Yield what is wrong with one rule by itself."""
    if not name or len(name) > NAME_LENGTH or name in RESERVED_NAMES or not name.isprintable():
        yield Incoherence(
            code="E107",
            activity_type=name,
            field="activity_type",
            message=f"{name!r} cannot name an activity type.",
            hint=f"Use 1 to {NAME_LENGTH} printable characters other than "
            f"{', '.join(map(repr, RESERVED_NAMES))}.",
        )
    if not isinstance(rule.category, Category):
        yield Incoherence(
            code="E105",
            activity_type=name,
            field="category",
            message=f"{name}: the category is {rule.category!r}.",
            hint=f"Choose one of {', '.join(Category)}.",
        )
    if not rule.notes.strip():
        yield Incoherence(
            code="E104",
            activity_type=name,
            field="notes",
            message=f"{name}: the note is missing.",
            hint="Say in notes why it earns this, for those who tune it after you.",
        )
    yield from _of_its_caps(name, rule)
    yield from _against_the_rubric(name, rule)


def _of_its_caps(name: str, rule: Rule) -> Iterator[Incoherence]:
    percents = [100, *(tier.percent for tier in rule.over_cap)]
    if any(later >= earlier for earlier, later in pairwise(percents)):
        yield Incoherence(
            code="E109",
            activity_type=name,
            field="over_cap",
            message=f"{name}: its tiers over the cap pay {', '.join(map(str, percents[1:]))} "
            "percent, which does not fall from one to the next.",
            hint="Returns over a cap diminish: give each tier less than the one before.",
        )
    for a_day, a_week in (
        ("max_per_day", "max_per_week"),
        ("max_points_per_day", "max_points_per_week"),
    ):
        daily, weekly = getattr(rule, a_day), getattr(rule, a_week)
        if daily is not None and weekly is not None and weekly < daily:
            yield Incoherence(
                code="E110",
                activity_type=name,
                field=a_week,
                message=f"{name}: {a_week} is {weekly}, below {a_day}, which is {daily}.",
                hint=f"Nobody can reach {a_day} then: raise the week's cap, or lower the day's.",
            )


def _against_the_rubric(name: str, rule: Rule) -> Iterator[Incoherence]:
    placing = place(rule.effort, rule.impact, rule.frequency)
    band = placing.band
    lowest, highest = reachable(rule)
    outside = rule.base_points not in band or lowest not in band or highest not in band
    if outside and not rule.exception.strip():
        if rule.base_points not in band:
            code, field, what = "E101", "base_points", f"base_points is {rule.base_points}"
        else:
            code, field = "E102", "modifiers"
            what = f"its modifiers reach {lowest} to {highest} points"
        yield Incoherence(
            code=code,
            activity_type=name,
            field=field,
            message=f"{name}: {what}, outside {band}.",
            hint=f"The rubric says: {placing.why}. Change the points or the placing, or write "
            "the reason in exception.",
        )
    if rule.exception.strip() and not outside:
        yield Incoherence(
            code="W101",
            activity_type=name,
            field="exception",
            message=f"{name}: it stands inside {band} and still claims an exception.",
            hint="Remove exception, so that the ones that are left mean something.",
        )
    if band is MICRO and not _is_capped(rule):
        yield Incoherence(
            code="E103",
            activity_type=name,
            field="max_per_day",
            message=f"{name}: a micro rule has no cap, so repeating it pays without end.",
            hint="Set max_per_day, max_per_week, max_points_per_day or max_points_per_week.",
        )


def _is_capped(rule: Rule) -> bool:
    caps = (
        rule.max_per_day,
        rule.max_per_week,
        rule.max_points_per_day,
        rule.max_points_per_week,
    )
    return any(cap is not None for cap in caps)


def _between(rules: Mapping[str, Rule]) -> Iterator[Incoherence]:
    def placed(item: tuple[str, Rule]) -> tuple[str, str, str]:
        return item[1].effort, item[1].impact, item[1].frequency

    plain = [item for item in rules.items() if not item[1].exception.strip()]
    for (effort, impact, frequency), group in groupby(sorted(plain, key=placed), key=placed):
        alike = sorted(group, key=lambda item: item[1].base_points)
        (low_name, low), (high_name, high) = alike[0], alike[-1]
        width = place(low.effort, low.impact, low.frequency).band.width
        if high.base_points - low.base_points > width:
            yield Incoherence(
                code="E106",
                activity_type=high_name,
                field="base_points",
                message=f"{high_name} pays {high.base_points} and {low_name} {low.base_points}, "
                f"though both are {effort} effort, {impact} impact, {frequency}: "
                f"more than the {width} points their band is wide.",
                hint="Bring them together, place one of them anew, or write the reason in "
                "its exception.",
            )
