"""Points by hand for oneself, or by the same person for the same member again and again."""

from collections.abc import Iterable, Iterator
from typing import Any

from thrive_points.review.corrections import Correction
from thrive_points.review.finding import Finding
from thrive_points.rules.current import ADJUSTMENT

NAME = "corrections"
LOOKS_FOR = (
    "Points that somebody of the staff gave themselves, that two gave each other, or that one gave "
    "the same member 3 times or more and hardly to anybody else."
)

TIMES = 3
SHARE = 0.5


def examine(corrected: Iterable[Correction]) -> Iterator[Finding]:
    """Yield a finding for each such giving."""
    rows = list(corrected)
    given: dict[Any, int] = {}
    for row in rows:
        given[row.actor] = given.get(row.actor, 0) + row.times
    by_whom = {(row.actor, row.member): row for row in rows}
    for row in rows:
        back = by_whom.get((row.member, row.actor))
        if row.member == row.actor:
            yield _finding([row], "Somebody of the staff gave points to themselves.")
        elif back is not None:
            # Told once for the two.
            if str(row.member) < str(row.actor):
                yield _finding([row, back], "Two members of the staff gave points to each other.")
        elif row.times >= TIMES and row.times >= SHARE * given[row.actor]:
            yield _finding([row], f"One person gave the same member points {row.times} times.")


def _finding(rows: list[Correction], summary: str) -> Finding:
    return Finding(
        detector=NAME,
        members=tuple(dict.fromkeys(one for row in rows for one in (row.member, row.actor))),
        activity_types=(ADJUSTMENT,),
        since=min(row.since for row in rows),
        until=max(row.until for row in rows),
        points=sum(row.points for row in rows),
        summary=summary,
        evidence=tuple(
            f"Member {row.actor} gave member {row.member} {row.points} points in {row.times} "
            "adjustments."
            for row in rows
        ),
    )
