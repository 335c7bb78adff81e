"""Posting: how a decided event, a reversal or an adjustment gets into the ledger.

Each function runs inside the transaction PointsService has opened, over any store.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections, router, transaction

from thrive_points.calendar.zones import calendar_of
from thrive_points.core.decide import decide
from thrive_points.core.event import Decision, Event, Outcome, Step
from thrive_points.core.periods import week_of
from thrive_points.core.resent import Differences
from thrive_points.core.rule import Rule
from thrive_points.core.usage import Usage, usage_of
from thrive_points.exceptions import InvalidCorrection, SingleWriterError
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.known import adjustment_differs, answer_known, event_differs
from thrive_points.ledger.postgresql import PostgreSQLStore
from thrive_points.ledger.profile import Account, XPService
from thrive_points.ledger.results import AwardResult
from thrive_points.ledger.sqlite import SQLiteStore
from thrive_points.ledger.store import DatabaseStore, Store, gathering
from thrive_points.ledger.streaks import Progress, Runs, progress_of, streaks_without
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook
from thrive_points.signals import is_silent, level_changed, points_recorded
from thrive_points.validation import own_key

ADJUSTMENT_LABEL = "an adjustment"
NO_METADATA: Mapping[str, Any] = {}
_THE_SAME = Differences()


def store_for_writing(user: Any = None) -> DatabaseStore:
    """Return the store of the connection that a user's ledger is written by.

    Args:
        user: the hint that the host's router is given; None where it is about all members.

    Raises:
        SingleWriterError: a batch is being gathered, which would overwrite what is written.
        ImproperlyConfigured: the database is neither PostgreSQL nor SQLite.
    """
    if gathering.get():
        raise SingleWriterError(
            "PointsService was called while award_many gathers a batch, from its progress "
            "callback. Call it when award_many has returned: the batch would overwrite it."
        )
    connection = connections[router.db_for_write(PointsHistory, instance=user)]
    if connection.vendor == "postgresql":
        return PostgreSQLStore(connection)
    if connection.vendor == "sqlite":
        return SQLiteStore(connection)
    raise ImproperlyConfigured(
        f"The ledger's database {connection.alias!r} is {connection.display_name}; "
        "PostgreSQL and SQLite are supported"
    )


def post_event(
    store: Store, user: Any, event: Event, rule: Rule, now: datetime, cause: int | None = None
) -> AwardResult:
    """Decide an event under the account's lock, and record it with the XP it brings.

    Args:
        store: where the ledger is kept.
        user: whose event it is.
        event: placed on the user's calendar.
        rule: in force when it occurred.
        now: when it is recorded.
        cause: number of the entry that completed this streak or goal.
    """
    account = store.open(user.pk, event, rule.cooldown)
    if account.existing is not None:
        existing = account.existing
        # A mark that is reached again is the platform's own affair.
        differs = _THE_SAME if cause else event_differs(event, existing, rule, now)
        return answer_known(store, user, event, account, existing, rule.label, differs)
    usage = usage_of(account.days, event.day, event.week, account.nearest)
    decision = decide(rule, usage, event)
    takes_place = decision.outcome.pays
    return post_decided(store, user, event, rule, now, cause, account, usage, decision, takes_place)


def post_decided(
    store: Store,
    user: Any,
    event: Event,
    rule: Rule,
    now: datetime,
    cause: int | None,
    account: Account,
    usage: Usage,
    decision: Decision,
    takes_place: bool,
) -> AwardResult:
    """Record a decision with the XP it brings, and the streaks and goals that it completes.

    Args:
        store: where the ledger is kept.
        user: whose event it is.
        event: with the key that the entry is recorded under.
        rule: that decided.
        now: when it is recorded.
        cause: number of the entry it follows from.
        account: opened for the event.
        usage: that the decision saw.
        decision: what became of the event.
        takes_place: whether it takes a place under the caps, and so moves streaks and goals.
    """
    number = account.standing.last_number + 1
    progress = Progress(account.standing.streaks)
    if takes_place:
        progress = progress_of(store, account.user_id, progress.streaks, event, usage, account.days)
    XPService.add_xp(
        user,
        decision.points,
        event.activity_type,
        rule.label,
        account=account,
        streaks=progress.streaks,
    )
    store.record(
        Entry(
            user_id=account.user_id,
            number=number,
            activity_type=event.activity_type,
            points=decision.points,
            outcome=decision.outcome.value,
            event_key=event.event_key,
            occurred_at=event.occurred_at,
            recorded_at=now,
            day=event.day,
            rule_revision=rule.revision,
            arithmetic=decision.arithmetic,
            metadata=event.metadata,
            cause=cause,
            description=event.not_eligible or rule.label,
            awards=int(takes_place),
            capped=int(decision.outcome is Outcome.CAPPED),
        ),
        account,
    )
    also: tuple[AwardResult, ...] = ()
    for done in progress.completed:
        its_rule = rulebook().resolve(done.activity_type, done.occurred_at, account.user_id)
        also += (post_event(store, user, done, its_rule, now, number),)
    return _recorded(
        user,
        AwardResult(
            outcome=decision.outcome,
            activity_type=event.activity_type,
            event_key=event.event_key,
            points_awarded=decision.points,
            total_points=also[-1].total_points if also else account.standing.total_xp,
            number=number,
            rule_revision=rule.revision,
            label=rule.label,
            arithmetic=decision.arithmetic,
            reason=event.not_eligible,
            day=event.day,
            occurred_at=event.occurred_at,
            recorded_at=now,
            # A mark that was paid before, and reached again after a reversal, is no news.
            also_earned=also and tuple(one for one in also if one.outcome is not Outcome.DUPLICATE),
        ),
        cause,
    )


def reversal_key(original: Entry) -> str:
    """Return the key of the entry that takes an original back."""
    return own_key("reversal", original.number)


def post_reversal(
    store: Store,
    user: Any,
    original: Entry,
    reason: str,
    actor: Any,
    now: datetime,
    cause: int | None = None,
    metadata: Mapping[str, Any] = NO_METADATA,
) -> AwardResult:
    """Append the entry that takes an original back, in the original's day.

    Args:
        store: where the ledger is kept.
        user: whose entry it is.
        original: the entry to take back.
        reason: why.
        actor: the user who decided it, or None.
        now: when it is recorded.
        cause: number of the reversal that this one follows from.
        metadata: what a replay has to know of it.
    """
    event = Event(
        activity_type=original.activity_type,
        event_key=reversal_key(original),
        occurred_at=original.occurred_at,
        day=original.day,
        week=week_of(original.day),
        skips=calendar_of(user, original.occurred_at).skips,
    )
    label = rulebook().label_of(original.activity_type)
    account = store.open(user.pk, event)
    if account.existing is not None:
        return answer_known(store, user, event, account, account.existing, label, _THE_SAME)
    streaks = account.standing.streaks
    if original.awards:
        less = (original.activity_type, original.day)
        streaks = streaks_without(store, account.user_id, streaks, event, less)
    entry = _correction(
        account, event, Outcome.REVERSED, -original.points, reason, actor, now
    )._replace(reverses=original.number, awards=-original.awards, cause=cause, metadata=metadata)
    return _corrected(store, user, account, entry, streaks, label)


def post_adjustment(
    store: Store, user: Any, event: Event, points: int, reason: str, actor: Any, now: datetime
) -> AwardResult:
    """Append an adjustment.

    Args:
        store: where the ledger is kept.
        user: whose total changes.
        event: carries the key and the day.
        points: up or down.
        reason: why.
        actor: the user who decided it, or None.
        now: when it is recorded.

    Raises:
        InvalidCorrection: the total would go below zero.
    """
    account = store.open(user.pk, event)
    if account.existing is not None:
        existing = account.existing
        differs = adjustment_differs(event, points, reason, existing)
        return answer_known(store, user, event, account, existing, ADJUSTMENT_LABEL, differs)
    total = account.standing.total_xp
    if points < 0 and total + points < 0:
        raise InvalidCorrection(
            f"points is {points} and the total {total}; an adjustment may take {total} at most"
        )
    entry = _correction(account, event, Outcome.ADJUSTED, points, reason, actor, now)
    return _corrected(store, user, account, entry, account.standing.streaks, ADJUSTMENT_LABEL)


def _correction(
    account: Account,
    event: Event,
    outcome: Outcome,
    points: int,
    reason: str,
    actor: Any,
    now: datetime,
) -> Entry:
    """Return the entry of a correction, which no rule decided."""
    return Entry(
        user_id=account.user_id,
        number=account.standing.last_number + 1,
        activity_type=event.activity_type,
        points=points,
        outcome=outcome.value,
        event_key=event.event_key,
        occurred_at=event.occurred_at,
        recorded_at=now,
        day=event.day,
        arithmetic=(Step(outcome.value, points), Step("final", points)),
        actor_id=actor.pk if actor else None,
        description=reason,
    )


def _corrected(
    store: Store,
    user: Any,
    account: Account,
    entry: Entry,
    streaks: Runs,
    label: str,
) -> AwardResult:
    XPService.add_xp(
        user,
        entry.points,
        entry.activity_type,
        entry.description,
        account=account,
        streaks=streaks,
    )
    store.record(entry, account)
    return _recorded(
        user,
        AwardResult(
            outcome=Outcome(entry.outcome),
            activity_type=entry.activity_type,
            event_key=entry.event_key,
            points_awarded=entry.points,
            total_points=account.standing.total_xp,
            number=entry.number,
            label=label,
            arithmetic=entry.arithmetic,
            reason=entry.description,
            day=entry.day,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
        ),
        entry.cause,
    )


def announce_imported(user: Any, entry: Entry, total: int) -> None:
    """Announce an imported entry once the transaction has committed."""
    _recorded(
        user,
        AwardResult(
            outcome=Outcome(entry.outcome),
            activity_type=entry.activity_type,
            event_key=entry.event_key,
            points_awarded=entry.points,
            total_points=total,
            number=entry.number,
            label=rulebook().label_of(entry.activity_type),
            arithmetic=entry.arithmetic,
            reason=entry.description,
            day=entry.day,
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
        ),
        None,
    )


def _recorded(user: Any, result: AwardResult, cause: int | None) -> AwardResult:
    """Announce a recorded entry once the transaction has committed."""
    if (points_recorded.receivers or level_changed.receivers) and not is_silent():

        def announce() -> None:
            points_recorded.send_robust(sender=AwardResult, user=user, result=result)
            before, after = result.level_before, result.level
            # What follows from an entry is in that entry's result.
            if cause is None and before != after:
                level_changed.send_robust(
                    sender=AwardResult, user=user, before=before, after=after, result=result
                )

        alias = router.db_for_write(PointsHistory, instance=user)
        transaction.on_commit(announce, using=alias, robust=True)
    return result
