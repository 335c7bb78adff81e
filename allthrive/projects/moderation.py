"""What staff do about projects and feedback: every step back takes its points back."""

from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.projects.models import Feedback, Project
from thrive_points import AwardResult, PointsService


@transaction.atomic
def unpublish(*, project: Project, reason: str, actor: User) -> AwardResult | None:
    """Make a published project a draft again and take back what publishing earned.

    The owner may improve it and publish again, which earns nothing more.

    Args:
        project: the project.
        reason: what the owner reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversal, or None when the project is not published.
    """
    locked = Project.objects.locked(project.pk)
    if locked.status != Project.Status.PUBLISHED:
        return None
    locked.status = Project.Status.DRAFT
    locked.staff_note = reason
    locked.save(update_fields=["status", "staff_note"])
    return PointsService.reverse(
        user=locked.owner, event_key=f"project_published:{locked.pk}", reason=reason, actor=actor
    )


@transaction.atomic
def remove_as_spam(*, project: Project, reason: str, actor: User) -> list[AwardResult]:
    """Hide a project for good and take back everything its owner earned by it.

    Args:
        project: the project.
        reason: what the owner reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversals; none when the project was removed before.
    """
    locked = Project.objects.locked(project.pk)
    if locked.status == Project.Status.REMOVED:
        return []
    locked.status = Project.Status.REMOVED
    locked.staff_note = reason
    locked.save(update_fields=["status", "staff_note"])
    keys = [f"project_created:{locked.pk}"]
    if locked.published_at:
        keys.append(f"project_published:{locked.pk}")
    keys += [f"project_milestone:{pk}" for pk in locked.milestones.values_list("pk", flat=True)]
    return [
        PointsService.reverse(user=locked.owner, event_key=key, reason=reason, actor=actor)
        for key in keys
    ]


@transaction.atomic
def remove_feedback(*, feedback: Feedback, reason: str, actor: User) -> AwardResult | None:
    """Hide feedback and take back what it earned.

    Args:
        feedback: the feedback.
        reason: what its author reads, 1 to 200 characters.
        actor: who decides.

    Returns:
        The reversal, or None when it was removed before.
    """
    locked = (
        Feedback.objects.select_for_update(of=("self",))
        .select_related("author")
        .get(pk=feedback.pk)
    )
    if locked.removed_at is not None:
        return None
    locked.removed_at = timezone.now()
    locked.save(update_fields=["removed_at"])
    return PointsService.reverse(
        user=locked.author, event_key=f"feedback:{locked.pk}", reason=reason, actor=actor
    )
