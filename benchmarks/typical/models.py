"""The tables of the hand-written version: they hold what the platform's hold."""

# ruff: noqa: DJ008 - nobody ever looks at these rows.

from typing import ClassVar, Self

from django.conf import settings
from django.db import models


class Row(models.Model):
    """Names the manager for mypy, whose plugin knows the reference host's apps alone."""

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True


class Profile(Row):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    total_points = models.BigIntegerField(default=0)
    week = models.DateField(null=True)
    week_points = models.BigIntegerField(default=0)
    level = models.PositiveIntegerField(default=1)


class Transaction(Row):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    activity_type = models.CharField(max_length=100)
    points = models.IntegerField()
    event_key = models.CharField(max_length=200)
    metadata = models.JSONField(default=dict)
    day = models.DateField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "event_key"], name="typical_event_once")
        ]
        indexes = [models.Index(fields=["user", "activity_type", "day"], name="typical_day")]


class DailyTotal(Row):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    activity_type = models.CharField(max_length=100)
    day = models.DateField()
    awards = models.IntegerField(default=0)
    points = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day", "activity_type"], name="typical_daily_total"
            )
        ]


class FeedItem(Row):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    amount = models.IntegerField()
    source = models.CharField(max_length=100)
    description = models.CharField(max_length=300)
    created_at = models.DateTimeField()


class WeekStreak(Row):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    last_week = models.DateField(null=True)
    count = models.PositiveIntegerField(default=0)
