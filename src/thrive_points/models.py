"""The tables: the member's account and ledger, the rule revisions and the experiments.

PointsService alone writes the member's tables, `rules.revisions` and `rules.experiments` the rest.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.db.models.signals import pre_save
from django.utils import translation
from django.utils.translation import gettext_lazy

from thrive_points.calendar.zones import today_of
from thrive_points.conf import points_settings
from thrive_points.core.event import Outcome
from thrive_points.core.periods import week_of
from thrive_points.core.words import explain, steps_from_json
from thrive_points.exceptions import SingleWriterError


def _refuse(what: str) -> SingleWriterError:
    return SingleWriterError(
        f"{what} is refused: the ledger is append-only and PointsService is its sole writer. "
        "Use award_points, reverse or adjust."
    )


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Refuses every write; the service writes by named SQL."""

    def update(self, **values: Any) -> int:
        raise _refuse(f"{self.model.__name__} update()")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise _refuse(f"{self.model.__name__} delete()")

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        raise _refuse(f"{self.model.__name__} bulk_create()")

    def bulk_update(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> int:
        raise _refuse(f"{self.model.__name__} bulk_update()")


class ServiceWritten(models.Model):
    """A model whose instances refuse to be saved or deleted."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        # Related managers, refresh_from_db and _base_manager refuse too.
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise _refuse(f"{type(self).__name__} save()")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise _refuse(f"{type(self).__name__} delete()")


def _refuse_saving(
    sender: type[models.Model], instance: models.Model, raw: bool, using: str, **_: Any
) -> None:
    """Refuse a save that went round `save()`, but for a fixture's row that is not there yet."""
    if not raw:
        raise _refuse(f"{sender.__name__} save_base()")
    if sender._base_manager.using(using).filter(pk=instance.pk).exists():
        raise _refuse(f"{sender.__name__} loading of {instance.pk}, which is there already,")


def _members_key(related_name: str = "+", **options: Any) -> Any:
    """Return a column with the member's key: the user's, but without a constraint to the user.

    An award then locks no row of the host's, and a member's figures can outlive the user.
    """
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name=related_name,
        # Every key and index of these tables leads with the member already.
        db_index=False,
        db_constraint=False,
        **options,
    )


class UserThriveProfile(ServiceWritten):
    """A member's account: total and weekly XP, runs, and how many entries the history has.

    It is the row that is locked. It protects its user from being deleted, but by Django alone:
    PostgreSQL would check a constraint of its own at the end of every transaction that awards
    twice, by a lock on the user's row (docs/decisions/0023).
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="thrive_profile",
        db_constraint=False,
    )
    shown_by: Any = None
    """Weak reference to what is gone once the transaction that the figures are from rolls back."""
    written_by: Any = None
    """What the latest transaction that has committed keeps alive here."""

    total_xp = models.BigIntegerField(default=0, editable=False)
    week = models.DateField(
        null=True, editable=False, help_text="Monday of the latest week XP was added to."
    )
    week_xp = models.BigIntegerField(default=0, editable=False, help_text="XP of that week.")
    streaks = models.JSONField(
        default=dict, editable=False, help_text="First, last and count of each run, by name."
    )
    last_number = models.BigIntegerField(
        default=0, editable=False, help_text="Number of the newest entry."
    )

    class Meta:
        verbose_name = gettext_lazy("member's XP")
        verbose_name_plural = gettext_lazy("members' XP")

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what another process could not follow."""
        state = super().__getstate__()
        return {name: state[name] for name in state if name not in ("shown_by", "written_by")}

    def __str__(self) -> str:
        return f"{self.user}: {self.total_xp} XP"

    @property
    def was_rolled_back(self) -> bool:
        """Return whether the figures are from a transaction that was rolled back."""
        return self.shown_by is not None and self.shown_by() is None

    @property
    def level(self) -> int:
        """Return the level, which follows from the total alone."""
        return points_settings().levels.level_of(self.total_xp)

    @property
    def weekly_xp(self) -> int:
        """Return the XP of the current week: 0 as soon as a new week began, without a job."""
        return self.xp_of_week(week_of(today_of(self.user)))

    def xp_of_week(self, week: date) -> int:
        """Return what the ledger's days of the current week add up to.

        Args:
            week: its Monday.
        """
        if self.week is None or self.week < week:
            return 0
        if self.week == week:
            return self.week_xp
        # The latest week has not begun yet: a zone that jumped, or an event a little ahead.
        totals = PointsDailyTotal.objects.filter(
            user_id=self.pk, day__range=(week, week + timedelta(days=6))
        )
        return totals.aggregate(sum=models.Sum("points"))["sum"] or 0


class PointsHistory(ServiceWritten):
    """One entry of the append-only ledger: a decided event, a reversal or an adjustment.

    The columns are declared in ledger/columns.py, and once more here for Django.
    """

    pk = models.CompositePrimaryKey("user_id", "number")
    user = _members_key()
    number = models.BigIntegerField(help_text="1, 2, 3 ... for each member, without gaps.")
    activity_type = models.CharField(max_length=100)
    points = models.BigIntegerField()
    outcome = models.CharField(max_length=16)
    event_key = models.CharField(max_length=200)
    occurred_at = models.DateTimeField(help_text="When the event happened.")
    recorded_at = models.DateTimeField(help_text="When the platform decided it.")
    day = models.DateField(help_text="The user's calendar day the entry counts in.")
    rule_revision = models.CharField(max_length=40, blank=True)
    arithmetic = models.JSONField(default=list, help_text="Steps that led to the points.")
    metadata = models.JSONField(default=dict)
    reverses = models.BigIntegerField(
        null=True, blank=True, help_text="Number of the entry it takes back."
    )
    cause = models.BigIntegerField(
        null=True, blank=True, help_text="Number of the entry it follows from."
    )
    actor = _members_key(null=True, blank=True)
    description = models.CharField(max_length=300, blank=True)
    awards = models.SmallIntegerField(
        default=0, help_text="What it does to the day's paid awards: 1, 0 or -1."
    )
    capped = models.SmallIntegerField(default=0, help_text="1 for an event that a cap refused.")

    class Meta:
        verbose_name = gettext_lazy("points entry")
        verbose_name_plural = gettext_lazy("points history")
        permissions = [("correct_points", "Can reverse entries and adjust totals")]
        constraints = [
            models.UniqueConstraint(fields=["user", "event_key"], name="thrive_points_event_once")
        ]
        indexes = [
            # Only what an experiment's arm decided ("x7:b") is in it, so that results per arm
            # are found without a scan and other entries cost nothing.
            models.Index(
                fields=["rule_revision", "user"],
                condition=models.Q(rule_revision__gte="x", rule_revision__lt="y"),
                name="thrive_points_arm_entry",
            ),
            # What a cap refused or reduced, and its corrections: where a reversal looks for
            # whom it leaves room. An award paid in full costs it nothing.
            models.Index(
                fields=["user", "activity_type", "day", "occurred_at"],
                # By OR: PostgreSQL writes a list of texts in another way after a restore.
                condition=models.Q(outcome="capped")
                | models.Q(outcome="reduced")
                | models.Q(outcome="promoted")
                | models.Q(outcome="reversed"),
                name="thrive_points_short_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points:+d} {self.activity_type}"

    @property
    def recorded_label(self) -> str:
        """Return the words its rule had for it; empty for a correction, which keeps its reason."""
        return "" if self.rule_revision == "" else self.description

    @property
    def explanation(self) -> str:
        """Return the entry in one plain sentence, in the active language."""
        from thrive_points.rules.current import rulebook

        return explain(
            Outcome(self.outcome),
            self.points,
            rulebook().label_of(self.activity_type, self.recorded_label),
            steps_from_json(self.arithmetic),
            self.description,
            say=translation,
        )


class PointsDailyTotal(ServiceWritten):
    """What a user had of one activity type in one day; serves caps, charts and review."""

    pk = models.CompositePrimaryKey("user_id", "day", "activity_type")
    user = _members_key()
    day = models.DateField()
    activity_type = models.CharField(max_length=100)
    awards = models.IntegerField(default=0)
    points = models.BigIntegerField(default=0)
    capped = models.IntegerField(default=0)
    last_awarded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("daily total")

    def __str__(self) -> str:
        return f"{self.day} {self.activity_type}: {self.points}"


class XPEvent(ServiceWritten):
    """An amount of XP: what an entry that moved the total looks like in the circle's feed."""

    pk = models.CompositePrimaryKey("user_id", "number")
    user = _members_key()
    number = models.BigIntegerField(help_text="Number of the entry it belongs to.")
    amount = models.BigIntegerField()
    source = models.CharField(max_length=100, help_text="The activity type it came from.")
    description = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = gettext_lazy("XP event")
        indexes = [models.Index(fields=["user", "created_at"], name="thrive_points_xp_time")]

    def __str__(self) -> str:
        return f"{self.amount:+d} for {self.source}"


for _model in (UserThriveProfile, PointsHistory, PointsDailyTotal, XPEvent):
    pre_save.connect(_refuse_saving, sender=_model)


class PointRule(ServiceWritten):
    """One immutable revision of a rule, which overrides the registry while it is in force."""

    activity_type = models.CharField(max_length=100)
    revision = models.PositiveIntegerField(help_text="1, 2, ... for each activity type.")
    definition = models.JSONField(
        help_text="The rule's fields, as in a rule file; empty for the rule in code."
    )
    effective_from = models.DateTimeField()
    effective_until = models.DateTimeField(null=True, blank=True)
    share = models.PositiveSmallIntegerField(
        default=100, help_text="Percent of the members it is in force for."
    )
    rollout = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="For a share: the revision that its rollout began with, which picks the members.",
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = gettext_lazy("rule revision")
        constraints = [
            models.UniqueConstraint(
                fields=["activity_type", "revision"], name="thrive_points_rule_revision"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_until__isnull=True)
                | models.Q(effective_until__gt=models.F("effective_from")),
                name="thrive_points_rule_span",
            ),
            models.CheckConstraint(
                condition=models.Q(share__gte=1, share__lte=100), name="thrive_points_rule_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_type} r{self.revision}"


class RuleWithdrawal(ServiceWritten):
    """That a revision ends, or never begins, from an instant on. Immutable."""

    revision = models.OneToOneField(PointRule, on_delete=models.PROTECT, related_name="withdrawal")
    effective_from = models.DateTimeField(help_text="From when on the revision decides nothing.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = "rule withdrawal"

    def __str__(self) -> str:
        return f"withdraws {self.revision}"


class RuleExperiment(ServiceWritten):
    """An A/B test of the values of one activity. Immutable but for its being stopped, once."""

    name = models.CharField(max_length=100)
    activity_type = models.CharField(max_length=100)
    arms = models.JSONField(help_text="Each arm's name, share in percent and rule definition.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stop_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="thrive_points_experiment_span",
            )
        ]

    def __str__(self) -> str:
        return f"x{self.pk} {self.name}"

    @property
    def over_at(self) -> Any:
        """Return the instant it ends at, stopped or not."""
        return min(self.ends_at, self.stopped_at) if self.stopped_at else self.ends_at


class PointsEconomy(models.Model):
    """The doorway of the review pages: their entry in the admin's index and their permission."""

    class Meta:
        managed = False
        verbose_name = gettext_lazy("points economy")
        verbose_name_plural = gettext_lazy("points economy")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return "points economy"
