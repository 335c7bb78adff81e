"""One member's history, decided again by the very functions that decided it."""

import json
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from thrive_points.calendar.zones import skips_of
from thrive_points.core.decide import decide
from thrive_points.core.event import Event, Outcome, never
from thrive_points.core.promotion import Short, promotions
from thrive_points.core.rule import Rule
from thrive_points.core.streaks import Skips
from thrive_points.core.usage import NOTHING, DayTotal, Nearest, Usage, nearest_among, usage_of
from thrive_points.exceptions import InvalidMetadata, UnknownActivityType
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.shorts import FREES_ROOM, SHORT, promoted_event
from thrive_points.ledger.streaks import (
    ActiveDay,
    Mark,
    Runs,
    progress_of,
    runs_with,
    streaks_without,
)
from thrive_points.rules.rulebook import RuleBook
from thrive_points.validation import own_key
from thrive_points.whatif.comparison import Comparison

_MARKS = (own_key("streak", ""), own_key("goal", ""))
_DECIDED = (
    Outcome.AWARDED,
    Outcome.REDUCED,
    Outcome.CAPPED,
    Outcome.COOLING_DOWN,
    Outcome.DISABLED,
)


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


@dataclass(slots=True)
class _Answer:
    """What an event got in the replay.

    Args:
        event: the event, on the day that it has in the replay.
        outcome: what became of it.
        points: what it was paid.
        awards: 1 if it took a place under the caps.
        number: of its entry in the ledger; below zero where the ledger has none.
        promotions: what it was paid later.
        taken: whether it was taken back.
    """

    event: Event
    outcome: Outcome
    points: int
    awards: int
    number: int
    promotions: list["_Answer"] = field(default_factory=list)
    taken: bool = False


@dataclass(slots=True)
class Replay:
    """A member's accounts while their history is decided again."""

    user_id: Any
    plan: Plan
    comparison: Comparison
    total: int = 0
    _days: dict[str, dict[date, DayTotal]] = field(default_factory=dict)
    _paid_at: dict[str, list[datetime]] = field(default_factory=dict)
    _runs: Runs = field(default_factory=dict)
    _answers: dict[str, _Answer] = field(default_factory=dict)
    _shorts: dict[tuple[str, date], list[_Answer]] = field(default_factory=dict)
    _known_marks: list[Mark] = field(default_factory=list)
    _recorded: dict[str, Entry] = field(default_factory=dict)
    _skips: Skips = never

    def run(self, rows: list[Entry]) -> int:
        """Decide a member's entries again, in the order of recording, and return the total."""
        self._skips = partial(skips_of([self.user_id]), self.user_id)
        reversed_numbers = {row.reverses for row in rows}
        keys = {row.number: row.event_key for row in rows if row.number in reversed_numbers}
        self._recorded = {row.event_key: row for row in rows if row.event_key.startswith(_MARKS)}
        for row in rows:
            self.comparison.then(row.activity_type, row.day, row.outcome, row.points)
            if row.reverses is not None:
                self._reverse(row, keys[row.reverses])
            elif self._follows(row) and self.plan.covers(row.day):
                continue  # Decided, if at all, along with what it follows from.
            elif row.outcome in _DECIDED:
                self._decide(_event(row, self._skips), row)
            elif row.outcome == Outcome.IMPORTED:
                self._take(row)
            else:
                self._as_it_stands(row)
        return self.total

    def active_days(
        self,
        user_id: Any,
        activity_type: str | None,
        before: date = date.max,
        less: tuple[str, date] | None = None,
    ) -> Iterator[ActiveDay]:
        """Yield a user's days before one with an award of an activity, or of any, newest first."""
        active = (one for one in self._active(activity_type) if one.day < before)
        return iter(sorted(active, reverse=True))

    def active_days_from(
        self, user_id: Any, activity_type: str | None, since: date
    ) -> Iterator[ActiveDay]:
        """Yield a user's days from one on with an award of an activity, or of any, oldest first."""
        active = (one for one in self._active(activity_type) if one.day >= since)
        return iter(sorted(active))

    def marks(self, user_id: Any, first_key: str, last_key: str) -> list[Mark]:
        """Return the entries of streaks so far; it is for the caller to choose among them."""
        return self._known_marks

    def _active(self, activity_type: str | None) -> Iterator[ActiveDay]:
        chosen = self._days.values() if activity_type is None else [self._days_of(activity_type)]
        for days in chosen:
            for day, total in days.items():
                if total.awards > 0 and total.last_awarded_at is not None:
                    yield ActiveDay(day, total.last_awarded_at)

    def _follows(self, row: Entry) -> bool:
        """Return whether an entry is no event of its own, but follows from another entry."""
        return row.outcome == Outcome.PROMOTED or row.event_key in self._recorded

    def _decide(self, event: Event, row: Entry | None) -> None:
        """Decide an event, and what it completes; `row` is its entry in the ledger, if any."""
        near = nearest_among(self._paid_at.get(event.activity_type, ()), event.occurred_at)
        usage = usage_of(self._days_of(event.activity_type), event.day, event.week, near)
        outcome, points = self._answer(event, usage, row)
        number = -len(self._answers) - 1 if row is None else row.number
        answer = _Answer(event, outcome, points, int(outcome.pays), number)
        if outcome in SHORT:
            self._shorts.setdefault((event.activity_type, event.week), []).append(answer)
        if event.event_key.startswith(_MARKS):
            self._known_marks.append(Mark(event.event_key, event.activity_type, event.day))
        self._pay(answer, usage)

    def _pay(self, answer: _Answer, usage: Usage) -> None:
        """Book an answer, and decide the streaks and goals that it completes."""
        event = answer.event
        self._answers[event.event_key] = answer
        self._count(event, answer.outcome, answer.points)
        completed: tuple[Event, ...] = ()
        if answer.awards:
            days = self._days_of(event.activity_type)
            progress = progress_of(self, self.user_id, self._runs, event, usage, days)
            self._runs, completed = progress
        self._post(event, answer.awards, answer.points)
        for done in completed:
            if self.plan.covers(done.day) and done.event_key not in self._answers:
                self._decide(done, self._recorded.get(done.event_key))

    def _answer(self, event: Event, usage: Usage, row: Entry | None) -> tuple[Outcome, int]:
        plan = self.plan
        if row is not None and not plan.covers(event.day):
            return Outcome(row.outcome), row.points
        rule = plan.draft.get(event.activity_type)
        if rule is None and row is not None:
            rule = plan.book.named(event.activity_type, row.rule_revision)
            if rule is None:
                # The code's rule of that day is gone; what it answered is in the ledger.
                self.comparison.as_recorded += 1
                return Outcome(row.outcome), row.points
        if rule is None:
            rule = plan.book.resolve(event.activity_type, event.occurred_at, self.user_id)
        try:
            decision = decide(rule, usage, event)
        except InvalidMetadata:
            self.comparison.unusable += 1
            return Outcome.DISABLED, 0
        return decision.outcome, decision.points

    def _take(self, row: Entry) -> None:
        """Take an imported entry: it makes its day an active one, but no mark is paid for it."""
        event = _event(row, self._skips)
        if row.awards:
            days = {row.activity_type: {row.day}}
            self._runs = runs_with(self, self.user_id, self._runs, days, self._skips)
        answer = _Answer(event, Outcome.IMPORTED, row.points, row.awards, row.number)
        self._answers[row.event_key] = answer
        self._count(event, answer.outcome, answer.points)
        self._post(event, answer.awards, answer.points)

    def _as_it_stands(self, row: Entry) -> None:
        """Book an entry that no rule decides now: a correction by hand, or one of other days."""
        event = _event(row, self._skips)
        answer = _Answer(event, Outcome(row.outcome), row.points, max(row.awards, 0), row.number)
        near = nearest_among((), event.occurred_at)
        self._pay(answer, usage_of(self._days_of(event.activity_type), event.day, event.week, near))

    def _reverse(self, row: Entry, key: str) -> None:
        """Take back what an event, and its promotions, got in the replay."""
        original = self._answers.get(key)
        if original is None or original.taken:
            return
        for answer in (original, *original.promotions):
            if not answer.taken:
                # The key stays taken: a mark that was taken back is not earned again.
                answer.taken = True
                self._post(answer.event, -answer.awards, -answer.points)
                if answer.awards:
                    self._runs = streaks_without(self, self.user_id, self._runs, answer.event)
                self._count(answer.event, Outcome.REVERSED, -answer.points)
        if _metadata(row) == FREES_ROOM:
            self._promote(original.event, row.number)

    def _promote(self, event: Event, cause: int) -> None:
        """Pay the events of a week for which a reversal has left room."""
        week = (event.activity_type, event.week)
        found = {answer.number: answer for answer in self._shorts.get(week, ()) if _stands(answer)}
        shorts = sorted(
            (_short(one) for one in found.values() if self.plan.covers(one.event.day)),
            key=lambda one: (one.event.day, one.event.occurred_at, one.number),
        )
        days = dict(self._days_of(event.activity_type))
        for short, _, usage, decision in promotions(shorts, days, self._rule_of, self._nearest):
            promotion = _Answer(
                promoted_event(short, cause),
                Outcome.PROMOTED,
                decision.points,
                int(not short.holds),
                -len(self._answers) - 1,
            )
            found[short.number].promotions.append(promotion)
            self._pay(promotion, usage)

    def _rule_of(self, event: Event) -> Rule | None:
        if drafted := self.plan.draft.get(event.activity_type):
            return drafted
        try:
            return self.plan.book.resolve(event.activity_type, event.occurred_at, self.user_id)
        except UnknownActivityType:
            return None

    def _nearest(self, event: Event, cooldown: timedelta) -> Nearest:
        return nearest_among(self._paid_at.get(event.activity_type, ()), event.occurred_at)

    def _post(self, event: Event, awards: int, points: int) -> None:
        self.total += points
        days = self._days_of(event.activity_type)
        days[event.day] = days.get(event.day, NOTHING).plus(awards, points, 0, event.occurred_at)
        if awards > 0:
            insort(self._paid_at.setdefault(event.activity_type, []), event.occurred_at)

    def _days_of(self, activity_type: str) -> dict[date, DayTotal]:
        return self._days.setdefault(activity_type, {})

    def _count(self, event: Event, outcome: Outcome, points: int) -> None:
        self.comparison.now(event.activity_type, event.day, outcome, points)


def _stands(answer: _Answer) -> bool:
    """Return whether neither an event nor a promotion of it was taken back."""
    return not any(one.taken for one in (answer, *answer.promotions))


def _short(answer: _Answer) -> Short:
    own = [answer, *answer.promotions]
    points, awards = sum(one.points for one in own), sum(one.awards for one in own)
    return Short(answer.number, answer.event, points, awards > 0)


def _metadata(row: Entry) -> Any:
    return json.loads(row.metadata) if len(row.metadata) > 2 else {}


def _event(row: Entry, skips: Skips) -> Event:
    # Monday by its ordinal: a million dates are asked for it.
    week = date.fromordinal(row.day.toordinal() - row.day.weekday())
    return Event(
        activity_type=row.activity_type,
        event_key=row.event_key,
        occurred_at=row.occurred_at,
        day=row.day,
        week=week,
        metadata=_metadata(row),
        # Who may earn was asked when the event was delivered, and is not asked again.
        not_eligible=row.description if row.outcome == Outcome.NOT_ELIGIBLE else "",
        skips=skips,
    )
