"""Members at the cap day after day: a person has better and worse days, a script has none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from thrive_points.review.caps import LOWEST_CAP
from thrive_points.review.finding import Finding
from thrive_points.review.records import DayRow
from thrive_points.review.rules_by_day import RulesByDay

NAME = "at_cap_daily"
LOOKS_FOR = (
    "All that an activity pays in a day used up, half-paid awards included, for daily caps of 3 "
    "and more: on 7 of 9 days in a row with a refused attempt on most, or on 13 of 15."
)

DAYS, WITHIN = 7, timedelta(days=9)
LONG, WITHIN_LONG = 13, timedelta(days=15)


def examine(member: Any, rows: Sequence[DayRow], rules: RulesByDay) -> Iterator[Finding]:
    """Yield a finding for each activity a member kept at its daily cap."""
    at_cap: defaultdict[str, list[DayRow]] = defaultdict(list)
    for row in rows:
        rule = rules.on(row.activity_type, row.day)
        if rule is None or rule.max_per_day is None or rule.max_per_day < LOWEST_CAP:
            continue
        if row.awards >= rule.max_per_day + sum(tier.awards for tier in rule.over_cap):
            at_cap[row.activity_type].append(row)
    for activity_type, full in at_cap.items():
        if _dense(full):
            refused = sum(row.capped for row in full)
            yield Finding(
                detector=NAME,
                members=(member,),
                activity_types=(activity_type,),
                since=full[0].day,
                until=full[-1].day,
                points=sum(row.points for row in full),
                summary=(
                    f"At the daily cap for {rules.label(activity_type)} on {len(full)} days "
                    f"between {full[0].day} and {full[-1].day}."
                ),
                evidence=(
                    f"{sum(row.awards for row in full)} awards on those {len(full)} days.",
                    f"{refused} more attempts on them were refused by the cap.",
                ),
            )


def _dense(full: Sequence[DayRow]) -> bool:
    return any(
        _within(full[n : n + DAYS], WITHIN)
        and 2 * sum(row.capped > 0 for row in full[n : n + DAYS]) > DAYS
        for n in range(len(full) - DAYS + 1)
    ) or any(_within(full[n : n + LONG], WITHIN_LONG) for n in range(len(full) - LONG + 1))


def _within(rows: Sequence[DayRow], span: timedelta) -> bool:
    return rows[-1].day - rows[0].day < span
