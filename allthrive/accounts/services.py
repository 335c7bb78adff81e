"""What members do with their accounts."""

from django.db import transaction

from allthrive.accounts.models import DailyVisit, User
from allthrive.accounts.signals import member_joined
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import today_of


def in_turn(member: User) -> None:
    """Make what one member sends at once happen one after the other, within a transaction."""
    # Without a key share: rows that point to the member can still be written meanwhile.
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=member.pk)


@transaction.atomic
def sign_up(*, user: User, referral_code: str = "") -> User:
    """Save a new member and notify the features that wait for one.

    Args:
        user: the unsaved member, with the password set.
        referral_code: the code of the member who invited them, or "".
    """
    user.save()
    member_joined.send(sender=User, user=user, referral_code=referral_code)
    return user


@transaction.atomic
def record_visit(*, user: User) -> AwardResult | None:
    """Record the member's first visit of their day and award the daily login.

    Returns:
        The award, or None when this day's visit was recorded before.
    """
    day = today_of(user)
    _, first = DailyVisit.objects.get_or_create(user=user, day=day)
    if not first:
        return None
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.DAILY_LOGIN,
        metadata={"event_key": f"daily_login:{day}"},
    )
