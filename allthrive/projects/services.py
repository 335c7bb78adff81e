"""What members do with projects."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.earning import Unpaid
from allthrive.ledger import take_back
from allthrive.notices import services as notices
from allthrive.projects.facts import (
    created_facts,
    feedback_facts,
    keys_of,
    milestone_facts,
    published_facts,
    share_facts,
)
from allthrive.projects.models import Feedback, Like, Milestone, Project, Share
from allthrive.standing import who_counts
from allthrive.writing import services as writing
from thrive_points import ActivityType, AwardResult, PointsService

MILESTONE_LIKES = (5, 25, 100)
"""Numbers of likes at which a project reaches a milestone."""
STORY_WORDS, FEEDBACK_WORDS, SHARE_WORDS = 12, 8, 6
"""So many different words each of them needs."""


@transaction.atomic
def create(*, project: Project) -> list[AwardResult | Unpaid]:
    """Save a new draft; it is awarded once its story says something."""
    project.save()
    try:
        return _pay_for_making(project)
    except ValidationError as refusal:
        return [Unpaid(f"Your draft is saved. It does not count yet: {_said(refusal)}")]


@transaction.atomic
def edit(*, project: Project, fields: list[str]) -> list[AwardResult | Unpaid]:
    """Save some changed fields of a project; a draft that now says something is awarded."""
    # Nothing but these: staff may be taking the project down.
    project.save(update_fields=fields)
    if writing.is_kept(project.owner, _about(project)):
        return []
    try:
        return _pay_for_making(project)
    except ValidationError as refusal:
        return [Unpaid(f"Saved. It does not count yet: {_said(refusal)}")]


@transaction.atomic
def publish(*, project: Project) -> list[AwardResult | Unpaid]:
    """Publish a draft and award its owner; a second publication earns nothing more.

    Returns:
        What it earned; nothing when it is published already, or was taken down in the meantime.

    Raises:
        ValidationError: its story says too little to be shown.
    """
    locked = Project.objects.locked(project.pk)
    if locked.status != Project.Status.DRAFT:
        return []
    results = _pay_for_making(locked)
    is_first = locked.published_at is None
    locked.status = Project.Status.PUBLISHED
    locked.published_at = locked.published_at or timezone.now()
    locked.save(update_fields=["status", "published_at"])
    if not is_first:
        again = "It is published again. A project's first publication is the one that counts."
        return [*results, Unpaid(again)]
    result = PointsService.award_points(
        user=locked.owner,
        activity_type=ActivityType.PROJECT_PUBLISHED,
        metadata=published_facts(locked),
        occurred_at=locked.published_at,
    )
    return [*results, result]


@transaction.atomic
def unpublish(*, project: Project) -> None:
    """Make one's own project a draft again; what it has earned stays, and is not earned again."""
    locked = Project.objects.locked(project.pk)
    if locked.status == Project.Status.PUBLISHED:
        locked.status = Project.Status.DRAFT
        locked.save(update_fields=["status"])


@transaction.atomic
def delete(*, project: Project) -> list[AwardResult]:
    """Take one's own project away for good, with what it earned.

    Others' feedback on it stays in their histories, and so do its points.
    """
    locked = Project.objects.locked(project.pk)
    if locked.status not in (Project.Status.DRAFT, Project.Status.PUBLISHED):
        return []
    locked.status = Project.Status.DELETED
    locked.save(update_fields=["status"])
    reason = "You deleted the project."
    return take_back(locked.owner, keys_of(locked), reason=reason, actor=locked.owner)


@transaction.atomic
def give_feedback(*, user: User, project: Project, text: str) -> AwardResult:
    """Keep a member's feedback on a project and award them; the first one stays.

    Args:
        user: who gives it.
        project: somebody else's published project.
        text: what they say, up to 1,000 characters.

    Raises:
        ValidationError: it says too little.
    """
    feedback, is_new = Feedback.objects.get_or_create(
        project=project, author=user, defaults={"text": text}
    )
    if is_new:
        about = f"feedback:{feedback.pk}"
        writing.keep(member=user, text=text, about=about, least=FEEDBACK_WORDS)
        said = f"{user.display_name} gave you feedback on “{project.title}”."
        notices.tell(member=project.owner, text=said, url=project.get_absolute_url())
    return PointsService.award_points(
        user=user,
        activity_type=ActivityType.FEEDBACK_GIVEN,
        metadata=feedback_facts(feedback),
        occurred_at=feedback.created_at,
    )


@transaction.atomic
def share(*, user: User, project: Project, channel: str, note: str) -> AwardResult:
    """Note how a member recommended somebody's project and award them, once for each channel.

    Raises:
        ValidationError: the project is their own, or the note says too little.
    """
    if project.owner_id == user.pk:
        raise ValidationError("Share your own project as you like; sharing others' is what counts.")
    shared, is_new = Share.objects.get_or_create(
        member=user, project=project, channel=channel, defaults={"note": note}
    )
    if is_new:
        about = f"share:{project.pk}:{channel}"
        writing.keep(member=user, text=note, about=about, least=SHARE_WORDS)
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
    locked = Project.objects.locked(project.pk)
    like, is_new = Like.objects.get_or_create(member=user, project=project)
    if not is_new:
        like.delete()
        return False
    likes = project.likes.count()
    reached = set(project.milestones.values_list("likes", flat=True))
    wanted = [mark for mark in MILESTONE_LIKES if mark <= likes and mark not in reached]
    if not wanted or not locked.owner.is_active:
        return True
    # Accounts that have done nothing make no milestone; this is read only where one is near.
    counting = len(who_counts(project.likes.values_list("member_id", flat=True)))
    for mark in wanted:
        if mark > counting:
            break
        milestone = Milestone.objects.create(project=project, likes=mark)
        PointsService.award_points(
            user=locked.owner,
            activity_type=ActivityType.PROJECT_MILESTONE_REACHED,
            metadata=milestone_facts(milestone),
            occurred_at=milestone.reached_at,
        )
    return True


def _pay_for_making(project: Project) -> list[AwardResult | Unpaid]:
    is_new = writing.keep(
        member=project.owner, text=project.story, about=_about(project), least=STORY_WORDS
    )
    if not is_new:
        return []
    return [
        PointsService.award_points(
            user=project.owner,
            activity_type=ActivityType.PROJECT_CREATED,
            metadata=created_facts(project),
        )
    ]


def _about(project: Project) -> str:
    return f"project:{project.pk}"


def _said(refusal: ValidationError) -> str:
    return f"its story needs more. {' '.join(refusal.messages)}"
