"""What the models of the features have in common."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

TITLE_LENGTH = 120


class Titled(models.Model):
    """Something that goes by its title."""

    title = models.CharField(max_length=TITLE_LENGTH)

    class Meta:
        abstract = True
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Thing(Titled):
    """Something with a page of its own, which its app names `detail`."""

    class Meta(Titled.Meta):
        abstract = True

    def get_absolute_url(self) -> str:
        return reverse(f"{self._meta.app_label}:detail", args=[self.pk])


class Course(Titled):
    """Something to learn from, in parts; only what is open is offered."""

    slug = models.SlugField(max_length=140, unique=True)
    summary = models.CharField(max_length=300)
    is_open = models.BooleanField(default=True, help_text="Members see only what is open.")

    class Meta(Titled.Meta):
        abstract = True


class MembersRecord(models.Model):
    """Something a member did or takes part in."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class Progress(MembersRecord):
    """How far a member has come on a way that has an end."""

    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
