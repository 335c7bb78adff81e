"""Single-action grinders: one thing only, over and over, like a machine.

Doing one thing only is no fault: people love something. A grinder's deeds are also alike.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from thrive_points.core.rule import Rule
from thrive_points.review.detectors.sameness import even_gaps, marks
from thrive_points.review.finding import Finding
from thrive_points.review.records import EventRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "grinder"
LOOKS_FOR = (
    "30 or more awards of which 80 % are one activity, 3 or more of them a day, alike in object, "
    "text, score or gaps; an activity that pays once a day or week cannot be ground."
)

AWARDS = 30
SHARE = 0.8
PER_DAY = 3.0
GAPS = 6


def examine(member: Any, events: Sequence[EventRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield a finding if a member earned by one activity alone, and like a machine."""
    # Logins come by themselves with any visit; counting them would hide who does one thing only.
    paid = [e for e in events if e.paid and _can_be_ground(rules.on(e.activity_type, e.day))]
    awards = Counter(event.activity_type for event in paid)
    total = awards.total()
    if total < AWARDS:
        return
    [(activity_type, count)] = awards.most_common(1)
    own = [event for event in paid if event.activity_type == activity_type]
    days = len({event.day for event in own})
    if count < AWARDS or count < SHARE * total or count < PER_DAY * days:
        return
    facts = list(marks(own))
    if not facts and even_gaps(own, GAPS):
        facts.append(f"{GAPS} gaps in a row vary by less than a tenth.")
    if not facts:
        return
    yield Finding(
        detector=NAME,
        members=(member,),
        activity_types=(activity_type,),
        since=own[0].day,
        until=own[-1].day,
        points=sum(event.points for event in own),
        summary=(
            f"{count / total:.0%} of {total} awards are {rules.label(activity_type)}, "
            f"{count / days:.1f} a day on {days} days, and alike."
        ),
        evidence=(f"{count} awards of one activity, {total - count} of any other.", *facts),
    )


def _can_be_ground(rule: Rule | None) -> bool:
    return rule is not None and rule.max_per_day != 1 and rule.max_per_week != 1
