"""Publishing and withdrawing rule revisions: the sole writer of `PointRule` and `RuleWithdrawal`.

A revision is never changed. To schedule, to roll out to a share, to go back: each is one more
revision, and to take one back is a row of its own, so they are the history of the economy.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from thrive_points.core.rule import Rule
from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule, RuleWithdrawal
from thrive_points.rules.current import known_modifiers, rulebook, rulebook_as_written, written
from thrive_points.rules.definitions import from_definition, to_definition
from thrive_points.rules.effects import Effect, effects
from thrive_points.rules.lint import Incoherence, incoherences
from thrive_points.rules.publishing import Change, earliest_effect, one_change
from thrive_points.rules.rulebook import Layer, Revision, RuleBook, State

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A revision that may be published.

    Args:
        activity_type: has a rule in the registry.
        rule: what it earns from then on; None returns to the rule in code.
        effective_from: aware instant it takes effect, at the earliest once every process has heard
            of it, which is the default.
        effective_until: aware instant it ends, None for until further notice.
        share: percent of the members it is for.
    """

    activity_type: str
    rule: Rule | None
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    share: int = 100


def publish(
    activity_type: str,
    rule: Rule | None,
    *,
    reason: str,
    author: Any = None,
    effective_from: datetime | None = None,
    effective_until: datetime | None = None,
    share: int = 100,
    alongside: Mapping[str, Rule] | None = None,
) -> PointRule:
    """Publish a new revision of an activity's rule.

    It decides where nothing lies over it: see `rules.rulebook`, and `preview` for what it will
    displace. A rollout grows by publishing the same rule with a larger share: its members keep it,
    and others join them. It is over once the same rule is published for everybody; and another
    rule for a share begins a rollout of its own, among other members.

    Args:
        activity_type: has a rule in the registry.
        rule: what it earns from then on; None returns to the rule in code.
        reason: why, up to 300 characters, for the change log.
        author: the user who decided it, None for the system.
        effective_from: aware instant it takes effect, at the earliest once every process
            has heard of it, which is the default.
        effective_until: aware instant it ends, None for until further notice.
        share: percent of the members it is for.
        alongside: rules that are published together with it, by activity type; it has to
            agree with them instead of with those in force.

    Returns:
        The revision as written.

    Raises:
        UnknownActivityType: the activity has no rule.
        InvalidRule: the reason, the dates, the share or the rule are not allowed, or the
            rule would contradict the rubric or similar rules, or the transaction would end after
            it takes effect; nothing was written.
    """
    draft = Draft(
        activity_type=activity_type,
        rule=rule,
        effective_from=effective_from,
        effective_until=effective_until,
        share=share,
    )
    with one_change() as change:
        return publish_within(change, draft, reason=reason, author=author, alongside=alongside)


def publish_within(
    change: Change,
    draft: Draft,
    *,
    reason: str,
    author: Any = None,
    alongside: Mapping[str, Rule] | None = None,
    ending: Sequence[str] = (),
) -> PointRule:
    """Publish a revision along with others; see `publish`.

    Args:
        change: the transaction.
        draft: the revision.
        reason, author, alongside: as for publishing.
        ending: names of other revisions of the activity, which are withdrawn as it takes effect.
    """
    reason = check_reason(reason)
    book = rulebook_as_written()
    name = book.name_of(draft.activity_type)
    revision, completed = _checked(book, draft, alongside)
    row = PointRule(
        activity_type=name,
        revision=int(revision.name[1:]),
        definition=to_definition(draft.rule) if draft.rule is not None else {},
        effective_from=revision.effective_from,
        effective_until=revision.effective_until,
        share=revision.share,
        rollout=revision.rollout,
        author=author,
        reason=reason,
    )
    change.insert(row, revision.effective_from)
    ended = {*completed, *ending}
    _withdraw(change, name, ended, revision.effective_from, reason, author)
    return row


def preview(draft: Draft) -> list[Effect]:
    """Return what publishing a revision now would displace, and what would lie over it.

    Raises:
        UnknownActivityType, InvalidRule: as `publish` would.
    """
    return after_publishing(rulebook_as_written(), draft)[1]


def after_publishing(
    book: RuleBook,
    draft: Draft,
    alongside: Mapping[str, Rule] | None = None,
    ending: Sequence[str] = (),
) -> tuple[RuleBook, list[Effect]]:
    """Return the rules as they would be once a revision is published, and what that changes.

    Args:
        book: the rules without it.
        draft: the revision.
        alongside, ending: as for `publish_within`.

    Raises:
        UnknownActivityType, InvalidRule: as `publish` would.
    """
    name = book.name_of(draft.activity_type)
    revision, completed = _checked(book, draft, alongside)
    after = book.with_revision(name, revision).with_withdrawal(
        name, {*completed, *ending}, revision.effective_from
    )
    return after, effects(book, after, name, timezone.now(), revision.name)


def revert(activity_type: str, to: int | None, *, reason: str, author: Any = None) -> PointRule:
    """Bring an earlier revision back for everybody, as a new one.

    A rollout or campaign that is in force is withdrawn, so that it does what it says. What is
    scheduled, and an experiment, stay.

    Args:
        activity_type: whose rule it is.
        to: number of the revision, None for the rule in code.
        reason: why, for the change log.
        author: the user who decided it.

    Raises:
        InvalidRule: there is no such revision, or it cannot be published today.
    """
    with one_change() as change:
        book = rulebook_as_written()
        draft, over = _reverted(book, activity_type, to)
        return publish_within(change, draft, reason=reason, author=author, ending=over)


def preview_revert(activity_type: str, to: int | None) -> list[Effect]:
    """Return what bringing an earlier revision back would do; see `revert`."""
    book = rulebook_as_written()
    draft, over = _reverted(book, activity_type, to)
    return after_publishing(book, draft, ending=over)[1]


def withdraw(
    activity_type: str, revision: int, *, reason: str, author: Any = None
) -> list[RuleWithdrawal]:
    """Take back a revision that is scheduled or in force: what lies beneath it decides again.

    The earlier, smaller steps of a rollout are withdrawn along with its latest.

    Args:
        activity_type: whose rule it is.
        revision: its number.
        reason: why, for the change log.
        author: the user who decided it.

    Returns:
        The withdrawals as written.

    Raises:
        UnknownActivityType: the activity has no rule.
        InvalidRule: there is no such revision, or it is over, replaced or withdrawn already.
    """
    reason = check_reason(reason)
    with one_change() as change:
        name, taken = _withdrawable(rulebook_as_written(), activity_type, revision)
        return _withdraw(change, name, taken, earliest_effect(), reason, author)


def preview_withdrawal(activity_type: str, revision: int) -> list[Effect]:
    """Return what withdrawing a revision now would do; see `withdraw`."""
    book, instant = rulebook_as_written(), earliest_effect()
    name, taken = _withdrawable(book, activity_type, revision)
    after = book.with_withdrawal(name, taken, instant)
    return effects(book, after, name, timezone.now())


def _checked(
    book: RuleBook, draft: Draft, alongside: Mapping[str, Rule] | None
) -> tuple[Revision, list[str]]:
    """Return the revision that a draft becomes, and the names of those that it ends."""
    name = book.name_of(draft.activity_type)
    starts = check_span(draft.effective_from, draft.effective_until)
    share = draft.share
    if not isinstance(share, int) or isinstance(share, bool) or not 1 <= share <= 100:
        raise InvalidRule(
            f"share is {share!r}; allowed are 1 to 100 percent",
            field="share",
            given=share,
            allowed="1 to 100",
        )
    if draft.rule is not None:
        refuse_incoherent(introduced(name, draft.rule, starts, alongside, book))
    published = book.revisions_of(name)
    number = max((int(one.name[1:]) for one in published), default=0) + 1
    rollout = _rollout_of(book, name, draft.rule, starts)
    completes = share == 100 and draft.effective_until is None
    revision = Revision(
        name=f"r{number}",
        rule=draft.rule,
        effective_from=starts,
        effective_until=draft.effective_until,
        share=share,
        rollout=None if share == 100 else rollout[0].rollout if rollout else number,
    )
    return revision, [one.name for one in rollout] if completes else []


def _rollout_of(
    book: RuleBook, activity_type: str, rule: Rule | None, instant: datetime
) -> list[Revision]:
    """Return the steps, newest first, of the rollout at an instant if a rule is the one it pays."""
    steps = [
        one
        for one in book.revisions_of(activity_type)
        if one.share < 100
        and not one.problem
        and (one.withdrawn_at is None or one.withdrawn_at > max(instant, one.effective_from))
        and (one.effective_until is None or one.effective_until >= instant)
    ]
    if not steps or _values(steps[0].rule) != _values(rule):
        return []
    return [one for one in steps if one.rollout == steps[0].rollout]


def _values(rule: Rule | None) -> dict[str, Any] | None:
    return None if rule is None else to_definition(rule)


def _reverted(book: RuleBook, activity_type: str, to: int | None) -> tuple[Draft, list[str]]:
    """Return the draft that brings a revision back, and the names of what it has to take back."""
    name = book.name_of(activity_type)
    rule = None
    if to is not None:
        row = written(PointRule).filter(activity_type=name, revision=to).first()
        if row is None:
            raise InvalidRule(
                f"{name} has no revision {to}",
                field="revision",
                given=to,
                allowed=[int(one.name[1:]) for one in book.revisions_of(name)],
            )
        rule = rule_of(row)
    instant = earliest_effect()
    over = [
        one.name
        for one in book.revisions_of(name)
        if one.layer is not Layer.BASE and one.covers(instant)
    ]
    return Draft(activity_type=name, rule=rule), over


def _withdrawable(book: RuleBook, activity_type: str, revision: int) -> tuple[str, list[str]]:
    """Return the activity's name, and the names of a revision and of its rollout's other steps."""
    name, now = book.name_of(activity_type), timezone.now()
    wanted = f"r{revision}"
    one = next((one for one in book.revisions_of(name) if one.name == wanted), None)
    states = book.states(name, now)
    possible = [
        other
        for other, state in states.items()
        if other.startswith("r") and state in (State.IN_FORCE, State.SCHEDULED, State.UNREADABLE)
    ]
    if one is None or wanted not in possible or _is_over(one, now):
        state = f"is {states[wanted]}" if one else "does not exist"
        allowed = f"allowed are {', '.join(possible)}" if possible else "there is none to withdraw"
        raise InvalidRule(
            f"{wanted} of {name} {state}; {allowed}",
            field="revision",
            given=revision,
            allowed=possible,
        )
    if one.share == 100:
        return name, [wanted]
    steps = [
        other.name
        for other in book.revisions_of(name)
        if other.rollout == one.rollout and other.share < 100 and not _is_over(other, now)
    ]
    # A step that is still to come can go alone: those before it are what is in force.
    later = one.effective_from > now and one.name == steps[0]
    return name, [wanted] if later else steps


def _is_over(one: Revision, now: datetime) -> bool:
    return one.withdrawn_at is not None or (one.over_at is not None and one.over_at <= now)


def _withdraw(
    change: Change,
    activity_type: str,
    names: Collection[str],
    instant: datetime,
    reason: str,
    author: Any,
) -> list[RuleWithdrawal]:
    numbers = [int(name[1:]) for name in names]
    rows = written(PointRule).filter(activity_type=activity_type, revision__in=numbers)
    withdrawals = [
        RuleWithdrawal(revision=row, effective_from=instant, author=author, reason=reason)
        for row in rows.order_by("revision")
    ]
    for withdrawal in withdrawals:
        change.insert(withdrawal, instant)
    return withdrawals


def number_of(version: str) -> int | None:
    """Return the number of a revision by its name, r1, r2, ...; None if it is no such name."""
    found = re.fullmatch(r"r?([1-9]\d{0,8})", version, re.ASCII)
    return int(found[1]) if found else None


def rule_of(row: PointRule) -> Rule | None:
    """Return the rule of a revision, None if it returns to the rule in code."""
    if not row.definition:
        return None
    return from_definition(row.definition, revision=f"r{row.revision}", modifiers=known_modifiers())


def introduced(
    name: str,
    rule: Rule,
    instant: datetime,
    alongside: Mapping[str, Rule] | None = None,
    book: RuleBook | None = None,
) -> list[Incoherence]:
    """Return the errors a rule would add to the rules in force at an instant.

    Errors of the rules published alongside are left out: each is found with its own rule.
    """
    others = {other: r for other, r in (alongside or {}).items() if other != name}
    rules = (book or rulebook()).rules_at(instant)
    before = set(incoherences(rules))
    return [
        incoherence
        for incoherence in incoherences({**rules, **others, name: rule})
        if incoherence.is_error
        and incoherence not in before
        and incoherence.activity_type not in others
    ]


def refuse_incoherent(found: list[Incoherence], what: str = "") -> None:
    """Refuse a rule that would contradict the rubric or similar rules.

    Args:
        found: what it contradicts.
        what: the words to begin with.

    Raises:
        InvalidRule: there is something.
    """
    if found:
        message = what + " ".join(str(incoherence) for incoherence in found)
        raise InvalidRule(message, field=found[0].field)


def check_span(starts: datetime | None, ends: datetime | None) -> datetime:
    """Return when a span starts, checked.

    Raises:
        InvalidRule: naive, before the earliest effect, or empty.
    """
    earliest = earliest_effect()
    for what, instant in (("effective_from", starts), ("effective_until", ends)):
        if instant is not None and timezone.is_naive(instant):
            raise InvalidRule(
                f"{what} is {instant}, which has no time zone; give one",
                field=what,
                given=instant,
                allowed="an aware instant",
            )
    if starts is None:
        starts = earliest
    elif starts < earliest:
        raise InvalidRule(
            f"effective_from is {starts.isoformat(timespec='seconds')}, which is over; what was "
            f"decided stays decided. Allowed is {earliest.isoformat(timespec='seconds')} or later, "
            "or leave it out for as soon as possible",
            field="effective_from",
            given=starts,
            allowed=earliest,
        )
    if ends is not None and ends <= starts:
        raise InvalidRule(
            f"effective_until is {ends.isoformat(timespec='seconds')}, not after effective_from, "
            f"{starts.isoformat(timespec='seconds')}",
            field="effective_until",
            given=ends,
            allowed=f"after {starts.isoformat(timespec='seconds')}",
        )
    return starts


def check_reason(reason: Any) -> str:
    """Return why a change is made.

    Raises:
        InvalidRule: it is empty or over 300 characters.
    """
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidRule(
            "reason is missing: the change log keeps it for those who come after",
            field="reason",
            given=reason,
        )
    if len(reason) > REASON_LENGTH or "\0" in reason:
        raise InvalidRule(
            f"reason has {len(reason)} characters; {REASON_LENGTH} of plain text are allowed",
            field="reason",
            given=reason,
            allowed=f"{REASON_LENGTH} characters",
        )
    return reason.strip()
