"""One plain sentence for every decision, the same in pages, the API and the admin.

The sentences are English here. Whoever shows one to somebody gives a `Translator`, which is what
makes it their language; `django.utils.translation` itself is one.
"""

import gettext
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from thrive_points.core.event import Outcome, Step

_DAYS = ("today", "points_today")
_SPANS = ("today", "this_week")
_POINTS_SPANS = ("points_today", "points_this_week")
_OWN_STEPS = {
    *(*_SPANS, *_POINTS_SPANS),
    *("base", "diminishing", "before", "final", "reversed", "adjusted", "imported"),
}


class Translator(Protocol):
    """What gives a sentence in the reader's language."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int, /) -> str: ...


ENGLISH: Translator = gettext.NullTranslations()
"""The translator that leaves every sentence as it is."""


def translated(words: str, say: Translator) -> str:
    """Return words that are kept as data, such as a rule's label; "" stays what it is."""
    # gettext answers "" with the catalogue's header.
    return say.gettext(words) if words else words


def steps_from_json(arithmetic: Iterable[Sequence[Any]]) -> tuple[Step, ...]:
    """Return the steps kept on an entry as JSON lists."""
    return tuple(Step(*step) for step in arithmetic)


def explain(
    outcome: Outcome,
    points: int,
    label: str,
    steps: Iterable[Step],
    reason: str = "",
    say: Translator = ENGLISH,
) -> str:
    """Return why an entry gave the points it gave, in one sentence for the member.

    Args:
        outcome: the entry's outcome.
        points: its points; below zero for a reversal.
        label: the rule's words for the activity, such as "a completed quiz".
        steps: its arithmetic.
        reason: the reason a reversal or adjustment was given.
        say: gives the member's language.
    """
    by_name = {step.name: step for step in steps}
    what = {"points": points, "label": translated(label, say), "reason": reason}
    match outcome:
        case Outcome.AWARDED:
            return _ended(_paid(what, by_name, say), "; ", ", ".join(_counts(by_name, say)))
        case Outcome.REDUCED:
            return _ended(_paid(what, by_name, say), ": ", "; ".join(_reductions(by_name, say)))
        case Outcome.CAPPED:
            cap = {"cap": _cap_reached(by_name, say)}
            return say.gettext("Nothing for %(label)s: %(cap)s.") % (what | cap)
        case Outcome.COOLING_DOWN:
            return say.gettext("Nothing for %(label)s: too soon after the last one.") % what
        case Outcome.DISABLED:
            return say.gettext("Nothing for %(label)s: it earns no points at the moment.") % what
        case Outcome.NOT_ELIGIBLE:
            # Why is for staff: it may say more than a member is to read.
            pattern = say.gettext(
                "Nothing for %(label)s: this account earns no points at the moment."
            )
            return pattern % what
        case Outcome.DUPLICATE | Outcome.CONFLICT:
            # What differs is the feature's to mend; the member sees that it counted once.
            return say.gettext("Nothing more for %(label)s: this was counted before.") % what
        case Outcome.PROMOTED:
            pattern = say.gettext(
                "%(points)d more for %(label)s: an earlier award was taken back and left room."
            )
            return pattern % what
        case Outcome.REVERSED:
            what |= {"points": -points}
            if not points:
                return say.gettext("Nothing to take back for %(label)s: %(reason)s") % what
            return say.gettext("%(points)d taken back for %(label)s: %(reason)s") % what
        case Outcome.ADJUSTED:
            return say.gettext("%(points)+d by the team: %(reason)s") % what
        case Outcome.IMPORTED:
            if not reason:
                return say.gettext("%(points)+d for %(label)s, brought along.") % what
            return say.gettext("%(points)+d for %(label)s, brought along: %(reason)s") % what


def _ended(start: str, joint: str, rest: str) -> str:
    return f"{start}{joint}{rest}." if rest else f"{start}."


def _paid(what: dict[str, Any], by_name: dict[str, Step], say: Translator) -> str:
    """Return what was paid, and what the rule's modifiers made of its base."""
    factors = [
        say.gettext("%(points)d by %(modifier)s")
        % {"points": step.value, "modifier": translated(name, say)}
        for name, step in by_name.items()
        if name not in _OWN_STEPS
    ]
    paid = say.gettext("%(points)d for %(label)s") % what
    if not factors:
        return paid
    base = {"base": by_name["base"].value, "factors": ", ".join(factors)}
    return paid + " " + say.gettext("(%(base)d, then %(factors)s)") % base


def _counts(by_name: dict[str, Step], say: Translator) -> list[str]:
    return [_count(name, by_name[name], say) for name in by_name if name in _SPANS]


def _count(span: str, step: Step, say: Translator) -> str:
    """Return how many there were of how many that pay."""
    # Beyond the cap where it was lowered since, or where a tier pays in full.
    if step.of is not None and step.value > step.of:
        pattern = (
            say.gettext("%(count)d today, %(cap)d of them within the cap")
            if span in _DAYS
            else say.gettext("%(count)d this week, %(cap)d of them within the cap")
        )
        return pattern % {"count": step.value, "cap": step.of}
    pattern = (
        say.gettext("%(count)d of %(cap)d today")
        if span in _DAYS
        else say.gettext("%(count)d of %(cap)d this week")
    )
    return pattern % {"count": step.value, "cap": step.of or 0}


def _reductions(by_name: dict[str, Step], say: Translator) -> list[str]:
    found = []
    if step := by_name.get("diminishing"):
        over = [
            (say.gettext("%(cap)d today") if name in _DAYS else say.gettext("%(cap)d this week"))
            % {"cap": count.of}
            for name, count in by_name.items()
            if name in _SPANS and count.of is not None and count.value > count.of
        ]
        beyond = {"percent": step.of or 0, "places": say.gettext(" and ").join(over)}
        found.append(say.gettext("%(percent)d%% beyond %(places)s") % beyond)
    for name in _POINTS_SPANS:
        if step := by_name.get(name):
            cap = step.of or 0
            pattern = (
                say.ngettext(
                    "all that was left of %(cap)d point today",
                    "all that was left of %(cap)d points today",
                    cap,
                )
                if name in _DAYS
                else say.ngettext(
                    "all that was left of %(cap)d point this week",
                    "all that was left of %(cap)d points this week",
                    cap,
                )
            )
            found.append(pattern % {"cap": cap})
    return found


def _cap_reached(by_name: dict[str, Step], say: Translator) -> str:
    week, day = by_name.get("this_week"), by_name.get("today")
    tomorrow, next_week = say.gettext("again tomorrow"), say.gettext("again next week")
    if week and week.of is not None and week.value >= week.of:
        return f"{_used_up('this_week', week, say)}; {next_week}"
    if day and day.of is not None and day.value >= day.of:
        return f"{_used_up('today', day, say)}; {tomorrow}"
    if step := by_name.get("points_this_week"):
        earned = say.ngettext(
            "all %(cap)d point of this week is earned",
            "all %(cap)d points of this week are earned",
            step.of or 0,
        )
        return f"{earned % {'cap': step.of or 0}}; {next_week}"
    if step := by_name.get("points_today"):
        earned = say.ngettext(
            "all %(cap)d point of today is earned",
            "all %(cap)d points of today are earned",
            step.of or 0,
        )
        return f"{earned % {'cap': step.of or 0}}; {tomorrow}"
    return say.gettext("the limit is reached")


def _used_up(span: str, step: Step, say: Translator) -> str:
    if step.of is not None and step.value > step.of:
        # The cap was lowered after they were paid.
        pattern = (
            say.gettext("%(count)d paid today already, and the cap is now %(cap)d")
            if span in _DAYS
            else say.gettext("%(count)d paid this week already, and the cap is now %(cap)d")
        )
        return pattern % {"count": step.value, "cap": step.of}
    return _count(span, step, say)
