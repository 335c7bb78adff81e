"""Having a piece of writing count."""

from django.core.exceptions import ValidationError

from allthrive.accounts.models import User
from allthrive.accounts.services import in_turn
from allthrive.writing.models import Piece
from allthrive.writing.substance import check_substance, digest_of
from thrive_points import ActivityType
from thrive_points.calendar.zones import today_of

PIECES_A_DAY = 8
"""So many pieces of writing count on a day, whatever they are written for: nobody writes more
that is worth reading, and no script earns by writing more."""

WRITTEN = frozenset(
    {
        ActivityType.FEEDBACK_GIVEN,
        ActivityType.PROJECT_CREATED,
        ActivityType.PROJECT_SHARED,
        ActivityType.SIDE_QUEST_COMPLETED,
        ActivityType.TUTORIAL_COMPLETED,
        ActivityType.BATTLE_PARTICIPATED,
        ActivityType.WEEKLY_CHALLENGE_SUBMITTED,
    }
)
"""What takes a piece of writing."""

ENOUGH = (
    f"You have written {PIECES_A_DAY} pieces today, which is all that counts on a day. "
    "Keep this one and send it tomorrow."
)


def pieces_left(member: User) -> int:
    """Return how many more pieces of a member's writing count today."""
    written = Piece.objects.filter(member=member, day=today_of(member)).count()
    return max(0, PIECES_A_DAY - written)


def is_kept(member: User, about: str) -> bool:
    """Return whether what a member wrote for something has counted."""
    return Piece.objects.filter(member=member, about=about).exists()


def keep(*, member: User, text: str, about: str, least: int) -> bool:
    """Have a piece of writing count; one that was kept for the same thing before stays.

    Call it in the transaction that saves what it was written for.

    Args:
        member: who wrote it.
        text: what they wrote.
        about: what it was written for, such as "feedback:12".
        least: how many different words it needs.

    Returns:
        Whether it counts from now on; False when it was kept before.

    Raises:
        ValidationError: it says too little, they wrote the same before, or enough today.
    """
    check_substance(text, least)
    in_turn(member)
    if is_kept(member, about):
        return False
    digest = digest_of(text)
    if Piece.objects.filter(member=member, digest=digest).exists():
        raise ValidationError("You have written exactly this before. Say what is new here.")
    left = pieces_left(member)
    if not left:
        raise ValidationError(ENOUGH)
    Piece.objects.create(
        member=member,
        day=today_of(member),
        place=PIECES_A_DAY - left + 1,
        about=about,
        digest=digest,
    )
    return True
