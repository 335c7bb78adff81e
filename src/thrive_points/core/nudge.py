"""The nudge: which category a member could fill next, and what to do for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from thrive_points.core.activities import Category
from thrive_points.core.rubric import Frequency
from thrive_points.core.words import ENGLISH, Translator, translated

SUGGESTIONS = 3

_EASE = {Frequency.OFTEN: 0, Frequency.SOMETIMES: 1, Frequency.RARELY: 2}


class Opportunity(Protocol):
    """What a nudge needs to know of an activity."""

    @property
    def category(self) -> Category: ...

    @property
    def frequency(self) -> Frequency: ...

    @property
    def next_points(self) -> int: ...

    @property
    def available(self) -> bool: ...

    @property
    def direct(self) -> bool: ...


Offer = TypeVar("Offer", bound=Opportunity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nudge:
    """A gentle push.

    Args:
        category: where it pushes.
        message: one or two plain sentences without a reproach.
    """

    category: Category
    message: str


def next_steps(
    offers: Iterable[Offer], category: Category | None = None, limit: int = SUGGESTIONS
) -> list[Offer]:
    """Return what a member could do now, the everyday first, then by points.

    Args:
        offers: what can be earned; what is capped, or pays by itself, is left out.
        category: keep to one category; None for all.
        limit: how many at most.
    """
    open_now = [offer for offer in offers if _open(offer) and category in (None, offer.category)]
    return sorted(open_now, key=lambda offer: (_EASE[offer.frequency], -offer.next_points))[:limit]


def nudge(
    totals: Mapping[Category, int],
    offers: Iterable[Opportunity],
    span: str,
    say: Translator = ENGLISH,
) -> Nudge | None:
    """Return the push towards a fuller balance, None when nothing is missing or to be had.

    A category is missing when it has less than half of an even share of the points.

    Args:
        totals: points by category.
        offers: what can be earned; a category without any is never pushed.
        span: completes "nothing earned ...", in the member's language: "in the last 30 days".
        say: gives the member's language.
    """
    reachable = {offer.category for offer in offers if _open(offer)}
    candidates = [category for category in totals if category in reachable]
    if not candidates:
        return None
    everything = sum(totals.values())
    least = min(candidates, key=lambda category: totals[category])
    if everything <= 0:
        pattern = say.gettext("Nothing earned %(span)s yet. Each of these is a good way to begin.")
    elif totals[least] <= 0:
        pattern = say.gettext(
            "Nothing from %(category)s %(span)s yet. One of these would change that."
        )
    elif totals[least] * 2 * len(totals) < everything:
        pattern = say.ngettext(
            "%(category)s is your smallest part %(span)s: %(points)s of %(total)s point. One of "
            "these would round it out.",
            "%(category)s is your smallest part %(span)s: %(points)s of %(total)s points. One of "
            "these would round it out.",
            everything,
        )
    else:
        return None
    message = pattern % {
        "category": translated(least.label, say),
        "span": span,
        "points": f"{totals[least]:,}",
        "total": f"{everything:,}",
    }
    return Nudge(category=least, message=message)


def _open(offer: Opportunity) -> bool:
    return offer.available and offer.direct
