"""One member's history, decided again by the very functions that decided it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thrive_points.core.decide import decide
from thrive_points.core.event import Event, Outcome
from thrive_points.core.rule import Rule
from thrive_points.core.usage import NOTHING, DayTotal, Usage, usage_of
from thrive_points.exceptions import InvalidMetadata
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.streaks import Runs, progress_of, runs_with, streaks_without
from thrive_points.rules.rulebook import RuleBook
from thrive_points.validation import own_key
from thrive_points.whatif.comparison import Comparison

_MARKS = (own_key("streak", ""), own_key("goal", ""))
_CORRECTIONS = (Outcome.REVERSED, Outcome.ADJUSTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is replayed.

    Args:
        book: the rules as they were.
        draft: rules to decide by instead, by activity type.
        since, until: first and last day that are decided again; entries of other days are
            taken as recorded.
    """

    book: RuleBook
    draft: Mapping[str, Rule]
    since: date
    until: date

    def covers(self, day: date) -> bool:
        """Return whether events of a day are decided again."""
        return self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class _Answer:
    """What an event got in the replay."""

    outcome: Outcome
    points: int
    awards: int


@dataclass(slots=True)
class Replay:
    """A member's accounts while their history is decided again."""

    user_id: Any
    plan: Plan
    comparison: Comparison
    total: int = 0
    _days: dict[str, dict[date, DayTotal]] = field(default_factory=dict)
    _runs: Runs = field(default_factory=dict)
    _answers: dict[str, _Answer] = field(default_factory=dict)
    _recorded: dict[str, Entry] = field(default_factory=dict)

    def run(self, rows: list[Entry]) -> int:
        """Decide a member's entries again, in the order of recording, and return the total."""
        keys = {}
        for row in rows:
            if row.reverses is not None:
                keys[row.reverses] = ""
            if row.event_key.startswith(_MARKS):
                self._recorded[row.event_key] = row
        for row in rows:
            if row.number in keys:
                keys[row.number] = row.event_key
        for row in rows:
            if row.outcome == Outcome.REVERSED:
                assert row.reverses is not None
                self._reverse(row, keys[row.reverses])
            elif row.outcome == Outcome.ADJUSTED:
                self.total += row.points
                self._count(row.activity_type, row.day, Outcome.ADJUSTED, row.points)
            elif row.outcome == Outcome.IMPORTED:
                self._take(row)
            elif row.event_key in self._recorded and self.plan.covers(row.day):
                # Decided, if at all, along with the event that completed it.
                self.comparison.then(row.activity_type, row.day, row.outcome, row.points)
                continue
            else:
                self._decide(_event(row), row)
            self.comparison.then(row.activity_type, row.day, row.outcome, row.points)
        return self.total

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[date]:
        """Yield a user's days before one with an award of an activity, or of any, newest first."""
        chosen = self._days.values() if activity_type is None else [self._days_of(activity_type)]
        active = {on for days in chosen for on, day in days.items() if day.awards > 0}
        return iter(sorted((on for on in active if on < before), reverse=True))

    def _decide(self, event: Event, row: Entry | None) -> None:
        """Decide an event, and what it completes; `row` is its entry in the ledger, if any."""
        usage = usage_of(self._days_of(event.activity_type), event.day, event.week)
        answer = self._answer(event, usage, row)
        self._answers[event.event_key] = answer
        self._count(event.activity_type, event.day, answer.outcome, answer.points)
        if not answer.points:
            return
        progress = progress_of(self, self.user_id, self._runs, event, usage)
        self._runs = progress.streaks
        self._post(event, answer.awards, answer.points)
        if not self.plan.covers(event.day):
            return
        for done in progress.completed:
            if done.event_key not in self._answers:
                self._decide(done, self._recorded.get(done.event_key))

    def _take(self, row: Entry) -> None:
        """Take an entry as it stands, though it makes its day an active one."""
        event = _event(row)
        if row.awards:
            self._runs = runs_with(self, self.user_id, self._runs, {row.activity_type: {row.day}})
        self._answers[row.event_key] = _Answer(Outcome.IMPORTED, row.points, row.awards)
        self._post(event, row.awards, row.points)
        self._count(row.activity_type, row.day, Outcome.IMPORTED, row.points)

    def _answer(self, event: Event, usage: Usage, row: Entry | None) -> _Answer:
        plan = self.plan
        if row is not None and not plan.covers(event.day):
            return _Answer(Outcome(row.outcome), row.points, row.awards)
        rule = plan.draft.get(event.activity_type)
        if rule is None and row is not None:
            rule = plan.book.named(event.activity_type, row.rule_revision)
            if rule is None:
                # The code's rule of that day is gone; what it answered is in the ledger.
                self.comparison.as_recorded += 1
                return _Answer(Outcome(row.outcome), row.points, row.awards)
        if rule is None:
            rule = plan.book.resolve(event.activity_type, event.occurred_at, self.user_id)
        try:
            decision = decide(rule, usage, event)
        except InvalidMetadata:
            self.comparison.unusable += 1
            return _Answer(Outcome.DISABLED, 0, 0)
        return _Answer(decision.outcome, decision.points, int(decision.outcome.pays))

    def _reverse(self, row: Entry, key: str) -> None:
        answer = self._answers.pop(key, None)
        if answer is None:
            return
        # The key stays taken: a streak that was taken back is not earned by the same days.
        self._answers[key] = _Answer(Outcome.REVERSED, 0, 0)
        event = _event(row)
        self._post(event, -answer.awards, -answer.points)
        if answer.awards:
            self._runs = streaks_without(self, self.user_id, self._runs, event)
        self._count(row.activity_type, row.day, Outcome.REVERSED, -answer.points)

    def _post(self, event: Event, awards: int, points: int) -> None:
        self.total += points
        days = self._days_of(event.activity_type)
        days[event.day] = days.get(event.day, NOTHING).plus(awards, points, 0, event.occurred_at)

    def _days_of(self, activity_type: str) -> dict[date, DayTotal]:
        return self._days.setdefault(activity_type, {})

    def _count(self, activity_type: str, day: date, outcome: Outcome, points: int) -> None:
        self.comparison.now(activity_type, day, outcome, points)


def _event(row: Entry) -> Event:
    # Monday by its ordinal: a million dates are asked for it.
    week = date.fromordinal(row.day.toordinal() - row.day.weekday())
    return Event(
        activity_type=row.activity_type,
        event_key=row.event_key,
        occurred_at=row.occurred_at,
        day=row.day,
        week=week,
        metadata=json.loads(row.metadata) if len(row.metadata) > 2 else {},
    )
