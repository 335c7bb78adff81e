"""PointsService: the one service features call, and the sole writer of points."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils import timezone

from thrive_points.calendar.zones import Calendars, period_for
from thrive_points.core.decide import full_points
from thrive_points.core.event import Event, Outcome
from thrive_points.core.periods import Period
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidCorrection, InvalidEvent, PointsError
from thrive_points.ledger import posting
from thrive_points.ledger.batch import gathered
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.importing import ImportReport, import_rows
from thrive_points.ledger.posting import store_for_writing
from thrive_points.ledger.results import AwardResult
from thrive_points.ledger.reversal import Reversals
from thrive_points.ledger.store import Store
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.validation import (
    check_instant,
    check_key,
    check_reason,
    check_user,
    new_key,
    split_metadata,
)

MOST_ADJUSTED = 1_000_000_000
NEEDED = ("user", "activity_type")
ARGUMENTS = (*NEEDED, "metadata", "occurred_at")
"""Arguments of `award_points`, those it cannot do without first."""
_ALLOWED = frozenset(ARGUMENTS)


class PointsService:
    """Awards points for events and corrects them.

    Every call is atomic and joins the transaction it is called in: the points commit with
    the business event or not at all.
    """

    @staticmethod
    def award_points(
        user: Any,
        activity_type: str,
        metadata: Mapping[str, Any] | None = None,
        occurred_at: datetime | None = None,
    ) -> AwardResult:
        """Award one event by the rule of its activity type.

        Args:
            user: a saved user.
            activity_type: an enum member or the plain name of one that has a rule.
            metadata: JSON-ready facts of at most 8 KB. `metadata["event_key"]`, such as
                "quiz_attempt:42", makes the award idempotent for the life of the ledger.
            occurred_at: aware instant of the event, not in the future; now by default. A
                late event counts in its own day, under the rule in force then.

        Returns:
            The outcome with points, total and explanation. Refusals are outcomes.

        Raises:
            PointsError: misuse; nothing was written.
        """
        now = timezone.now()
        check_user(user)
        event, rule = _prepare(period_for, now, user, activity_type, metadata, occurred_at)
        # Everything that can be refused has been by now, so an error in here means that the
        # host's transaction has to go: a savepoint would protect nothing.
        store = store_for_writing()
        with store.transaction(savepoint=False):
            return posting.post_event(store, user, event, rule, now)

    @staticmethod
    def award_many(
        events: Iterable[Mapping[str, Any]],
        *,
        progress: Callable[[int], object] | None = None,
    ) -> list[AwardResult]:
        """Award a batch of events in one transaction, as if one by one in the order given.

        Users are locked in one order, so that two batches cannot wait for each other.

        Args:
            events: mappings with the arguments of `award_points`.
            progress: called with the number of events decided since its last call; it may not
                award anything itself.

        Returns:
            One result for each event, in the order given.

        Raises:
            PointsError: misuse in any of the events, whose position the message names;
                nothing of the batch was written.
        """
        with _without_collections():
            return _award_batch(list(events), progress)

    @staticmethod
    def award_stream(
        events: Iterable[Mapping[str, Any]], *, batch_size: int = 5_000
    ) -> Iterator[AwardResult]:
        """Award a stream of any length, a transaction for every `batch_size` events.

        Memory stays bounded by the batch. Deliver the stream again after a failure: events
        with keys that were committed answer `duplicate`.

        Args:
            events: mappings with the arguments of `award_points`.
            batch_size: events a transaction.

        Yields:
            One result for each event, in the order given.

        Raises:
            PointsError: misuse in an event; its batch was not written, earlier ones were.
        """
        if batch_size < 1:
            raise InvalidEvent(f"batch_size is {batch_size}; 1 and more are allowed")
        remaining = iter(events)
        while batch := list(islice(remaining, batch_size)):
            yield from PointsService.award_many(batch)

    @staticmethod
    def reverse(
        user: Any,
        event_key: str,
        reason: str,
        actor: Any = None,
        *,
        free_quota: bool = True,
        with_marks: bool = False,
    ) -> AwardResult:
        """Take back what an event gave: points, XP and its place under the caps of its day.

        Args:
            user: whose event it was.
            event_key: the key it was recorded under.
            reason: up to 300 characters, which the member will read.
            actor: the user who decided it, None for the system.
            free_quota: pay the earliest events of that day and week that a cap had refused or
                reduced, and for which there is room now; at most 20.
            with_marks: take back the streaks and goals that the event completed, too.

        Returns:
            Outcome `reversed`, or `duplicate` if it was reversed before.

        Raises:
            PointsError: no such entry, or it cannot be reversed; nothing was written.
        """
        return PointsService.reverse_many(
            user, [event_key], reason, actor, free_quota=free_quota, with_marks=with_marks
        )[0]

    @staticmethod
    def reverse_many(
        user: Any,
        event_keys: Iterable[str],
        reason: str,
        actor: Any = None,
        *,
        free_quota: bool = True,
        with_marks: bool = False,
    ) -> list[AwardResult]:
        """Take back what several events of one user gave: all of them or none.

        Args:
            user: whose events they were.
            event_keys: the keys they were recorded under.
            reason: up to 300 characters, which the member will read.
            actor: the user who decided it, None for the system.
            free_quota: see `reverse`; room is given once all events of a week are taken back.
            with_marks: see `reverse`.

        Returns:
            One result for each event, in the order given; see `reverse`.

        Raises:
            PointsError: one of them has no entry, or cannot be reversed; nothing was written.
        """
        reason = _check_correction(user, reason, actor)
        store = store_for_writing()
        now = timezone.now()
        with store.transaction():
            # All are found before the first is taken back: a refusal must not leave the user
            # object with a total that was rolled back.
            originals = [_reversible(store, user, key) for key in event_keys]
            return Reversals(store, user, reason, actor, now).post(
                originals, free_quota=free_quota, with_marks=with_marks
            )

    @staticmethod
    def adjust(
        user: Any, points: int, reason: str, actor: Any = None, event_key: str | None = None
    ) -> AwardResult:
        """Add or take points that belong to no activity.

        Args:
            user: whose total changes.
            points: up or down, not 0; the total may not go below zero.
            reason: up to 300 characters, which the member will read.
            actor: the user who decided it, None for the system.
            event_key: makes the adjustment idempotent.

        Returns:
            Outcome `adjusted`, or `duplicate` or `conflict` for a key that was used.

        Raises:
            PointsError: misuse; nothing was written.
        """
        reason = _check_correction(user, reason, actor)
        if not isinstance(points, int) or isinstance(points, bool) or points == 0:
            raise InvalidCorrection(f"points is {points!r}; a whole number other than 0 is needed")
        if abs(points) > MOST_ADJUSTED:
            raise InvalidCorrection(f"points is {points}; at most {MOST_ADJUSTED:,} at once")
        key = new_key("adjustment") if event_key is None else check_key(event_key)
        now = timezone.now()
        period = period_for(user, now)
        event = Event(
            activity_type=ADJUSTMENT,
            event_key=key,
            occurred_at=now,
            day=period.day,
            week=period.week,
        )
        store = store_for_writing()
        with store.transaction():
            return posting.post_adjustment(store, user, event, points, reason, actor, now)

    @staticmethod
    def import_history(
        rows: Iterable[Mapping[str, Any]],
        *,
        skip_refused: bool = False,
        dry_run: bool = False,
        announce: bool = False,
        progress: Callable[[int], object] | None = None,
    ) -> ImportReport:
        """Bring in points from before the platform, as if they had been earned then.

        Each row becomes an entry with the outcome `imported` and the points it says, without caps
        and rules, in the member's day of its instant. Weekly XP, streaks, levels and charts follow;
        marks of streaks and goals are not paid for it. Import the same rows again after a failure:
        those that are in the ledger are duplicates.

        All rows are checked first; then a transaction is made for some thousands of them.

        Args:
            rows: mappings with `user` (a saved user or a primary key), `activity_type` (one that
                has a rule, or "adjustment" for an opening balance), `points` (a whole number),
                `occurred_at` (an aware instant), `event_key`, and perhaps `note` (of the source;
                the member will read it) and `metadata`.
            skip_refused: import the rest where some rows are refused.
            dry_run: write nothing, and report what would be.
            announce: send `points_recorded` for each entry; silent by default.
            progress: called with the number of rows done with since its last call; each counts
                twice, once when it was checked and once when it was written.

        Returns:
            How many were imported, how many were there before, and which were refused.

        Raises:
            InvalidImport: rows were refused; its `refused` names line and reason of each. Nothing
                was written.
        """
        return import_rows(
            rows,
            skip_refused=skip_refused,
            dry_run=dry_run,
            announce=announce,
            progress=progress,
        )


def _award_batch(given: list[Any], progress: Callable[[int], object] | None) -> list[AwardResult]:
    # Taken after the events: a lazy iterable may have stamped them only just now.
    now = timezone.now()
    calendars = Calendars()
    prepared = [
        _prepare_item(calendars, now, position, item) for position, item in enumerate(given)
    ]
    if not prepared:
        return []
    store = store_for_writing()
    results = []
    events = [(user.pk, event, rule.cooldown) for user, event, rule in prepared]
    with store.transaction(), gathered(store, events) as batch:
        for user, event, rule in prepared:
            results.append(posting.post_event(batch, user, event, rule, now))
            if progress is not None:
                progress(1)
    return results


@contextmanager
def _without_collections() -> Iterator[None]:
    """Spare a batch the collector's passes: each would look at every result made so far.

    A batch makes no reference cycles, so there is nothing to collect for it. It belongs around
    the whole of it: what the batch alone needed is freed before the collector looks again.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _reversible(store: Store, user: Any, event_key: Any) -> Entry:
    known = isinstance(event_key, str) and event_key.isprintable()
    original = store.find(user.pk, event_key) if known else None
    if original is None:
        raise InvalidCorrection(f"User {user.pk} has no entry under event_key {event_key!r}")
    if original.outcome == Outcome.REVERSED:
        raise InvalidCorrection(
            f"Entry {original.number} is itself a reversal; award anew or adjust instead"
        )
    return original


def _check_correction(user: Any, reason: Any, actor: Any) -> str:
    check_user(user)
    if actor is not None:
        check_user(actor, "actor")
    return check_reason(reason)


def _prepare(
    period_for: Callable[[Any, datetime], Period],
    now: datetime,
    user: Any,
    activity_type: Any,
    metadata: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
) -> tuple[Event, Rule]:
    """Return the event, placed on the user's calendar, and its rule; refuse every misuse."""
    book = rulebook()
    name = book.name_of(activity_type)
    event_key, metadata = split_metadata(metadata)
    instant = check_instant(occurred_at, now)
    rule = book.resolve(name, instant, user.pk)
    if rule.modifiers:
        # Metadata a modifier cannot use is misuse too, so find out before the transaction.
        full_points(rule, metadata)
    period = period_for(user, instant)
    event = Event(
        activity_type=name,
        event_key=event_key,
        occurred_at=instant,
        day=period.day,
        week=period.week,
        metadata=metadata,
    )
    return event, rule


def _prepare_item(
    calendars: Calendars, now: datetime, position: int, item: Any
) -> tuple[Any, Event, Rule]:
    if not isinstance(item, Mapping):
        raise InvalidEvent(
            f"event {position} of the batch is a {type(item).__name__}; "
            f"a mapping with {', '.join(ARGUMENTS)} is needed"
        )
    if not _ALLOWED.issuperset(item):
        unknown = sorted(item.keys() - _ALLOWED, key=str)
        raise InvalidEvent(f"event {position} has {unknown}; allowed are {', '.join(ARGUMENTS)}")
    if missing := [name for name in NEEDED if name not in item]:
        raise InvalidEvent(f"event {position} lacks {' and '.join(missing)}")
    try:
        if not calendars.knows(item["user"]):
            check_user(item["user"])
        event, rule = _prepare(calendars.period_for, now, **item)
    except PointsError as error:
        error.args = (f"event {position} of the batch: {error}",)
        raise
    return item["user"], event, rule
