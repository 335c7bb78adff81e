"""Single-action grinders: members who do one thing only, over and over."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from thrive_points.core.rule import Rule
from thrive_points.review.records import DayRow
from thrive_points.review.rules_by_day import RulesByDay
from thrive_points.review.suspicion import Suspicion

NAME = "grinder"
LOOKS_FOR = (
    "30 or more awards of which 80 % are one activity, 3 or more of them a day; an activity "
    "that pays once a day or week cannot be ground."
)

AWARDS = 30
SHARE = 0.8
PER_DAY = 3.0


def examine(member: Any, rows: Sequence[DayRow], rules: RulesByDay) -> Iterator[Suspicion]:
    """Yield a suspicion if a member earned by one activity alone."""
    # Logins come by themselves with any visit; counting them would hide who does one thing only.
    counted = [row for row in rows if _can_be_ground(rules.on(row.activity_type, row.day))]
    awards = Counter[str]()
    for row in counted:
        awards[row.activity_type] += row.awards
    total = awards.total()
    if total < AWARDS:
        return
    [(activity_type, count)] = awards.most_common(1)
    own = [row for row in counted if row.activity_type == activity_type and row.awards > 0]
    if count < AWARDS or count < SHARE * total or count < PER_DAY * len(own):
        return
    yield Suspicion(
        detector=NAME,
        members=(member,),
        activity_types=(activity_type,),
        since=own[0].day,
        until=own[-1].day,
        points=sum(row.points for row in own),
        summary=(
            f"{count / total:.0%} of {total} awards are {rules.label(activity_type)}, "
            f"{count / len(own):.1f} a day on {len(own)} days."
        ),
        evidence=(
            f"{count} awards of one activity, {total - count} of any other.",
            f"{sum(row.capped for row in own)} more attempts were refused by a cap.",
        ),
    )


def _can_be_ground(rule: Rule | None) -> bool:
    return rule is not None and rule.max_per_day != 1 and rule.max_per_week != 1
