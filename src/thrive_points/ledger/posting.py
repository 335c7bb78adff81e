"""Posting: how a decided event, a reversal or an adjustment gets into the ledger.

Each function runs inside the transaction PointsService has opened, over any store.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from thrive_circles import door
from thrive_circles.services import XPService, show_standing
from thrive_circles.standing import Standing
from thrive_points.core.decide import decide
from thrive_points.core.event import Event, Outcome, Step
from thrive_points.core.periods import week_of
from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidCorrection
from thrive_points.ledger import Account, Entry, Existing, Store
from thrive_points.ledger.results import AwardResult
from thrive_points.ledger.streaks import progress_of, streaks_without
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook
from thrive_points.signals import points_recorded
from thrive_points.sql.dialect import writing_connection
from thrive_points.validation import own_key

ADJUSTMENT_LABEL = "an adjustment"


def post_event(store: Store, user: Any, event: Event, rule: Rule, now: datetime) -> AwardResult:
    """Decide an event under the account's lock, record it, and hand its XP on.

    Args:
        store: where the ledger is kept.
        user: whose event it is.
        event: placed on the user's calendar.
        rule: in force when it occurred.
        now: when it is recorded.
    """
    user_id = user.pk
    account = store.open_account(user_id, event)
    if account.existing is not None:
        return _known(user, event, account, account.existing, rule.label)
    decision = decide(rule, account.usage, event)
    entry_id = store.append(
        Entry.of_decision(
            user_id,
            event,
            decision,
            recorded_at=now,
            rule_revision=rule.revision,
            description=rule.label,
        )
    )
    before = standing = account.standing
    also: tuple[AwardResult, ...] = ()
    if decision.points:
        progress = progress_of(store, user_id, before.streaks, event, account.usage)
        with door.opened(user_id, before, store.xp) as opened:
            XPService.add_xp(
                user,
                decision.points,
                event.activity_type,
                rule.label,
                week=event.week,
                streaks=progress.streaks,
                occurred_at=event.occurred_at,
            )
            standing = opened.standing
        if progress.completed:
            also = tuple(
                post_event(
                    store,
                    user,
                    done,
                    rulebook().resolve(done.activity_type, done.occurred_at, user_id),
                    now,
                )
                for done in progress.completed
            )
    else:
        show_standing(user, standing)
    total, level = standing.total_xp, standing.level
    if also:
        total, level = also[-1].total_points, also[-1].level
    return _recorded(
        user,
        AwardResult(
            outcome=decision.outcome,
            activity_type=event.activity_type,
            event_key=event.event_key,
            points_awarded=decision.points,
            total_points=total,
            level=level,
            leveled_up=level > before.level,
            entry_id=entry_id,
            rule_revision=rule.revision,
            label=rule.label,
            arithmetic=decision.arithmetic,
            # A mark that was paid before, and reached again after a reversal, is no news.
            also_earned=also and tuple(one for one in also if one.outcome is not Outcome.DUPLICATE),
        ),
    )


def post_reversal(
    store: Store, user: Any, original: Existing, reason: str, actor: Any, now: datetime
) -> AwardResult:
    """Append the entry that takes an original back, in the original's day.

    Args:
        store: where the ledger is kept.
        user: whose entry it is.
        original: the entry to take back.
        reason: why.
        actor: the user who decided it, or None.
        now: when it is recorded.
    """
    event = Event(
        activity_type=original.activity_type,
        event_key=own_key("reversal", original.entry_id),
        occurred_at=original.occurred_at,
        day=original.day,
        week=week_of(original.day),
    )
    label = rulebook().label_of(original.activity_type)
    account = store.open_account(user.pk, event)
    if account.existing is not None:
        return _known(user, event, account, account.existing, label)
    entry = Entry(
        user_id=user.pk,
        event=event,
        outcome=Outcome.REVERSED,
        points=-original.points,
        recorded_at=now,
        arithmetic=(Step("reversed", -original.points), Step("final", -original.points)),
        reverses=original.entry_id,
        actor_id=actor.pk if actor else None,
        description=reason,
        awards=-int(original.outcome.pays),
    )
    entry_id = store.append(entry)
    streaks = (
        streaks_without(store, user.pk, account.standing.streaks, event)
        if original.outcome.pays
        else account.standing.streaks
    )
    return _corrected(store, user, account, entry, entry_id, streaks, label)


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
    account = store.open_account(user.pk, event)
    if account.existing is not None:
        return _known(user, event, account, account.existing, ADJUSTMENT_LABEL)
    total = account.standing.total_xp
    if points < 0 and total + points < 0:
        raise InvalidCorrection(
            f"points is {points} and the total {total}; an adjustment may take {total} at most"
        )
    entry = Entry(
        user_id=user.pk,
        event=event,
        outcome=Outcome.ADJUSTED,
        points=points,
        recorded_at=now,
        arithmetic=(Step("adjusted", points), Step("final", points)),
        actor_id=actor.pk if actor else None,
        description=reason,
    )
    entry_id = store.append(entry)
    return _corrected(
        store, user, account, entry, entry_id, account.standing.streaks, ADJUSTMENT_LABEL
    )


def _corrected(
    store: Store,
    user: Any,
    account: Account,
    entry: Entry,
    entry_id: int,
    streaks: Any,
    label: str,
) -> AwardResult:
    standing = account.standing
    if entry.points:
        with door.opened(user.pk, standing, store.xp) as opened:
            XPService.add_xp(
                user,
                entry.points,
                entry.event.activity_type,
                entry.description,
                week=entry.event.week,
                streaks=streaks,
            )
            standing = opened.standing
    else:
        show_standing(user, standing)
    return _recorded(
        user,
        AwardResult(
            outcome=entry.outcome,
            activity_type=entry.event.activity_type,
            event_key=entry.event.event_key,
            points_awarded=entry.points,
            total_points=standing.total_xp,
            level=standing.level,
            leveled_up=standing.level > account.standing.level,
            entry_id=entry_id,
            label=label,
            arithmetic=tuple(Step(*step) for step in entry.arithmetic),
            reason=entry.description,
        ),
    )


def _known(
    user: Any, event: Event, account: Account, existing: Existing, label: str
) -> AwardResult:
    """Answer an event whose key is in the ledger already; nothing is written."""
    standing: Standing = account.standing
    show_standing(user, standing)
    same = existing.activity_type == event.activity_type
    return AwardResult(
        outcome=Outcome.DUPLICATE if same else Outcome.CONFLICT,
        activity_type=event.activity_type,
        event_key=event.event_key,
        points_awarded=0,
        total_points=standing.total_xp,
        level=standing.level,
        entry_id=existing.entry_id,
        label=label,
    )


def _recorded(user: Any, result: AwardResult) -> AwardResult:
    """Announce a recorded entry once the transaction has committed."""
    if points_recorded.receivers:
        transaction.on_commit(
            partial(points_recorded.send_robust, sender=AwardResult, user=user, result=result),
            using=writing_connection(PointsHistory).alias,
            robust=True,
        )
    return result
