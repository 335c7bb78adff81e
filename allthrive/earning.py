"""How a page shows a person what an action earned, or why it earned nothing."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest

from thrive_points import AwardResult


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Something that was done and kept, and why it earns nothing, in one sentence."""

    reason: str


def sentence(result: AwardResult) -> str:
    """Return what one award did, in one sentence that ends with a full stop.

    Args:
        result: what `PointsService` answered for the person who reads it.
    """
    explanation = result.explanation.rstrip(".")
    if result.points_awarded > 0 and explanation.startswith(str(result.points_awarded)):
        explanation = f"+{explanation}"
    return f"{explanation[:1].upper()}{explanation[1:]}."


def tell(request: HttpRequest, *outcomes: AwardResult | Unpaid) -> None:
    """Leave messages for the person: each award, what it completed besides, then any new level.

    Call it in the view with the results of the signed-in person's own awards, never with those of
    somebody else: the total is read from the last result.

    Args:
        request: the request whose person acted.
        outcomes: the awards in the order they were earned, and what was left unpaid.
    """
    for outcome in outcomes:
        if isinstance(outcome, Unpaid):
            messages.info(request, outcome.reason, extra_tags="unearned")
    results = [outcome for outcome in outcomes if isinstance(outcome, AwardResult)]
    if not results:
        return
    last = results[-1]
    for result in results:
        earned = result.points_awarded > 0
        text = sentence(result)
        if result is last:
            text = f"{text} Total {last.total_points:,}, level {last.level}."
        level = messages.SUCCESS if earned else messages.INFO
        messages.add_message(request, level, text, extra_tags="earned" if earned else "unearned")
        for also in result.also_earned:
            messages.success(request, sentence(also), extra_tags="bonus")
    if any(result.leveled_up for result in results):
        messages.success(request, f"You reached level {last.level}.", extra_tags="level")
