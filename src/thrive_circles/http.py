"""The API's answer about a member's circle. Mount `thrive_circles.urls` beside the points API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from thrive_circles import selectors as circles
from thrive_circles.levels import CIRCLE_LEVELS
from thrive_points import selectors
from thrive_points.core.nudge import next_steps
from thrive_points.http.base import MemberView
from thrive_points.http.schema import name_enum
from thrive_points.http.serializers import Label, Suggestion

LEVELS = [level.name for level in CIRCLE_LEVELS]
name_enum("CircleLevelName", f"{__name__}.LEVELS")


def name_of(user: Any) -> str:
    """Return the name by which others in the circle know a user."""
    full_name = user.get_full_name() if hasattr(user, "get_full_name") else ""
    return str(full_name or user.get_username())


class CircleLevel(serializers.Serializer[Any]):
    name = serializers.ChoiceField(choices=LEVELS)
    starts_at = serializers.IntegerField(help_text="Total XP at which it starts.")


class Circle(serializers.Serializer[Any]):
    """The circle of the current week."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")
    level = serializers.ChoiceField(choices=LEVELS)
    week = serializers.DateField(help_text="The Monday it began on.")


class CircleMember(serializers.Serializer[Any]):
    """Someone in the circle. There are no ranks, so nobody's total is shown."""

    name = serializers.SerializerMethodField(help_text="By which the circle knows them.")
    level = serializers.IntegerField(min_value=1)

    def get_name(self, profile: Any) -> str:
        """Return the name others know."""
        return name_of(profile.user)


class FeedEvent(serializers.Serializer[Any]):
    """Something a member of the circle did."""

    id = serializers.SerializerMethodField(help_text="Whose it is and its number, in one.")
    name = serializers.SerializerMethodField(help_text="Whose it is.")
    activity_type = serializers.CharField(source="source")
    label = Label(source="description")  # type: ignore[assignment]
    xp = serializers.IntegerField(source="amount")
    created_at = serializers.DateTimeField()

    def get_id(self, event: Any) -> str:
        """Return a key that no other event has."""
        return f"{event.user_id}-{event.number}"

    def get_name(self, event: Any) -> str:
        """Return the name others know."""
        return name_of(event.user)


class ThriveCircle(serializers.Serializer[Any]):
    """A member's circle and their way on."""

    circle = Circle(allow_null=True, help_text="Null until the week's circles are formed.")
    members = CircleMember(many=True, help_text="By name.")
    feed = FeedEvent(many=True, help_text="The last seven days, newest first, 30 at most.")
    level = CircleLevel(source="progress.level", help_text="The circle level reached.")
    next_level = CircleLevel(
        source="progress.next_level", allow_null=True, help_text="Null at the top."
    )
    total_xp = serializers.IntegerField(source="progress.total_xp")
    xp_to_next_level = serializers.IntegerField(
        source="progress.xp_to_next", help_text="0 at the top."
    )
    next_steps = Suggestion(many=True, help_text="What to do next.")


class ThriveCircleView(MemberView):
    """The member's circle of the week, its feed, the way to the next circle level."""

    operation_id = "thrive_circle"
    answer = ThriveCircle

    def read(self, member: Any) -> Mapping[str, Any]:
        """Read the circle; without one, only the member's own way."""
        circle = circles.circle_of(member)
        return {
            "circle": circle,
            "members": circles.members_of(circle) if circle else [],
            "feed": circles.feed_of(circle) if circle else [],
            "progress": circles.circle_progress(selectors.balance(member)),
            "next_steps": next_steps(selectors.activities(member)),
        }
