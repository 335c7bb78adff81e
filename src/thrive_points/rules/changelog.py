"""The change log: each revision and experiment as a sentence that says what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from thrive_points.models import PointRule, RuleExperiment
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import Difference, differences


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A revision and what it changed.

    Args:
        row: the revision.
        changed: the fields that differ from the rule it takes the place of, which everybody
            had until then.
        state: scheduled, in force, over, or replaced by a later one.
    """

    row: PointRule
    changed: list[Difference]
    state: str

    @property
    def version(self) -> str:
        """Return the revision's name."""
        return f"r{self.row.revision}"

    @property
    def summary(self) -> str:
        """Return what changed in one line."""
        if not self.row.definition:
            return "returns to the rule in code"
        return "; ".join(map(str, self.changed)) or "keeps the values"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedChange:
    """One line of the history."""

    at: datetime
    who: str
    activity_type: str
    what: str
    when: str
    reason: str


def changes_of(activity_type: str) -> list[RuleChange]:
    """Return an activity's revisions with what each changed, the oldest first."""
    in_code = to_definition(rulebook().in_code(activity_type))
    rows = list(
        PointRule.objects.filter(activity_type=activity_type)
        .order_by("revision")
        .select_related("author")
    )
    now, found = timezone.now(), []
    for position, row in enumerate(rows):
        replaced = next(
            (
                earlier.definition
                for earlier in reversed(rows[:position])
                if earlier.share == 100 and _covers(earlier, row.effective_from)
            ),
            None,
        )
        changed = differences(replaced or in_code, row.definition or in_code)
        found.append(
            RuleChange(row=row, changed=changed, state=_state(row, rows[position + 1 :], now))
        )
    return found


def _covers(row: PointRule, instant: datetime) -> bool:
    return row.effective_from <= instant and (
        row.effective_until is None or instant < row.effective_until
    )


def _state(row: PointRule, later: Sequence[PointRule], now: datetime) -> str:
    if row.effective_from > now:
        return "scheduled"
    if row.effective_until is not None and row.effective_until <= now:
        return "over"
    replaced = any(_covers(other, now) and other.share >= row.share for other in later)
    return "replaced" if replaced else "in force"


class History(Sequence[LoggedChange]):
    """Every change of the economy, the newest first; reads a page at a time."""

    def __init__(self) -> None:
        rules = PointRule.objects.values_list("created_at", "pk")
        experiments = RuleExperiment.objects.values_list("created_at", "pk")
        stops = RuleExperiment.objects.exclude(stopped_at=None).values_list("stopped_at", "pk")
        kinds = (("rule", rules), ("experiment", experiments), ("stop", stops))
        self._keys = sorted(
            ((at, kind, pk) for kind, rows in kinds for at, pk in rows), reverse=True
        )

    def number_of(self, index: int) -> int:
        """Return the number of an item, counting from the first change ever made."""
        return len(self) - index

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, index: Any) -> Any:
        """Return a slice of the history; a page never takes a single item."""
        keys = self._keys[index]
        wanted = {
            kind: [pk for _, k, pk in keys if k == kind] for kind in ("rule", "experiment", "stop")
        }
        rules = PointRule.objects.select_related("author").in_bulk(wanted["rule"])
        experiments = RuleExperiment.objects.select_related("author", "stopped_by").in_bulk(
            {*wanted["experiment"], *wanted["stop"]}
        )
        known = set(rulebook().activity_types())
        names = {row.activity_type for row in rules.values()} & known
        summaries = {c.row.pk: c.summary for name in names for c in changes_of(name)}
        return [
            _of_rule(rules[pk], summaries.get(pk, "its rule is gone from the code"))
            if kind == "rule"
            else _of_experiment(experiments[pk], stopped=kind == "stop")
            for _, kind, pk in keys
        ]


def _of_rule(row: PointRule, summary: str) -> LoggedChange:
    whom = "" if row.share == 100 else f", for {row.share}% of the members"
    return LoggedChange(
        at=row.created_at,
        who=_name(row.author),
        activity_type=row.activity_type,
        what=f"r{row.revision}: {summary}{whom}",
        when=_span(row.effective_from, row.effective_until),
        reason=row.reason,
    )


def _of_experiment(row: RuleExperiment, *, stopped: bool) -> LoggedChange:
    if stopped:
        assert row.stopped_at is not None
        return LoggedChange(
            at=row.stopped_at,
            who=_name(row.stopped_by),
            activity_type=row.activity_type,
            what=f"stops experiment x{row.pk}, {row.name}",
            when=_span(row.stopped_at, None),
            reason=row.stop_reason,
        )
    arms = ", ".join(
        f"{arm['name']} pays {arm['definition']['base_points']} to {arm['share']}%"
        for arm in row.arms
    )
    return LoggedChange(
        at=row.created_at,
        who=_name(row.author),
        activity_type=row.activity_type,
        what=f"starts experiment x{row.pk}, {row.name}: {arms}",
        when=_span(row.starts_at, row.ends_at),
        reason=row.reason,
    )


def _name(user: Any) -> str:
    return user.get_username() if user else "the system"


def _span(start: datetime, end: datetime | None) -> str:
    span = f"from {timezone.localtime(start):%Y-%m-%d %H:%M}"
    return f"{span} until {timezone.localtime(end):%Y-%m-%d %H:%M}" if end else span
