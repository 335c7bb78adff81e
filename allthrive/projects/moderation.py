"""What staff do about projects and feedback: every step back takes its points back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.ledger import take_back
from allthrive.notices import services as notices
from allthrive.projects.facts import feedback_facts, keys_of, published_facts
from allthrive.projects.models import Feedback, Project
from thrive_points import AwardResult

MAY_UNPUBLISH = "projects.change_project"
MAY_REMOVE = "projects.delete_project"
MAY_REMOVE_FEEDBACK = "projects.delete_feedback"


@transaction.atomic
def unpublish(*, project: Project, reason: str, actor: User) -> list[AwardResult]:
    """Make a published project a draft again and take back what publishing earned.

    The owner may improve it and publish again, which earns nothing more.

    Args:
        project: the project.
        reason: what the owner reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversals; none when the project is not published.

    Raises:
        PermissionDenied: the actor may not, or it is their own.
    """
    locked = Project.objects.locked(project.pk)
    _check(actor, MAY_UNPUBLISH, locked.owner_id)
    if locked.status != Project.Status.PUBLISHED:
        return []
    locked.status = Project.Status.DRAFT
    locked.staff_note = reason
    locked.save(update_fields=["status", "staff_note"])
    said = f"The team unpublished “{locked.title}”: {reason}"
    notices.tell(member=locked.owner, text=said, url=locked.get_absolute_url())
    keys = [published_facts(locked)["event_key"]]
    return take_back(locked.owner, keys, reason=reason, actor=actor)


@transaction.atomic
def remove_as_spam(*, project: Project, reason: str, actor: User) -> list[AwardResult]:
    """Hide a project for good and take back everything its owner earned by it.

    Args:
        project: the project.
        reason: what the owner reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversals; none when the project was taken down before.

    Raises:
        PermissionDenied: the actor may not, or it is their own.
    """
    locked = Project.objects.locked(project.pk)
    _check(actor, MAY_REMOVE, locked.owner_id)
    if locked.status in (Project.Status.REMOVED, Project.Status.DELETED):
        return []
    locked.status = Project.Status.REMOVED
    locked.staff_note = reason
    locked.save(update_fields=["status", "staff_note"])
    said = f"The team removed “{locked.title}”: {reason}"
    notices.tell(member=locked.owner, text=said, url=reverse("projects:mine"))
    return take_back(locked.owner, keys_of(locked), reason=reason, actor=actor)


@transaction.atomic
def remove_feedback(*, feedback: Feedback, reason: str, actor: User) -> list[AwardResult]:
    """Hide feedback and take back what it earned, the goal it completed included.

    Args:
        feedback: the feedback.
        reason: what its author reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversals; none when it was removed before.

    Raises:
        PermissionDenied: the actor may not, or it is their own.
    """
    locked = (
        Feedback.objects.select_for_update(of=("self",))
        .select_related("author", "project")
        .get(pk=feedback.pk)
    )
    _check(actor, MAY_REMOVE_FEEDBACK, locked.author_id)
    if locked.removed_at is not None:
        return []
    locked.removed_at = timezone.now()
    locked.save(update_fields=["removed_at"])
    keys = [feedback_facts(locked)["event_key"]]
    return take_back(locked.author, keys, reason=reason, actor=actor)


def _check(actor: User, permission: str, benefits: int) -> None:
    if not actor.has_perm(permission):
        raise PermissionDenied("This takes a permission that you do not have.")
    if actor.pk == benefits:
        raise PermissionDenied("Somebody else decides about what is yours.")
