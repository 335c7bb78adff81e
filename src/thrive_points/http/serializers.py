"""The answers: what the selectors return, as JSON.

A field called `label` hides the attribute of that name in the stubs only: Django REST framework
takes declared fields out of the class.
"""

from typing import Any

from django.utils import translation
from django.utils.text import capfirst
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from thrive_points.conf import points_settings
from thrive_points.core.activities import Category
from thrive_points.core.event import Outcome
from thrive_points.core.words import steps_from_json, translated
from thrive_points.http.queries import Window
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook
from thrive_points.selectors import Bucket

CATEGORIES = [(category.value, category.label) for category in Category]
CUSTOM_WINDOW = "custom"


class Label(serializers.CharField):
    """The rule's words for an activity in the active language, made fit to stand alone."""

    def to_representation(self, value: Any) -> str:
        return capfirst(translated(str(value), translation))


class ParameterProblem(serializers.Serializer[Any]):
    parameter = serializers.CharField()
    detail = serializers.CharField(help_text="What was given and what is allowed.")


class Problem(serializers.Serializer[Any]):
    """An error, as RFC 9457 has it."""

    type = serializers.CharField(help_text="Always about:blank: the status says what kind it is.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What was wrong and what is allowed.")
    errors = ParameterProblem(  # type: ignore[assignment]
        many=True, required=False, help_text="One for each parameter."
    )


class Progress(serializers.Serializer[Any]):
    """Where a member stands."""

    total_points = serializers.IntegerField(help_text="The total, which is also the total XP.")
    level = serializers.IntegerField(min_value=1)
    level_starts_at = serializers.IntegerField(help_text="Total at which the level starts.")
    next_level_at = serializers.IntegerField(help_text="Total at which the next level starts.")
    points_to_next_level = serializers.IntegerField()
    weekly_xp = serializers.IntegerField(
        source="weekly_points", help_text="XP of the week that began on the member's last Monday."
    )
    streak_days = serializers.IntegerField(
        min_value=0, help_text="Active days of the streak that still stands."
    )


class CategoryName(serializers.Serializer[Any]):
    key = serializers.CharField(
        help_text="A category; or an activity type that has no rule any more, and so none."
    )
    label = serializers.CharField()  # type: ignore[assignment]


class Amounts(serializers.Serializer[Any]):
    """Points of every category, and of each activity type that has none any more."""

    def get_fields(self) -> dict[str, Any]:
        """Have a field for each category."""
        return {category.value: serializers.IntegerField() for category in Category}

    def to_representation(self, instance: Any) -> Any:
        """Keep the lines that are no categories."""
        shown = super().to_representation(instance)
        return {**shown, **{str(name): value for name, value in instance.items()}, **shown}


class SeriesRow(Amounts):
    """One bucket: its first day, and the points of every category on those of its days that are
    in the window."""

    def get_fields(self) -> dict[str, Any]:
        """Have the date before the categories."""
        return {"date": serializers.DateField(), **super().get_fields()}


class Suggestion(serializers.Serializer[Any]):
    """Something the member could do now."""

    activity_type = serializers.CharField()
    label = Label()  # type: ignore[assignment]
    category = serializers.ChoiceField(choices=CATEGORIES)
    points = serializers.IntegerField(
        source="next_points", min_value=1, help_text="The most that the next one would earn."
    )
    url = serializers.SerializerMethodField(help_text="Where to do it, if the site says.")

    def get_url(self, status: Any) -> str | None:
        """Ask the host."""
        hook = points_settings().activity_url
        return hook(status.activity_type) if hook else None


class Nudge(serializers.Serializer[Any]):
    """A gentle push towards a fuller balance."""

    category = serializers.ChoiceField(choices=CATEGORIES)
    message = serializers.CharField()
    suggestions = Suggestion(many=True)


class CategoryReport(serializers.Serializer[Any]):
    """Where a member's points come from.

    The totals are the sums of the series, when there is one. With the adjustments they are the
    ledger's points of the window.
    """

    window = serializers.ChoiceField(
        choices=[*(window.value for window in Window), CUSTOM_WINDOW],
        help_text="As asked; custom for a span of one's own.",
    )
    since = serializers.DateField(help_text="First day of the window, in the member's zone.")
    until = serializers.DateField(help_text="Last day.")
    bucket = serializers.ChoiceField(choices=[bucket.value for bucket in Bucket])
    totals = Amounts()
    series = SeriesRow(many=True, help_text="Every bucket of the window; empty for none.")
    categories = CategoryName(many=True, help_text="In the order to show them.")
    adjustments = serializers.IntegerField(
        help_text="Points of the team's corrections, which belong to no category."
    )
    nudge = Nudge(allow_null=True, help_text="Null when nothing is missing or to be had.")


class StepTaken(serializers.Serializer[Any]):
    """One step of an entry's arithmetic."""

    name = serializers.CharField()
    value = serializers.IntegerField()
    of = serializers.IntegerField(allow_null=True)


class Entry(serializers.ModelSerializer[PointsHistory]):
    """One entry of the ledger."""

    number = serializers.IntegerField(
        min_value=1, help_text="1, 2, 3 ... for each member, without gaps."
    )
    label = serializers.SerializerMethodField(  # type: ignore[assignment]
        help_text="The words of its rule."
    )
    category = serializers.SerializerMethodField()
    outcome = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome])
    explanation = serializers.CharField(help_text="The reason in one plain sentence.")
    rule_revision = serializers.CharField(
        help_text="The version of the rule that decided; empty for a correction."
    )
    arithmetic = serializers.SerializerMethodField()
    reverses = serializers.IntegerField(
        allow_null=True, help_text="Number of the entry this one takes back."
    )
    cause = serializers.IntegerField(
        allow_null=True, help_text="Number of the entry that completed this streak or goal."
    )

    class Meta:
        model = PointsHistory
        fields = [
            "number",
            "activity_type",
            "label",
            "category",
            "outcome",
            "points",
            "explanation",
            "rule_revision",
            "arithmetic",
            "occurred_at",
            "recorded_at",
            "day",
            "reverses",
            "cause",
        ]

    def get_label(self, entry: PointsHistory) -> str:
        """Return the rule's words."""
        label = rulebook().label_of(entry.activity_type, entry.recorded_label)
        return capfirst(translated(label, translation))

    @extend_schema_field(
        serializers.ChoiceField(
            choices=CATEGORIES, allow_null=True, help_text="Null for an adjustment."
        )
    )
    def get_category(self, entry: PointsHistory) -> Category | None:
        """Return the category the activity has now."""
        return rulebook().category_of(entry.activity_type)

    @extend_schema_field(StepTaken(many=True))
    def get_arithmetic(self, entry: PointsHistory) -> list[dict[str, Any]]:
        """Return the steps by name."""
        return [step._asdict() for step in steps_from_json(entry.arithmetic)]


class HistoryPage(serializers.Serializer[Any]):
    """A page of the ledger, newest entry first."""

    entries = Entry(many=True)
    next_cursor = serializers.CharField(
        allow_null=True, help_text="Give it as `cursor` for older entries; null on the last page."
    )


class Activity(serializers.Serializer[Any]):
    """What an activity can earn the member now."""

    activity_type = serializers.CharField()
    label = Label()  # type: ignore[assignment]
    category = serializers.ChoiceField(choices=CATEGORIES)
    lowest = serializers.IntegerField(help_text="Fewest points of one, before caps.")
    highest = serializers.IntegerField(help_text="Most points of one, before caps.")
    max_per_day = serializers.IntegerField(
        allow_null=True, help_text="Paid in full each day; null without a limit."
    )
    max_per_week = serializers.IntegerField(
        allow_null=True, help_text="Paid in full each week, Monday first; null without a limit."
    )
    left_today = serializers.IntegerField(
        allow_null=True, help_text="Still paid today, at least in part."
    )
    left_this_week = serializers.IntegerField(
        allow_null=True, help_text="Still paid this week, at least in part."
    )
    available = serializers.BooleanField(help_text="Whether the next one would earn anything.")
    next_points = serializers.IntegerField(help_text="The most that the next one would earn.")
    resets_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When it earns again; null while it does, or while it is switched off.",
    )
    direct = serializers.BooleanField(
        help_text="Whether one does it, as against a streak or goal that pays by itself."
    )
    url = serializers.SerializerMethodField(help_text="Where to do it, if the site says.")

    get_url = Suggestion.get_url


class Activities(serializers.Serializer[Any]):
    """Everything that can be earned."""

    activities = Activity(many=True)
