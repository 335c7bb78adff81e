"""Taking part in a weekly challenge: opt in, submit, be complete."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.challenges.models import Participation, WeeklyChallenge
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import today_of


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
    """Hand in the member's work; if it meets the challenge's own criteria it is complete at once.

    Raises:
        ValidationError: they haven't opted in, have submitted, or the week is over.
    """
    _check_open(challenge, member)
    part = (
        Participation.objects.select_for_update().filter(challenge=challenge, member=member).first()
    )
    if part is None:
        raise ValidationError("Take the challenge on first.")
    if part.submitted_at is not None:
        raise ValidationError("You have submitted your work; it is final.")
    part.submission = text
    part.submitted_at = timezone.now()
    part.save(update_fields=["submission", "submitted_at"])
    results = [_award(ActivityType.WEEKLY_CHALLENGE_SUBMITTED, challenge, member, "submitted")]
    if challenge.is_met_by(text):
        results.append(_complete(part, challenge, member, actor=None))
    return results


@transaction.atomic
def complete(*, participation: Participation, actor: User) -> AwardResult:
    """Find a submission complete.

    Raises:
        PermissionDenied: the actor isn't staff.
        ValidationError: nothing was submitted, or it is complete already.
    """
    if not actor.is_staff:
        raise PermissionDenied("Staff decide which submissions are complete.")
    part = Participation.objects.select_for_update().get(pk=participation.pk)
    if part.submitted_at is None:
        raise ValidationError("Nothing has been submitted yet.")
    if part.completed_at is not None:
        raise ValidationError("This submission is complete already.")
    return _complete(part, part.challenge, part.member, actor=actor)


def _complete(
    part: Participation, challenge: WeeklyChallenge, member: User, *, actor: User | None
) -> AwardResult:
    part.completed_at = timezone.now()
    part.completed_by = actor
    part.save(update_fields=["completed_at", "completed_by"])
    # It counts for the week the work was done in, whenever staff find the time to read it.
    return PointsService.award_points(
        user=member,
        activity_type=ActivityType.WEEKLY_CHALLENGE_COMPLETED,
        metadata=facts(challenge, "completed"),
        occurred_at=part.submitted_at,
    )


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
