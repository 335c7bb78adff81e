"""simulate(): replay the ledger under draft rules."""

from collections.abc import Callable, Mapping
from datetime import date

from thrive_points.core.rule import Rule
from thrive_points.rules.current import rulebook
from thrive_points.whatif.comparison import Comparison
from thrive_points.whatif.ledger import by_member, check_span
from thrive_points.whatif.replay import Plan, Replay


def simulate(
    draft: Mapping[str, Rule],
    since: date,
    until: date,
    *,
    progress: Callable[[int], object] | None = None,
) -> Comparison:
    """Decide the ledger's events of a span again, as if draft rules had been in force.

    Streaks, goals and reversals are replayed along. Activities without a draft rule, and
    days before the span, keep what the ledger says of them. An empty draft reproduces the
    ledger.

    Args:
        draft: rules by activity type.
        since: first of the members' local days to decide again.
        until: last of them.
        progress: called with the number of entries read since its last call.

    Raises:
        EmptySpan: no event lies in the span.
    """
    entries = check_span(since, until)
    comparison = Comparison(since=since, until=until)
    plan = Plan(book=rulebook(), draft=draft, since=since, until=until)
    for user_id, rows in by_member(entries):
        now = Replay(user_id, plan, comparison).run(rows)
        comparison.member(user_id, sum(row.points for row in rows), now)
        if progress is not None:
            progress(len(rows))
    return comparison


def count_entries(since: date, until: date) -> int:
    """Return how many entries a simulation of a span reads.

    Raises:
        EmptySpan: no event lies in the span.
    """
    return check_span(since, until).count()
