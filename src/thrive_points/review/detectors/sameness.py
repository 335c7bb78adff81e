"""Sameness: what nobody repeats so exactly, however patiently it is spread over the days."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import fmean, pstdev
from typing import Any

from thrive_points.review.finding import Finding
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "sameness"
LOOKS_FOR = (
    "One activity with the same object 8 times or more and in half of its events, the same or "
    "nearly the same text 6 times and in half of them, the same score in 20 and 95 % of them "
    "where others are better, or gaps that vary by less than a tenth, 12 in a row."
)

OBJECTS, TEXTS, SCORES, GAPS = 8, 6, 20, 12
HALF, NEARLY_ALL = 0.5, 0.95
EVEN = 0.1
SITTING = 4 * 3600
"""Longer gaps, in seconds, lie between two sittings and say nothing."""
PERFECT = (1.0, 100.0)
"""Whoever always has everything right knows it by now."""

_WORD = re.compile(r"\w+")


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield a finding for each activity a member did over and over in the same way."""
    by_activity: defaultdict[str, list[EventRow]] = defaultdict(list)
    for event in events:
        if event.activity_type not in rules.completions:
            by_activity[event.activity_type].append(event)
    for activity_type, own in by_activity.items():
        if len(own) >= TEXTS and (facts := tuple(marks(own))):
            yield Finding(
                detector=NAME,
                members=(member,),
                activity_types=(activity_type,),
                since=own[0].day,
                until=own[-1].day,
                points=sum(event.points for event in own),
                summary=f"{rules.label(activity_type)}, {len(own)} times and always the same.",
                evidence=facts,
            )


def marks(events: Sequence[EventRow]) -> Iterator[str]:
    """Yield what is the same about events of one activity, each a sentence."""
    objects = Counter(event.object for event in events if event.object is not None)
    if objects:
        name, times = objects.most_common(1)[0]
        if times >= OBJECTS and times >= HALF * len(events):
            yield f"{times} of {len(events)} are about the same object ({name})."
    texts = Counter(_gist(event.text) for event in events if event.text)
    if texts:
        times = texts.most_common(1)[0][1]
        if times >= TEXTS and times >= HALF * len(events):
            yield f"{times} of {len(events)} say the same, or nearly so."
    scores = Counter(event.score for event in events if event.score is not None)
    if scores:
        score, times = scores.most_common(1)[0]
        if times >= SCORES and times >= NEARLY_ALL * len(events) and score not in PERFECT:
            yield f"{times} of {len(events)} have the same score ({score:g})."
    if run := even_gaps(events):
        yield f"{run} gaps in a row vary by less than a tenth."


def even_gaps(events: Sequence[EventRow], least: int = GAPS) -> int:
    """Return how many gaps within sittings are alike, 0 for fewer than `least` in a row."""
    gaps = [
        seconds
        for before, after in pairwise(events)
        if 1 <= (seconds := (after.occurred_at - before.occurred_at).total_seconds()) < SITTING
    ]
    for start in range(len(gaps) - least + 1):
        window = gaps[start : start + least]
        if max(window) - min(window) <= 4 * EVEN * window[0] and pstdev(window) < EVEN * fmean(
            window
        ):
            return least
    return 0


def _gist(text: str) -> str:
    """Return what is left of a text when its order, case, digits and small words do not matter."""
    words = sorted({word for word in _WORD.findall(text.lower()) if len(word) > 3})
    # One word swapped among many is nearly the same; so the longest few decide.
    return " ".join(sorted(words, key=lambda word: (-len(word), word))[:4]) or text.strip().lower()
