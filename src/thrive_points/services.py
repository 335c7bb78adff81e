"""PointsService: the one service features call, and the sole writer of points."""

import gc
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from asgiref.sync import sync_to_async
from django.utils import timezone

from thrive_points.calendar.zones import Calendars, calendar_of
from thrive_points.core.activities import ActivityType, Category
from thrive_points.core.decide import full_points
from thrive_points.core.event import Event, Outcome
from thrive_points.core.periods import Calendar
from thrive_points.core.rubric import Effort, Frequency, Impact
from thrive_points.core.rule import Rule
from thrive_points.exceptions import (
    InvalidCorrection,
    InvalidEvent,
    PointsError,
    UnknownActivityType,
    shown,
)
from thrive_points.ledger import posting
from thrive_points.ledger.batch import gathered
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.importing import ImportReport, import_rows
from thrive_points.ledger.posting import store_for_writing
from thrive_points.ledger.profile import show_until_rollback
from thrive_points.ledger.results import AwardResult
from thrive_points.ledger.reversal import Reversals
from thrive_points.ledger.store import DatabaseStore, Store
from thrive_points.rules.current import ADJUSTMENT, rulebook
from thrive_points.rules.rulebook import RuleBook
from thrive_points.validation import (
    check_instant,
    check_key,
    check_reason,
    check_user,
    new_key,
    split_metadata,
    why_not_eligible,
)

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from thrive_points.typing import AwardEvent

MOST_ADJUSTED = 1_000_000_000
NEEDED = ("user", "activity_type")
ARGUMENTS = (*NEEDED, "metadata", "event_key", "occurred_at")
"""Arguments of `award_points`, those it cannot do without first."""
_ALLOWED = frozenset(ARGUMENTS)


class PointsService:
    """Awards points for events and corrects them.

    Every call is atomic and joins the transaction it is called in: the points commit with
    the business event or not at all.
    """

    @staticmethod
    def award_points(
        user: "AbstractBaseUser",
        activity_type: ActivityType | str,
        metadata: Mapping[str, Any] | None = None,
        *,
        event_key: str | None = None,
        occurred_at: datetime | None = None,
    ) -> AwardResult:
        """Award one event by the rule of its activity type.

        Args:
            user: a saved user.
            activity_type: an enum member or the plain name of one that has a rule.
            metadata: JSON-ready facts of at most 8 KB.
            event_key: names the thing that was done, such as "quiz_attempt:42", and makes the
                award idempotent for the life of the ledger. It may be given as
                `metadata["event_key"]` instead.
            occurred_at: aware instant of the event, at most two minutes in the future; now by
                default. A late event counts in its own day, under the rule in force then.

        Returns:
            The outcome with points, total and explanation. Refusals are outcomes.

        Raises:
            PointsError: misuse; nothing was written.
        """
        now = timezone.now()
        check_user(user)
        may_not = why_not_eligible(user)
        event, rule = _prepare(
            calendar_of, now, may_not, user, activity_type, metadata, event_key, occurred_at
        )
        # Everything that can be refused has been by now, so an error in here means that the
        # host's transaction has to go: a savepoint would protect nothing.
        store = store_for_writing(user)
        with store.transaction(savepoint=False):
            result = posting.post_event(store, user, event, rule, now)
            show_until_rollback([user], store.alias)
        return result

    @staticmethod
    def award_many(
        events: "Iterable[AwardEvent]",
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

    @overload
    @staticmethod
    def award_stream(
        events: "Iterable[AwardEvent]",
        *,
        batch_size: int = ...,
        on_error: Literal["raise"] = ...,
    ) -> Iterator[AwardResult]: ...

    @overload
    @staticmethod
    def award_stream(
        events: "Iterable[AwardEvent]", *, batch_size: int = ..., on_error: Literal["report"]
    ) -> Iterator[AwardResult | PointsError]: ...

    @staticmethod
    def award_stream(
        events: "Iterable[AwardEvent]",
        *,
        batch_size: int = 5_000,
        on_error: Literal["raise", "report"] = "raise",
    ) -> Iterator[AwardResult] | Iterator[AwardResult | PointsError]:
        """Award a stream of any length, a transaction for every `batch_size` events.

        Memory stays bounded by the batch. Deliver the stream again after a failure: events
        with keys that were committed answer `duplicate`.

        Args:
            events: mappings with the arguments of `award_points`.
            batch_size: events a transaction.
            on_error: "raise" for misuse in an event, or "report" it and go on.

        Yields:
            One result for each event, in the order given; for "report" the error in the place of
            the result of an event that is misuse, whose position in the stream it names.

        Raises:
            PointsError: misuse in an event; its batch was not written, earlier ones were.
        """
        if batch_size < 1:
            raise InvalidEvent(f"batch_size is {shown(batch_size)}; 1 and more are allowed")
        if on_error not in ("raise", "report"):
            raise InvalidEvent(f"on_error is {shown(on_error)}; allowed are 'raise' and 'report'")
        return _award_stream(iter(events), batch_size, report=on_error == "report")

    @staticmethod
    def reverse(
        user: "AbstractBaseUser",
        event_key: str,
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        *,
        free_room: bool = True,
        with_marks: bool = False,
    ) -> AwardResult:
        """Take back what an event gave: points, XP and its place under the caps of its day.

        Args:
            user: whose event it was.
            event_key: the key it was recorded under.
            reason: up to 300 characters, which the member will read.
            actor: the user who decided it, None for the system.
            free_room: pay the earliest events of that day and week that a cap had refused or
                reduced, and for which there is room now; at most 20.
            with_marks: take back the streaks and goals that the event completed, too.

        Returns:
            Outcome `reversed`, or `duplicate` if it was reversed before.

        Raises:
            PointsError: no such entry, or it cannot be reversed; nothing was written.
        """
        return PointsService.reverse_many(
            user, [event_key], reason, actor, free_room=free_room, with_marks=with_marks
        )[0]

    @staticmethod
    def reverse_many(
        user: "AbstractBaseUser",
        event_keys: Iterable[str],
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        *,
        free_room: bool = True,
        with_marks: bool = False,
    ) -> list[AwardResult]:
        """Take back what several events of one user gave: all of them or none.

        Args:
            user: whose events they were.
            event_keys: the keys they were recorded under.
            reason: up to 300 characters, which the member will read.
            actor: the user who decided it, None for the system.
            free_room: see `reverse`; room is given once all events of a week are taken back.
            with_marks: see `reverse`.

        Returns:
            One result for each event, in the order given; see `reverse`.

        Raises:
            PointsError: one of them has no entry, or cannot be reversed; nothing was written.
        """
        reason = _check_correction(user, reason, actor)
        store = store_for_writing(user)
        now = timezone.now()
        with store.transaction():
            # All are found before the first is taken back: a refusal must not leave the user
            # object with a total that was rolled back.
            originals = [_reversible(store, user, key) for key in event_keys]
            results = Reversals(store, user, reason, actor, now).post(
                originals, free_room=free_room, with_marks=with_marks
            )
            if results:
                show_until_rollback([user], store.alias)
        return results

    @staticmethod
    def adjust(
        user: "AbstractBaseUser",
        points: int,
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        event_key: str | None = None,
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
            raise InvalidCorrection(
                f"points is {shown(points)}; a whole number other than 0 is needed"
            )
        if abs(points) > MOST_ADJUSTED:
            raise InvalidCorrection(f"points is {shown(points)}; at most {MOST_ADJUSTED:,} at once")
        key = new_key("adjustment") if event_key is None else check_key(event_key)
        now = timezone.now()
        period = calendar_of(user, now).period_of(now)
        event = Event(
            activity_type=ADJUSTMENT,
            event_key=key,
            occurred_at=now,
            day=period.day,
            week=period.week,
        )
        store = store_for_writing(user)
        with store.transaction():
            result = posting.post_adjustment(store, user, event, points, reason, actor, now)
            show_until_rollback([user], store.alias)
        return result

    @staticmethod
    async def aaward_points(
        user: "AbstractBaseUser",
        activity_type: ActivityType | str,
        metadata: Mapping[str, Any] | None = None,
        *,
        event_key: str | None = None,
        occurred_at: datetime | None = None,
    ) -> AwardResult:
        """Award one event from async code; see `award_points`."""
        return await sync_to_async(PointsService.award_points)(
            user, activity_type, metadata, event_key=event_key, occurred_at=occurred_at
        )

    @staticmethod
    async def aaward_many(
        events: "Iterable[AwardEvent]", *, progress: Callable[[int], object] | None = None
    ) -> list[AwardResult]:
        """Award a batch of events from async code; see `award_many`."""
        return await sync_to_async(PointsService.award_many)(events, progress=progress)

    @staticmethod
    async def aaward_stream(
        events: "Iterable[AwardEvent]",
        *,
        batch_size: int = 5_000,
        on_error: Literal["raise", "report"] = "raise",
    ) -> AsyncIterator[AwardResult | PointsError]:
        """Award a stream from async code; see `award_stream`."""
        stream: Iterator[AwardResult | PointsError] = PointsService.award_stream(
            events,
            batch_size=batch_size,
            on_error=on_error,
        )
        # A batch's results at once: each step out of async code costs a change of threads.
        while some := await sync_to_async(lambda: list(islice(stream, batch_size)))():
            for one in some:
                yield one

    @staticmethod
    async def areverse(
        user: "AbstractBaseUser",
        event_key: str,
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        *,
        free_room: bool = True,
        with_marks: bool = False,
    ) -> AwardResult:
        """Take back what an event gave, from async code; see `reverse`."""
        return await sync_to_async(PointsService.reverse)(
            user, event_key, reason, actor, free_room=free_room, with_marks=with_marks
        )

    @staticmethod
    async def areverse_many(
        user: "AbstractBaseUser",
        event_keys: Iterable[str],
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        *,
        free_room: bool = True,
        with_marks: bool = False,
    ) -> list[AwardResult]:
        """Take back what several events gave, from async code; see `reverse_many`."""
        return await sync_to_async(PointsService.reverse_many)(
            user, event_keys, reason, actor, free_room=free_room, with_marks=with_marks
        )

    @staticmethod
    async def aadjust(
        user: "AbstractBaseUser",
        points: int,
        reason: str,
        actor: "AbstractBaseUser | None" = None,
        event_key: str | None = None,
    ) -> AwardResult:
        """Add or take points that belong to no activity, from async code; see `adjust`."""
        return await sync_to_async(PointsService.adjust)(user, points, reason, actor, event_key)

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


class _Prepared(NamedTuple):
    """An event of a batch, ready to be decided."""

    user: Any
    event: Event
    rule: Rule


class _Batch:
    """What the events of one batch share while they are prepared: the moment, and their users."""

    def __init__(self) -> None:
        # Taken after the events: a lazy iterable may have stamped them only just now.
        self.now = timezone.now()
        self.calendars = Calendars()
        self._may_not: dict[int, str] = {}

    def may_not(self, user: Any) -> str:
        """Return why a user may not earn; the host is asked once for each user object."""
        known = self._may_not.get(id(user))
        if known is None:
            check_user(user)
            known = self._may_not[id(user)] = why_not_eligible(user)
        return known


def _award_stream(remaining: Iterator[Any], batch_size: int, *, report: bool) -> Iterator[Any]:
    position = 0
    while given := list(islice(remaining, batch_size)):
        with _without_collections():
            results = _award_batch(given, None, position, report=report)
        yield from results
        position += len(given)


def _award_batch(
    given: list[Any],
    progress: Callable[[int], object] | None,
    first: int = 0,
    *,
    report: bool = False,
) -> list[Any]:
    """Award a batch, and return a result for each event.

    Args:
        given: the events.
        progress: called with the number of events decided since its last call.
        first: position of the first of them, for messages.
        report: return the error in the place of the result of an event that is misuse.
    """
    batch = _Batch()
    prepared: list[_Prepared | PointsError] = []
    for position, item in enumerate(given, first):
        try:
            prepared.append(_prepare_item(batch, position, item))
        except PointsError as error:
            if not report:
                raise
            prepared.append(error)
    events = [one for one in prepared if isinstance(one, _Prepared)]
    if not events:
        return prepared
    store = _one_store(events)
    results: list[Any] = []
    asked = [(one.user.pk, one.event, one.rule.cooldown) for one in events]
    with store.transaction():
        with gathered(store, asked) as gathering:
            for one in prepared:
                results.append(
                    posting.post_event(gathering, *one, batch.now)
                    if isinstance(one, _Prepared)
                    else one
                )
                if progress is not None:
                    progress(1)
        show_until_rollback({id(one.user): one.user for one in events}.values(), store.alias)
    return results


def _one_store(events: list[_Prepared]) -> DatabaseStore:
    """Return the store of a batch's users.

    Raises:
        InvalidEvent: the host's router has them in several databases.
    """
    users = {id(one.user): one.user for one in events}.values()
    store, *others = {(one := store_for_writing(user)).alias: one for user in users}.values()
    if others:
        raise InvalidEvent(
            f"the users of the batch are written to {[one.alias for one in (store, *others)]}; a "
            "transaction has one database, so make a batch for each"
        )
    return store


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
        raise InvalidCorrection(f"User {user.pk} has no entry under event_key {shown(event_key)}")
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
    calendar_for: Callable[[Any, datetime], Calendar],
    now: datetime,
    may_not: str,
    user: Any,
    activity_type: Any,
    metadata: Mapping[str, Any] | None = None,
    event_key: str | None = None,
    occurred_at: datetime | None = None,
) -> tuple[Event, Rule]:
    """Return the event, placed on the user's calendar, and its rule; refuse every misuse."""
    book = rulebook()
    event_key, metadata = split_metadata(metadata, event_key)
    try:
        name = book.name_of(activity_type)
    except UnknownActivityType:
        # One that lost its rule goes on being recognised by what it was recorded for.
        name = str(getattr(activity_type, "value", activity_type))
        former = _former(user, name, event_key)
        if former is None:
            raise
        book = RuleBook({name: former}, {})
    instant = check_instant(occurred_at, now)
    # Nobody decides by a rule that is not in force yet, whatever the event's clock says.
    rule = book.resolve(name, min(instant, now), user.pk)
    if rule.modifiers:
        # Metadata a modifier cannot use is misuse too, so find out before the transaction.
        full_points(rule, metadata)
    calendar = calendar_for(user, instant)
    period = calendar.period_of(instant)
    event = Event(
        activity_type=name,
        event_key=event_key,
        occurred_at=instant,
        day=period.day,
        week=period.week,
        metadata=metadata,
        not_eligible=may_not,
        skips=calendar.skips,
    )
    return event, rule


def _former(user: Any, activity_type: str, event_key: str) -> Rule | None:
    """Return a rule, which pays nothing, for a recorded event whose activity type lost its own."""
    entry = store_for_writing().find(user.pk, event_key)
    if entry is None or entry.activity_type != activity_type:
        return None
    return Rule(
        label=entry.description,
        category=Category.PARTICIPATION,
        base_points=1,
        effort=Effort.LOW,
        impact=Impact.LOW,
        frequency=Frequency.OFTEN,
        enabled=False,
        revision="gone",
    )


def _prepare_item(batch: _Batch, position: int, item: Any) -> _Prepared:
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
        may_not = batch.may_not(item["user"])
        event, rule = _prepare(batch.calendars.calendar_for, batch.now, may_not, **item)
    except PointsError as error:
        error.args = (f"event {position} of the batch: {error}",)
        raise
    return _Prepared(item["user"], event, rule)
