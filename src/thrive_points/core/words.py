"""One plain sentence for every decision, the same in pages, the API and the admin."""

from collections.abc import Iterable, Sequence
from typing import Any

from thrive_points.core.event import Outcome, Step

_SPAN = {"today": "today", "this_week": "this week"}
_POINTS_SPAN = {"points_today": "today", "points_this_week": "this week"}
_OWN_STEPS = {
    *(*_SPAN, *_POINTS_SPAN),
    *("base", "diminishing", "before", "final", "reversed", "adjusted", "imported"),
}


def steps_from_json(arithmetic: Iterable[Sequence[Any]]) -> tuple[Step, ...]:
    """Return the steps kept on an entry as JSON lists."""
    return tuple(Step(*step) for step in arithmetic)


def explain(
    outcome: Outcome, points: int, label: str, steps: Iterable[Step], reason: str = ""
) -> str:
    """Return why an entry gave the points it gave, in one sentence for the member.

    Args:
        outcome: the entry's outcome.
        points: its points; below zero for a reversal.
        label: the rule's words for the activity, such as "a completed quiz".
        steps: its arithmetic.
        reason: the reason a reversal or adjustment was given.
    """
    by_name = {step.name: step for step in steps}
    paid = f"{points} for {label}{_modified(by_name)}"
    counts = [_count(step, _SPAN[name]) for name, step in by_name.items() if name in _SPAN]
    match outcome:
        case Outcome.AWARDED:
            return _joined(paid, counts)
        case Outcome.REDUCED:
            return f"{paid}: {'; '.join(_reductions(by_name))}."
        case Outcome.CAPPED:
            return f"Nothing for {label}: {_cap_reached(by_name)}."
        case Outcome.COOLING_DOWN:
            return f"Nothing for {label}: too soon after the last one."
        case Outcome.DISABLED:
            return f"Nothing for {label}: it earns no points at the moment."
        case Outcome.NOT_ELIGIBLE:
            # Why is for staff: it may say more than a member is to read.
            return f"Nothing for {label}: this account earns no points at the moment."
        case Outcome.DUPLICATE | Outcome.CONFLICT:
            # What differs is the feature's to mend; the member sees that it counted once.
            return f"Nothing more for {label}: this was counted before."
        case Outcome.REVERSED:
            return f"{_taken(points)} for {label}: {reason}"
        case Outcome.PROMOTED:
            return f"{points} more for {label}: an earlier award was taken back and left room."
        case Outcome.ADJUSTED:
            return f"{points:+d} by the team: {reason}"
        case Outcome.IMPORTED:
            return f"{points:+d} for {label}, brought along{f': {reason}' if reason else '.'}"


def _modified(by_name: dict[str, Step]) -> str:
    """Return what the rule's modifiers made of its base, nothing where there is none."""
    factors = [
        f"{step.value} by {name}" for name, step in by_name.items() if name not in _OWN_STEPS
    ]
    return f" ({by_name['base'].value}, then {', '.join(factors)})" if factors else ""


def _joined(start: str, counts: list[str]) -> str:
    return f"{start}; {', '.join(counts)}." if counts else f"{start}."


def _count(step: Step, span: str) -> str:
    # Beyond the cap where it was lowered since, or where a tier pays in full.
    if step.of is not None and step.value > step.of:
        return f"{step.value} {span}, {step.of} of them within the cap"
    return f"{step.value} of {step.of} {span}"


def _taken(points: int) -> str:
    return f"{-points} taken back" if points else "Nothing to take back"


def _reductions(by_name: dict[str, Step]) -> list[str]:
    found = []
    if step := by_name.get("diminishing"):
        over = [
            f"{count.of} {_SPAN[name]}"
            for name, count in by_name.items()
            if name in _SPAN and count.of is not None and count.value > count.of
        ]
        found.append(f"{step.of}% beyond {' and '.join(over)}")
    for name, span in _POINTS_SPAN.items():
        if step := by_name.get(name):
            found.append(f"all that was left of {step.of} points {span}")
    return found


def _cap_reached(by_name: dict[str, Step]) -> str:
    week, day = by_name.get("this_week"), by_name.get("today")
    if week and week.of is not None and week.value >= week.of:
        return f"{_used_up(week, 'this week')}; again next week"
    if day and day.of is not None and day.value >= day.of:
        return f"{_used_up(day, 'today')}; again tomorrow"
    if step := by_name.get("points_this_week"):
        return f"all {step.of} points of this week are earned; again next week"
    if step := by_name.get("points_today"):
        return f"all {step.of} points of today are earned; again tomorrow"
    return "the limit is reached"


def _used_up(step: Step, span: str) -> str:
    if step.of is not None and step.value > step.of:
        # The cap was lowered after they were paid.
        return f"{step.value} paid {span} already, and the cap is now {step.of}"
    return f"{step.value} of {step.of} {span}"
