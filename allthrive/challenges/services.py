"""Taking part in a weekly challenge: opt in, submit, be complete."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.challenges.models import Participation, WeeklyChallenge
from allthrive.notices import services as notices
from allthrive.writing import services as writing
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import today_of

MAY_REVIEW = "challenges.change_participation"
WORK_WORDS = 20


@transaction.atomic
def opt_in(*, challenge: WeeklyChallenge, member: User) -> list[AwardResult]:
    """Say that ``member`` takes the challenge on.

    Returns:
        What it earned; empty when they had opted in before.

    Raises:
        ValidationError: the challenge isn't this week's.
    """
    _check_open(challenge, member)
    _, is_new = Participation.objects.get_or_create(challenge=challenge, member=member)
    if not is_new:
        return []
    return [_award(ActivityType.CHALLENGE_OPTED_IN, challenge, member, "opted_in")]


@transaction.atomic
def submit(*, challenge: WeeklyChallenge, member: User, text: str) -> list[AwardResult]:
    """Hand in the member's work, or a better version of it while the week lasts.

    Returns:
        What it earned: the first version of a week counts.

    Raises:
        ValidationError: they haven't opted in, the week is over, it is complete, or says too
            little.
    """
    _check_open(challenge, member)
    part = (
        Participation.objects.select_for_update().filter(challenge=challenge, member=member).first()
    )
    if part is None:
        raise ValidationError("Take the challenge on first.")
    if part.completed_at is not None:
        raise ValidationError("Your work is complete; it stays as it is.")
    writing.keep(member=member, text=text, about=f"challenge:{challenge.pk}", least=WORK_WORDS)
    is_first = part.submitted_at is None
    part.submission = text
    part.submitted_at = timezone.now()
    # A version that was sent back and is better now waits again.
    part.answered_at = None
    part.save(update_fields=["submission", "submitted_at", "answered_at"])
    if not is_first:
        return []
    return [_award(ActivityType.WEEKLY_CHALLENGE_SUBMITTED, challenge, member, "submitted")]


@transaction.atomic
def complete(*, participation: Participation, actor: User) -> AwardResult:
    """Find a submission complete.

    Raises:
        PermissionDenied: the actor lacks the permission, or it is their own.
        ValidationError: nothing was submitted, or it is complete already.
    """
    part = _to_decide(participation, actor)
    if not part.member.is_active:
        raise ValidationError("This account is deactivated; it earns nothing.")
    part.completed_at = timezone.now()
    part.completed_by = actor
    part.answered_at = None
    part.save(update_fields=["completed_at", "completed_by", "answered_at"])
    # It counts for the week the work was done in, whenever staff find the time to read it.
    return PointsService.award_points(
        user=part.member,
        activity_type=ActivityType.WEEKLY_CHALLENGE_COMPLETED,
        metadata=facts(part.challenge, "completed"),
        occurred_at=part.submitted_at,
    )


@transaction.atomic
def answer(*, participation: Participation, actor: User, comment: str) -> Participation:
    """Send a submission back with a comment; once its week is over that declines it.

    Raises:
        PermissionDenied: the actor lacks the permission, or it is their own.
        ValidationError: there is no comment, nothing was submitted, or it is complete.
    """
    if not comment.strip():
        raise ValidationError("Say what is missing; the member reads it.")
    part = _to_decide(participation, actor)
    part.answered_at = timezone.now()
    part.answer = comment.strip()
    part.save(update_fields=["answered_at", "answer"])
    said = f"A reviewer looked at your work for “{part.challenge}”: {part.answer}"
    notices.tell(member=part.member, text=said, url=part.challenge.get_absolute_url())
    return part


def _to_decide(participation: Participation, actor: User) -> Participation:
    if not actor.has_perm(MAY_REVIEW):
        raise PermissionDenied("Reviewers decide which submissions are complete.")
    part = (
        Participation.objects.select_for_update(of=("self",))
        .select_related("challenge", "member")
        .get(pk=participation.pk)
    )
    if part.member_id == actor.pk:
        raise PermissionDenied("Somebody else decides about your own work.")
    if part.submitted_at is None:
        raise ValidationError("Nothing has been submitted yet.")
    if part.completed_at is not None:
        raise ValidationError("This submission is complete already.")
    return part


def _award(
    activity_type: ActivityType, challenge: WeeklyChallenge, member: User, what: str
) -> AwardResult:
    return PointsService.award_points(
        user=member, activity_type=activity_type, metadata=facts(challenge, what)
    )


def facts(challenge: WeeklyChallenge, what: str) -> dict[str, Any]:
    """Return what an award for a challenge carries; ``what`` is the member's step in it."""
    return {
        "challenge_id": challenge.pk,
        "event_key": f"weekly_challenge:{challenge.pk}:{what}",
    }


def _check_open(challenge: WeeklyChallenge, member: User) -> None:
    today = today_of(member)
    if today < challenge.monday:
        raise ValidationError("This challenge hasn't begun yet.")
    if today > challenge.sunday:
        raise ValidationError("This challenge is over; look at this week's.")
