"""Offering to mentor, asking for a session, answering, and confirming that it took place."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.earning import Unpaid
from allthrive.ledger import counted
from allthrive.mentoring.models import Mentor, Message, Session
from allthrive.notices import services as notices
from allthrive.standing import counts
from allthrive.writing.substance import check_substance
from thrive_points import ActivityType, AwardResult, PointsService
from thrive_points.calendar.zones import period_for

MEETING = timedelta(minutes=20)
"""A session takes so long at least, from being accepted to being confirmed."""
TAKEAWAY_WORDS = 6
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
    session = Session.objects.create(
        mentor_id=mentor.member_id, mentee=mentee, topic=topic, message=message
    )
    _tell(session, mentor.member, f"{mentee.display_name} asks you for a session: {topic}")
    return session


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
    said = "accepted your request" if accept else "has no time for your request"
    _tell(session, session.mentee, f"{mentor.display_name} {said}: {session.topic}")
    return session


@transaction.atomic
def confirm(*, session: Session, mentee: User, takeaway: str) -> AwardResult | Unpaid:
    """Confirm that the session took place, and pay the mentor.

    It pays where the mentee's word counts, once a week for the same two.

    Args:
        session: the session.
        mentee: who confirms it.
        takeaway: what they take from it, which the mentor reads.

    Raises:
        PermissionDenied: somebody other than the mentee confirms.
        ValidationError: it wasn't accepted, is confirmed, is too short ago, or the takeaway says
            too little.
    """
    session = _locked(session)
    if session.mentee_id != mentee.pk:
        raise PermissionDenied("Only the mentee confirms that a session took place.")
    if session.status == Session.Status.HELD:
        raise ValidationError("You have confirmed this session.")
    if session.status != Session.Status.ACCEPTED or session.answered_at is None:
        raise ValidationError("Only a session the mentor has accepted can be confirmed.")
    now = timezone.now()
    if now < max(session.answered_at + MEETING, session.meets_at or session.answered_at):
        raise ValidationError("Confirm it when you two have talked; it was only just agreed.")
    check_substance(takeaway, TAKEAWAY_WORDS)
    session.status = Session.Status.HELD
    session.takeaway = takeaway
    session.held_at = now
    session.save(update_fields=["status", "takeaway", "held_at"])
    mentor = session.mentor
    if not mentor.is_active or not counts(mentee):
        return Unpaid(
            f"Thank you. {mentor.display_name} reads what you wrote. Sessions count for points "
            "once you have been active here on three days."
        )
    key = facts(session)["event_key"]
    if counted(mentor, [key]):
        return Unpaid(f"Thank you. You two have had this week's session that counts for {mentor}.")
    return PointsService.award_points(
        user=mentor, activity_type=ActivityType.MENTOR_SESSION_HELD, metadata=facts(session)
    )


@transaction.atomic
def write(*, session: Session, author: User, text: str, meets_at: datetime | None) -> Message:
    """Write to the other of an accepted session, and say when you two meet.

    Raises:
        PermissionDenied: the author is neither of the two.
        ValidationError: the session is not open, or the time is over.
    """
    session = _locked(session)
    if author.pk not in (session.mentor_id, session.mentee_id):
        raise PermissionDenied("A session is for its mentor and its mentee only.")
    if session.status not in OPEN_STATUSES:
        raise ValidationError("This session is closed.")
    if meets_at is not None:
        if meets_at < timezone.now():
            raise ValidationError({"meets_at": "Choose a time that is still to come."})
        session.meets_at = meets_at
        session.save(update_fields=["meets_at"])
    other = session.mentee if author.pk == session.mentor_id else session.mentor
    _tell(session, other, f"{author.display_name} wrote to you about {session.topic}.")
    return session.messages.create(author=author, text=text)


def facts(session: Session) -> dict[str, Any]:
    """Return what the award for a session carries; its key names the mentee and the week."""
    week = period_for(session.mentor, session.held_at or timezone.now()).week
    return {
        "event_key": f"mentor_session:{session.mentee_id}:{week}",
        "session_id": session.pk,
        "counterpart": session.mentee_id,
    }


def _tell(session: Session, member: User, text: str) -> None:
    notices.tell(member=member, text=text, url=session.get_absolute_url())


def _locked(session: Session) -> Session:
    return Session.objects.select_for_update().get(pk=session.pk)
