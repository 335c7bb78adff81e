"""Projects and what the community does with them."""

from typing import Self

from django.conf import settings
from django.core.validators import MinLengthValidator, URLValidator
from django.db import models
from django.utils import timezone

from allthrive.records import TITLE_LENGTH, MembersRecord, Thing


class ProjectQuerySet(models.QuerySet["Project"]):
    """Projects."""

    def standing(self) -> Self:
        """Return the projects that nobody has taken down."""
        return self.exclude(status__in=(Project.Status.REMOVED, Project.Status.DELETED))

    def locked(self, pk: int) -> "Project":
        """Return a project with its owner, locked until the transaction ends."""
        # The owner's row stays free: an award of theirs need not wait.
        return self.select_for_update(of=("self",)).select_related("owner").get(pk=pk)


class Project(Thing):
    """Something a member made. Drafts are seen by their owner, removed ones by staff."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        REMOVED = "removed", "Removed by staff"
        DELETED = "deleted", "Deleted by its owner"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="projects"
    )
    title = models.CharField(max_length=TITLE_LENGTH, validators=[MinLengthValidator(3)])
    summary = models.CharField(max_length=200, help_text="One sentence for the gallery.")
    story = models.TextField(
        max_length=5_000,
        blank=True,
        help_text="How you made it, and what you learned. A project counts once this says it.",
    )
    link = models.URLField(
        max_length=300,
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text="Where others can try it.",
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    staff_note = models.CharField(
        max_length=200, blank=True, editable=False, help_text="Why staff took it down."
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-created_at"]
        indexes = [
            models.Index(fields=["status", "-published_at"], name="project_gallery"),
            models.Index(fields=["owner", "-created_at"], name="project_of_owner"),
        ]


class Feedback(models.Model):
    """One member's thoughts on another's project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="feedback")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feedback_given"
    )
    text = models.TextField(
        max_length=1_000,
        help_text="What works, and one thing you would try next, in a sentence or two.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["created_at"]
        verbose_name_plural = "feedback"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "author"],
                name="one_feedback_per_member",
                violation_error_message="You have given feedback on this project.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.project}"


class Like(MembersRecord):
    """A member likes a project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="likes")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "member"], name="one_like_per_member")
        ]

    def __str__(self) -> str:
        return f"{self.member} likes {self.project}"


class Share(MembersRecord):
    """A member shared a project outside, once for each way of sharing."""

    class Channel(models.TextChoices):
        LINK = "link", "A link in a chat"
        EMAIL = "email", "An e-mail"
        SOCIAL = "social", "A post on social media"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="shares")
    channel = models.CharField("how you share it", max_length=10, choices=Channel.choices)
    note = models.CharField(
        "what you say about it",
        max_length=280,
        blank=True,
        help_text="Why it is worth a look, in your own words. It stands before the link.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "member", "channel"], name="one_share_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} shared {self.project}"


class Milestone(models.Model):
    """A project reached a number of likes."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="milestones")
    likes = models.PositiveIntegerField()
    reached_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "likes"], name="milestone_reached_once")
        ]

    def __str__(self) -> str:
        return f"{self.project}: {self.likes} likes"
