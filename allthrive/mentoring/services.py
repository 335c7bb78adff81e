"""Offering to mentor, asking for a session, answering, and confirming that it took place."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.mentoring.models import Mentor, Session
from thrive_points import ActivityType, AwardResult, PointsService

OPEN_STATUSES = (Session.Status.REQUESTED, Session.Status.ACCEPTED)


def offer(*, member: User, about: str, is_available: bool) -> Mentor:
    """Save what a member offers as a mentor."""
    mentor, _ = Mentor.objects.update_or_create(
        member=member, defaults={"about": about, "is_available": is_available}
    )
    return mentor


@transaction.atomic
def ask(*, mentor: Mentor, mentee: User, topic: str, message: str) -> Session:
    """Ask a mentor for a session.

    Raises:
        ValidationError: it is oneself, the mentor has paused, or a session of the two is open.
    """
    mentor = Mentor.objects.select_for_update(of=("self",)).get(pk=mentor.pk)
    if mentor.member_id == mentee.pk:
        raise ValidationError("You can't mentor yourself.")
    if not mentor.is_available:
        raise ValidationError("This mentor takes no sessions at the moment.")
    if Session.objects.filter(
        mentor=mentor.member_id, mentee=mentee, status__in=OPEN_STATUSES
    ).exists():
        raise ValidationError("You have an open session with this mentor; finish it first.")
    return Session.objects.create(
        mentor_id=mentor.member_id, mentee=mentee, topic=topic, message=message
    )


@transaction.atomic
def answer(*, session: Session, mentor: User, accept: bool) -> Session:
    """Accept or decline a request.

    Raises:
        PermissionDenied: somebody other than the mentor answers.
        ValidationError: it has been answered.
    """
    session = _locked(session)
    if session.mentor_id != mentor.pk:
        raise PermissionDenied("Only the mentor answers a request.")
    if session.status != Session.Status.REQUESTED:
        raise ValidationError("You have answered this request.")
    session.status = Session.Status.ACCEPTED if accept else Session.Status.DECLINED
    session.answered_at = timezone.now()
    session.save(update_fields=["status", "answered_at"])
    return session


@transaction.atomic
def confirm(*, session: Session, mentee: User) -> AwardResult:
    """Confirm that the session took place, and pay the mentor.

    Raises:
        PermissionDenied: somebody other than the mentee confirms.
        ValidationError: it wasn't accepted, or is confirmed.
    """
    session = _locked(session)
    if session.mentee_id != mentee.pk:
        raise PermissionDenied("Only the mentee confirms that a session took place.")
    if session.status == Session.Status.HELD:
        raise ValidationError("You have confirmed this session.")
    if session.status != Session.Status.ACCEPTED:
        raise ValidationError("Only a session the mentor has accepted can be confirmed.")
    session.status = Session.Status.HELD
    session.held_at = timezone.now()
    session.save(update_fields=["status", "held_at"])
    return PointsService.award_points(
        user=session.mentor,
        activity_type=ActivityType.MENTOR_SESSION_HELD,
        metadata=facts(session),
    )


def facts(session: Session) -> dict[str, Any]:
    """Return what the award for a session that took place carries."""
    return {
        "event_key": f"mentor_session:{session.pk}:held",
        "session_id": session.pk,
        "counterpart": session.mentee_id,
    }


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update().get(pk=session.pk)
