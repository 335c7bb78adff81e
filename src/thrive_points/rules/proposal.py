"""A suggestion for a new rule, beside the existing rules most like it. Django-free."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median_low

from thrive_points.core.activities import Category
from thrive_points.core.rubric import Effort, Frequency, Impact, Placing, place
from thrive_points.core.rule import Rule

MOST_SHOWN = 5
_ENUMS = (Effort, Impact, Frequency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a new activity might earn.

    Args:
        rule: the suggestion, whose notes are still to be written.
        placing: its band by the rubric, and why.
        alike: the existing rules most like it, the first most of all.
    """

    rule: Rule
    placing: Placing
    alike: tuple[tuple[str, Rule], ...]


def propose(
    name: str, effort: Effort, impact: Impact, frequency: Frequency, rules: Mapping[str, Rule]
) -> Proposal:
    """Suggest category, points and cap for an activity from its place in the rubric.

    The value is the middle one of the rules alike, held within the band; category and cap
    are those of the rules most like it.

    Args:
        name: the activity type, whose words are looked for among the others'.
        effort, impact, frequency: the three answers.
        rules: the existing rules.
    """
    placing = place(effort, impact, frequency)
    band = placing.band
    triple = (effort, impact, frequency)
    ranked = sorted(
        ((other, rule) for other, rule in rules.items() if other != name),
        key=lambda item: _distance(name, triple, *item),
    )
    alike = tuple(ranked[:MOST_SHOWN])
    same = [rule.base_points for _, rule in ranked if _triple(rule) == triple]
    near = same or [r.base_points for _, r in ranked if r.base_points in band][:MOST_SHOWN]
    points = median_low(near) if near else band.lowest
    points = max(band.lowest, points if band.highest is None else min(points, band.highest))
    votes = Counter[Category]()
    for position, (_, rule) in enumerate(alike):
        votes[rule.category] += MOST_SHOWN - position
    capped = next((rule for _, rule in alike if rule.max_per_day or rule.max_per_week), None)
    rarely = frequency is Frequency.RARELY
    return Proposal(
        rule=Rule(
            label=name.replace("_", " "),
            category=votes.most_common(1)[0][0] if votes else Category.PARTICIPATION,
            base_points=points,
            effort=effort,
            impact=impact,
            frequency=frequency,
            max_per_day=capped.max_per_day if capped else None if rarely else 5,
            max_per_week=capped.max_per_week if capped else 1 if rarely else None,
        ),
        placing=placing,
        alike=alike,
    )


def as_code(name: str, rule: Rule) -> str:
    """Return a rule as the entry to paste into a registry."""
    lines = [f'"{name}": Rule(', f'    label="{rule.label}",']
    lines.append(f"    category=Category.{rule.category.name},")
    lines.append(f"    base_points={rule.base_points},")
    for cap in ("max_per_day", "max_per_week"):
        if (value := getattr(rule, cap)) is not None:
            lines.append(f"    {cap}={value},")
    for field, value in zip(("effort", "impact", "frequency"), _triple(rule), strict=True):
        lines.append(f"    {field}={type(value).__name__}.{value.name},")
    return "\n".join([*lines, f'    notes="{rule.notes}",', "),"])


def _triple(rule: Rule) -> tuple[Effort, Impact, Frequency]:
    return rule.effort, rule.impact, rule.frequency


def _distance(
    name: str, triple: tuple[Effort, Impact, Frequency], other: str, rule: Rule
) -> tuple[int, str]:
    steps = sum(
        abs(list(enum).index(ours) - list(enum).index(theirs))
        for enum, ours, theirs in zip(_ENUMS, triple, _triple(rule), strict=True)
    )
    shared = len(set(name.split("_")) & set(other.split("_")))
    return steps - 2 * shared, other
