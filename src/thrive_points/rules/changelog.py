"""The change log: each revision and experiment as a sentence that says what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from thrive_points.models import PointRule, RuleExperiment, RuleWithdrawal
from thrive_points.rules.current import rulebook, written
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.diff import Difference, differences
from thrive_points.rules.rulebook import State, name_of_source


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A revision and what it changed.

    Args:
        row: the revision.
        changed: the fields that differ from the rule it takes the place of, which everybody
            had until then.
        state: where it stands, by the rule book that awards are decided by.
        decides_from: when it decides next, where it is scheduled.
        withdrawal: that it was taken back, if it was.
    """

    row: PointRule
    changed: list[Difference]
    state: State
    decides_from: datetime | None = None
    withdrawal: RuleWithdrawal | None = None

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

    @property
    def may_be_withdrawn(self) -> bool:
        """Return whether there is something to take back."""
        return self.withdrawal is None and self.state in (
            State.SCHEDULED,
            State.IN_FORCE,
            State.UNREADABLE,
        )


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
    book, now = rulebook(), timezone.now()
    states = book.states(activity_type, now)
    starts: dict[str, datetime] = {}
    for stretch in book.stretches(activity_type, now):
        for source in stretch.sources:
            starts.setdefault(name_of_source(source), stretch.starts)
    in_code = to_definition(book.in_code(activity_type))
    rows = written(PointRule).filter(activity_type=activity_type).order_by("revision")
    found = []
    for row in rows.select_related("author", "withdrawal__author"):
        name = f"r{row.revision}"
        # One that this process has not heard of yet, or that is not committed, is to come.
        state = states.get(name, State.SCHEDULED)
        older = book.before(activity_type, name) if name in states else book
        definition = row.definition if isinstance(row.definition, dict) else {}
        replaced = to_definition(older.resolve(activity_type, row.effective_from))
        found.append(
            RuleChange(
                row=row,
                changed=differences(replaced, definition or in_code),
                state=state,
                decides_from=starts.get(name) if state is State.SCHEDULED else None,
                withdrawal=getattr(row, "withdrawal", None),
            )
        )
    return found


class History(Sequence[LoggedChange]):
    """Every change of the economy, the newest first; reads a page at a time."""

    def __init__(self) -> None:
        rules = PointRule.objects.values_list("created_at", "pk")
        experiments = RuleExperiment.objects.values_list("created_at", "pk")
        stops = RuleExperiment.objects.exclude(stopped_at=None).values_list("stopped_at", "pk")
        withdrawals = RuleWithdrawal.objects.values_list("created_at", "pk")
        kinds = (
            ("rule", rules),
            ("withdrawal", withdrawals),
            ("experiment", experiments),
            ("stop", stops),
        )
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
        wanted: dict[str, list[int]] = {"rule": [], "withdrawal": [], "experiment": [], "stop": []}
        for _, kind, pk in keys:
            wanted[kind].append(pk)
        rules = PointRule.objects.select_related("author").in_bulk(wanted["rule"])
        experiments = RuleExperiment.objects.select_related("author", "stopped_by").in_bulk(
            {*wanted["experiment"], *wanted["stop"]}
        )
        withdrawals = RuleWithdrawal.objects.select_related("author", "revision").in_bulk(
            wanted["withdrawal"]
        )
        known = set(rulebook().activity_types())
        names = {row.activity_type for row in rules.values()} & known
        summaries = {c.row.pk: c.summary for name in names for c in changes_of(name)}
        return [
            _of_rule(rules[pk], summaries.get(pk, "its rule is gone from the code"))
            if kind == "rule"
            else _of_withdrawal(withdrawals[pk])
            if kind == "withdrawal"
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


def _of_withdrawal(row: RuleWithdrawal) -> LoggedChange:
    return LoggedChange(
        at=row.created_at,
        who=_name(row.author),
        activity_type=row.revision.activity_type,
        what=f"withdraws r{row.revision.revision}",
        when=_span(row.effective_from, None),
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
        f"{arm['name']} pays {arm['definition'].get('base_points')} to {arm['share']}%"
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
