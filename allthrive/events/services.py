"""Saying that one comes to an event, and checking in while it runs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.events.models import Attendance, Event
from thrive_points import ActivityType, AwardResult, PointsService

WRONG_CODES = 5
PAUSE = timedelta(minutes=10)
"""After so many wrong codes a member waits so long, so that a code isn't found by trying."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn:
    """What became of a check-in: whether the code was right, and what it earned."""

    is_right: bool
    earned: tuple[AwardResult, ...] = ()


@transaction.atomic
def set_rsvp(*, event: Event, member: User, is_coming: bool) -> None:
    """Note whether ``member`` comes; saying it twice changes nothing.

    Raises:
        ValidationError: the event is over, or they have checked in.
    """
    if timezone.now() >= event.ends_at:
        raise ValidationError("This event is over.")
    attendance = _locked(event, member)
    if attendance.checked_in_at is not None:
        raise ValidationError("You have checked in; you are there.")
    if (attendance.rsvp_at is not None) != is_coming:
        attendance.rsvp_at = timezone.now() if is_coming else None
        attendance.save(update_fields=["rsvp_at"])


@transaction.atomic
def check_in(*, event: Event, member: User, code: str) -> CheckIn:
    """Check ``member`` in with the code the host shows.

    Returns:
        Whether the code was right. A wrong one is an answer and not an error, because it has to
        be counted.

    Raises:
        ValidationError: the event isn't running, they have checked in, or tried too often.
    """
    now = timezone.now()
    if not event.runs_at(now):
        raise ValidationError("You can check in while the event runs.")
    attendance = _locked(event, member)
    if attendance.checked_in_at is not None:
        raise ValidationError("You have checked in already.")
    last = attendance.last_wrong_code_at
    if last is not None and last + PAUSE <= now:
        attendance.wrong_codes = 0
    if attendance.wrong_codes >= WRONG_CODES:
        minutes = PAUSE.seconds // 60
        raise ValidationError(f"Too many wrong codes. Ask the host, and wait {minutes} minutes.")
    if not event.accepts(code):
        attendance.wrong_codes += 1
        attendance.last_wrong_code_at = now
        attendance.save(update_fields=["wrong_codes", "last_wrong_code_at"])
        return CheckIn(is_right=False)
    attendance.checked_in_at = now
    attendance.save(update_fields=["checked_in_at"])
    result = PointsService.award_points(
        user=member,
        activity_type=ActivityType.EVENT_ATTENDED,
        metadata=facts(event),
    )
    return CheckIn(is_right=True, earned=(result,))


def facts(event: Event) -> dict[str, Any]:
    """Return what the award for an attended event carries."""
    return {"event_id": event.pk, "event_key": f"event:{event.pk}:attended"}


def _locked(event: Event, member: User) -> Attendance:
    attendance, _ = Attendance.objects.get_or_create(event=event, member=member)
    return Attendance.objects.select_for_update().get(pk=attendance.pk)
