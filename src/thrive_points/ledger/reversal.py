"""Reversal: what is taken back along with an entry, and what is paid with the room it leaves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from thrive_points.calendar.zones import calendar_of
from thrive_points.core.event import Event, Outcome
from thrive_points.core.periods import week_of
from thrive_points.core.promotion import promotions
from thrive_points.core.rule import Rule
from thrive_points.core.usage import Nearest
from thrive_points.exceptions import UnknownActivityType
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.posting import (
    NO_METADATA,
    post_decided,
    post_reversal,
    reversal_key,
)
from thrive_points.ledger.results import AwardResult
from thrive_points.ledger.shorts import (
    FREES_ROOM,
    SHORT,
    promoted_event,
    promoted_number,
    shorts_of,
)
from thrive_points.ledger.store import DatabaseStore
from thrive_points.rules.current import rulebook

_TO_SUNDAY = timedelta(days=6)
_ROOM = (Outcome.AWARDED, Outcome.REDUCED, Outcome.PROMOTED)


class _Week(NamedTuple):
    """A week of an activity type, whose caps a reversal leaves room under."""

    activity_type: str
    monday: date


@dataclass(frozen=True, slots=True)
class Reversals:
    """The reversals of one call, inside the transaction that PointsService has opened.

    Args:
        store: where the ledger is kept.
        user: whose entries are taken back.
        reason: why.
        actor: the user who decided it, or None.
        now: when it is recorded.
    """

    store: DatabaseStore
    user: Any
    reason: str
    actor: Any
    now: datetime

    def post(
        self, originals: Sequence[Entry], *, free_room: bool, with_marks: bool
    ) -> list[AwardResult]:
        """Take entries back, and return a result for each.

        Args:
            originals: the entries.
            free_room: promote the events for which there is room once those of their week are
                taken back.
            with_marks: take back the streaks and goals that they completed.
        """
        store, user_id = self.store, self.user.pk
        list(store.lock_many([user_id]))  # What is read from here on stays as it is.
        known = store.find_many([(user_id, reversal_key(entry)) for entry in originals])
        over = {entry.reverses for entry in known}
        once = {entry.number: entry for entry in originals if entry.number not in over}
        promoted = {number: [*self._promotions_of(entry)] for number, entry in once.items()}
        # Room is given once, with the last entry of a week that was given some.
        last = {_week_of(entry): number for number, entry in once.items()}
        roomy = {
            last[_week_of(entry)]
            for number, entry in once.items()
            if free_room and (entry.outcome in _ROOM or promoted[number])
        }
        return [
            self._one(one, promoted.get(one.number, ()), one.number in roomy, with_marks)
            for one in originals
        ]

    def _one(
        self, original: Entry, promoted: Sequence[Entry], frees: bool, with_marks: bool
    ) -> AwardResult:
        """Take one entry back with its promotions and marks, then give its room to others."""
        result = self._reverse(original, None, FREES_ROOM if frees else NO_METADATA)
        if result.outcome is not Outcome.REVERSED:
            return result
        also = [*promoted]
        if with_marks:
            also += [mark for one in (original, *promoted) for mark in self._marks_of(one)]
        taken = [self._reverse(one, result.number) for one in also]
        paid = [*self._promoted(original, result.number)] if frees else []
        return replace(
            result,
            total_points=[result, *taken, *paid][-1].total_points,
            also_reversed=tuple(one for one in taken if one.outcome is Outcome.REVERSED),
            also_earned=tuple(paid),
        )

    def _reverse(
        self, entry: Entry, cause: int | None, metadata: Mapping[str, Any] = NO_METADATA
    ) -> AwardResult:
        return post_reversal(
            self.store, self.user, entry, self.reason, self.actor, self.now, cause, metadata
        )

    def _promotions_of(self, original: Entry) -> Iterator[Entry]:
        """Yield what an event that a cap had refused or reduced was paid later."""
        if original.outcome in SHORT:
            for entry in self._corrections(_week_of(original)):
                promotes = entry.outcome == Outcome.PROMOTED
                if promotes and promoted_number(entry.event_key) == original.number:
                    yield entry

    def _marks_of(self, entry: Entry) -> Iterator[Entry]:
        """Yield the entries of streaks and goals that follow from one; they come right after it."""
        causes = {entry.number}
        for one in self.store.following(self.user.pk, entry.number):
            if one.cause not in causes:
                return
            causes.add(one.number)
            yield one

    def _corrections(self, week: _Week) -> list[Entry]:
        return self.store.shortfalls(
            self.user.pk, week.activity_type, week.monday, week.monday + _TO_SUNDAY
        )

    def _promoted(self, original: Entry, cause: int) -> Iterator[AwardResult]:
        """Pay the earliest events of a week that a cap had refused or reduced, and that fit now."""
        shorts = shorts_of(self._corrections(_week_of(original)))
        if not shorts:
            return
        days = self.store.open(self.user.pk, shorts[0].event).days
        for short, rule, usage, decision in promotions(shorts, days, self._rule_of, self._nearest):
            skips = calendar_of(self.user, short.event.occurred_at).skips
            event = replace(promoted_event(short, cause), skips=skips)
            account = self.store.open(self.user.pk, event)
            yield post_decided(
                self.store,
                self.user,
                event,
                rule,
                self.now,
                cause,
                account,
                usage,
                decision,
                takes_place=not short.holds,
            )

    def _rule_of(self, event: Event) -> Rule | None:
        try:
            return rulebook().resolve(event.activity_type, event.occurred_at, self.user.pk)
        except UnknownActivityType:
            return None

    def _nearest(self, event: Event, cooldown: timedelta) -> Nearest:
        return self.store.nearest(self.user.pk, event, cooldown)


def _week_of(entry: Entry) -> _Week:
    return _Week(entry.activity_type, week_of(entry.day))
