"""What members do with projects."""

from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.projects.facts import (
    created_facts,
    feedback_facts,
    milestone_facts,
    published_facts,
    share_facts,
)
from allthrive.projects.models import Feedback, Like, Milestone, Project, Share
from thrive_points import ActivityType, AwardResult, PointsService

MILESTONE_LIKES = (5, 25, 100)
"""Numbers of likes at which a project reaches a milestone."""


@transaction.atomic
def create(*, project: Project) -> AwardResult:
    """Save a new draft and award its owner."""
    project.save()
    return PointsService.award_points(
        user=project.owner,
        activity_type=ActivityType.PROJECT_CREATED,
        metadata=created_facts(project),
        occurred_at=project.created_at,
    )


@transaction.atomic
def publish(*, project: Project) -> AwardResult | None:
    """Publish a draft and award its owner; a second publication earns nothing more.

    Returns:
        The award, or None when staff removed the project in the meantime.
    """
    locked = Project.objects.locked(project.pk)
    if locked.status == Project.Status.REMOVED:
        return None
    if locked.status == Project.Status.DRAFT:
        locked.status = Project.Status.PUBLISHED
        locked.published_at = locked.published_at or timezone.now()
        locked.save(update_fields=["status", "published_at"])
    return PointsService.award_points(
        user=locked.owner,
        activity_type=ActivityType.PROJECT_PUBLISHED,
        metadata=published_facts(locked),
        occurred_at=locked.published_at,
    )


@transaction.atomic
def give_feedback(*, user: User, project: Project, text: str) -> AwardResult:
    """Keep a member's feedback on a project and award them; the first one stays.

    Args:
        user: who gives it.
        project: somebody else's published project.
        text: what they say, 20 to 1,000 characters.
    """
    feedback, _ = Feedback.objects.get_or_create(
        project=project, author=user, defaults={"text": text}
    )
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.FEEDBACK_GIVEN,
        metadata=feedback_facts(feedback),
        occurred_at=feedback.created_at,
    )


@transaction.atomic
def share(*, user: User, project: Project, channel: str) -> AwardResult:
    """Note that a member shared a project and award them, once for each channel."""
    shared, _ = Share.objects.get_or_create(member=user, project=project, channel=channel)
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.PROJECT_SHARED,
        metadata=share_facts(shared),
        occurred_at=shared.created_at,
    )


@transaction.atomic
def toggle_like(*, user: User, project: Project) -> bool:
    """Like a project, or take the like back; a milestone it reaches is awarded to the owner.

    Returns:
        Whether the member likes the project now.
    """
    # Two likes at once would each count without the other and step over a milestone.
    Project.objects.locked(project.pk)
    like, is_new = Like.objects.get_or_create(member=user, project=project)
    if not is_new:
        like.delete()
        return False
    likes = project.likes.count()
    if likes in MILESTONE_LIKES:
        milestone, _ = Milestone.objects.get_or_create(project=project, likes=likes)
        PointsService.award_points(
            user=project.owner,
            activity_type=ActivityType.PROJECT_MILESTONE_REACHED,
            metadata=milestone_facts(milestone),
            occurred_at=milestone.reached_at,
        )
    return True
