"""Inviting people: the personal code, who joined through it, and when that converts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.referrals.models import Invitation, Referral
from allthrive.standing import counts
from thrive_points import ActivityType, AwardResult, PointsService


def make_invitation(*, member: User) -> Invitation:
    """Return the member's invitation; it is made once and stays the same."""
    invitation, _ = Invitation.objects.get_or_create(inviter=member)
    return invitation


def record_joining(*, invited: User, code: str) -> Referral:
    """Note through whose invitation a new member came.

    Raises:
        ValidationError: nobody else has such a code.
    """
    known = Invitation.objects.filter(code=code.strip().lower(), inviter__is_active=True)
    invitation = known.exclude(inviter=invited).first()
    if invitation is None:
        raise ValidationError(
            {"referral_code": "Nobody has this code. Check it, or leave it empty."}
        )
    referral, _ = Referral.objects.get_or_create(
        invited=invited, defaults={"inviter_id": invitation.inviter_id}
    )
    return referral


@transaction.atomic
def convert(*, invited: User, activity_type: str) -> AwardResult | None:
    """Pay the inviter once an invited member has taken part on enough days: see `standing`.

    Args:
        invited: the member who did something.
        activity_type: what they did.

    Returns:
        The inviter's award, or None when nobody invited them, it was paid before, or they have
        not taken part enough.
    """
    referral = (
        Referral.objects.select_for_update(of=("self",))
        .select_related("inviter")
        .filter(invited=invited, converted_at__isnull=True, inviter__is_active=True)
        .first()
    )
    if referral is None or not counts(invited):
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
