"""Inviting people: the personal code, who joined through it, and when that converts."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.referrals.models import Invitation, Referral
from thrive_points import ActivityType, AwardResult, PointsService

FIRST_ACTIVITIES = frozenset(
    {
        ActivityType.QUIZ_COMPLETED,
        ActivityType.TUTORIAL_COMPLETED,
        ActivityType.SIDE_QUEST_COMPLETED,
        ActivityType.SCAVENGER_HUNT_COMPLETED,
        ActivityType.BATTLE_PARTICIPATED,
        ActivityType.PROJECT_CREATED,
        ActivityType.WEEKLY_CHALLENGE_SUBMITTED,
        ActivityType.FEEDBACK_GIVEN,
        ActivityType.EVENT_ATTENDED,
        ActivityType.MENTOR_SESSION_HELD,
    }
)
"""What shows that an invited member takes part; being here isn't enough."""


def make_invitation(*, member: User) -> Invitation:
    """Return the member's invitation; it is made once and stays the same."""
    invitation, _ = Invitation.objects.get_or_create(inviter=member)
    return invitation


def record_joining(*, invited: User, code: str) -> Referral | None:
    """Note through whose invitation a new member came.

    Returns:
        The referral, or None when nobody has such a code.
    """
    invitation = (
        Invitation.objects.filter(code=code.strip().lower()).exclude(inviter=invited).first()
    )
    if invitation is None:
        return None
    referral, _ = Referral.objects.get_or_create(
        invited=invited, defaults={"inviter_id": invitation.inviter_id}
    )
    return referral


@transaction.atomic
def convert(*, invited: User, activity_type: str) -> AwardResult | None:
    """Pay the inviter once an invited member has done something real.

    Args:
        invited: the member who did it.
        activity_type: what they did.

    Returns:
        The inviter's award, or None when nobody invited them or it was paid before.
    """
    referral = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("inviter")
        .filter(invited=invited, converted_at__isnull=True)
        .first()
    )
    if referral is None:
        return None
    referral.converted_at = timezone.now()
    referral.converted_by = activity_type
    referral.save(update_fields=["converted_at", "converted_by"])
    return PointsService.award_points(
        user=referral.inviter,
        activity_type=ActivityType.REFERRAL_CONVERTED,
        metadata=facts(referral),
    )


def facts(referral: Referral) -> dict[str, Any]:
    """Return what the award for a converted referral carries."""
    return {
        "event_key": f"referral:{referral.pk}:converted",
        "referral_id": referral.pk,
        "counterpart": referral.invited_id,
    }
