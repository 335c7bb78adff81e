"""What referrals hear: that somebody joined, and that somebody earned points."""

from typing import Any

from django.dispatch import receiver

from allthrive.accounts.models import User
from allthrive.accounts.signals import member_joined
from allthrive.referrals import services
from allthrive.standing import WORK
from thrive_points import AwardResult, points_recorded


@receiver(member_joined, dispatch_uid="referrals.member_joined")
def on_member_joined(*, user: User, referral_code: str, **_: Any) -> None:
    """Note who invited the new member."""
    if referral_code:
        services.record_joining(invited=user, code=referral_code)


@receiver(points_recorded, dispatch_uid="referrals.points_recorded")
def on_points_recorded(*, user: User, result: AwardResult, **_: Any) -> None:
    """Convert the referral of a member who has taken part on enough days.

    It runs after the member's own award has committed and in a transaction of its own, so that
    the inviter's account is never locked while the member's is. Should it be lost in between, the
    member's next activity converts.
    """
    if result.points_awarded > 0 and result.activity_type in WORK:
        services.convert(invited=user, activity_type=result.activity_type)
