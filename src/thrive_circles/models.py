"""The XP layer's tables. Their XP columns are written by XPService's SQL and nothing else."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models

from thrive_circles.levels import CIRCLE_LEVELS, CircleLevel, circle_level_of
from thrive_points.calendar.zones import today_of
from thrive_points.core.periods import week_of
from thrive_points.exceptions import SingleWriterError

GUARDED = frozenset({"total_xp", "week", "week_xp", "level", "streaks"})


class Circle(models.Model):
    """A weekly group of members of like XP."""

    week = models.DateField(help_text="Monday of the week the circle lives in.")
    level = models.CharField(
        max_length=20, choices=[(level.name, level.name) for level in CIRCLE_LEVELS]
    )
    number = models.PositiveIntegerField(help_text="Tells circles of one level apart.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["week", "level", "number"], name="thrive_circles_circle_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.level} circle {self.number}"


def _refuse(what: str) -> SingleWriterError:
    return SingleWriterError(
        f"{what} would change XP without a ledger entry. Award, reverse or adjust through "
        "PointsService; only a profile's circle may be saved directly."
    )


class ProfileQuerySet(models.QuerySet["UserThriveProfile"]):
    """Refuses to write XP columns."""

    def update(self, **values: Any) -> int:
        if touched := GUARDED.intersection(values):
            raise _refuse(f"update({', '.join(sorted(touched))})")
        return super().update(**values)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kw: Any) -> int:
        fields = list(fields)
        if touched := GUARDED.intersection(fields):
            raise _refuse(f"bulk_update({', '.join(sorted(touched))})")
        return super().bulk_update(objs, fields, *args, **kw)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kw: Any) -> list[Any]:
        raise _refuse("bulk_create()")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise _refuse("delete()")


class UserThriveProfile(models.Model):
    """A member's XP: totals, the week's, level, runs, and the circle of the week."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="thrive_profile",
    )
    total_xp = models.BigIntegerField(default=0, editable=False)
    week = models.DateField(
        null=True, editable=False, help_text="Monday of the latest week XP was added to."
    )
    week_xp = models.BigIntegerField(default=0, editable=False, help_text="XP of that week.")
    level = models.PositiveIntegerField(default=1, editable=False)
    streaks = models.JSONField(
        default=dict, editable=False, help_text="First, last and count of each run, by name."
    )
    circle = models.ForeignKey(
        Circle, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "member's XP"
        verbose_name_plural = "members' XP"

    def __str__(self) -> str:
        return f"{self.user}: {self.total_xp} XP"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the circle alone; a new profile only with nothing on it.

        Raises:
            SingleWriterError: an XP column would be written.
        """
        fields = kwargs.get("update_fields")
        if self._state.adding:
            if self.total_xp or self.week_xp or self.week or self.streaks or self.level != 1:
                raise _refuse("save() of a new profile that already has XP")
            # Django would try an UPDATE first, which empties the profile that is there.
            kwargs["force_insert"] = True
        elif fields is None or GUARDED.intersection(fields):
            raise _refuse("save() without update_fields=['circle']")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise _refuse("delete() of a profile")

    @property
    def weekly_xp(self) -> int:
        """Return the XP of the current week: 0 as soon as a new week began, without a job."""
        return self.week_xp if self.week == week_of(today_of(self.user)) else 0

    @property
    def circle_level(self) -> CircleLevel:
        """Return the circle level the total has reached."""
        return circle_level_of(self.total_xp)


class XPEventQuerySet(models.QuerySet["XPEvent"]):
    """Refuses every write: events are appended by XPService."""

    def update(self, **values: Any) -> int:
        raise _refuse("update()")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise _refuse("delete()")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kw: Any) -> list[Any]:
        raise _refuse("bulk_create()")

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kw: Any) -> int:
        raise _refuse("bulk_update()")


class XPEvent(models.Model):
    """An amount of XP handed on by PointsService; the material of the circle's feed."""

    # The index on user and time leads with the user, so one on the user alone would cost every
    # award a write that no reader needs.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="xp_events",
        db_index=False,
    )
    amount = models.BigIntegerField()
    source = models.CharField(max_length=100, help_text="The activity type it came from.")
    description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    objects = XPEventQuerySet.as_manager()

    class Meta:
        verbose_name = "XP event"
        indexes = [models.Index(fields=["user", "created_at"], name="thrive_xpevent_user_time")]

    def __str__(self) -> str:
        return f"{self.amount:+d} for {self.source}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise _refuse("save() of an XP event")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise _refuse("delete() of an XP event")
