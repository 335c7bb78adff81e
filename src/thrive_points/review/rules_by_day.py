"""The rule in force on a calendar day."""

from datetime import UTC, date, datetime, time

from thrive_points.conf import points_settings
from thrive_points.core.rule import Rule
from thrive_points.exceptions import UnknownActivityType
from thrive_points.rules.current import rulebook


class RulesByDay:
    """Looks each rule up once for a day, whatever the number of members.

    It is the rule in force for everybody: an experiment's arm or a partial rollout may differ,
    which is close enough to find what a person rarely does.
    """

    def __init__(self) -> None:
        self._book = rulebook()
        self._found: dict[tuple[str, date], Rule | None] = {}
        settings = points_settings()
        self.completions = frozenset(
            [str(pays) for streak in settings.streaks for _, pays in streak.pays]
            + [str(goal.pays) for goal in settings.goals]
        )
        """Activity types that streaks and goals pay: nobody acts to earn one at that instant."""

    def on(self, activity_type: str, day: date) -> Rule | None:
        """Return the rule of an activity type on a day, None if none names it any more."""
        place = (activity_type, day)
        if place not in self._found:
            self._found[place] = self._resolve(activity_type, day)
        return self._found[place]

    def label(self, activity_type: str) -> str:
        """Return the words for an activity type."""
        return self._book.label_of(activity_type)

    def _resolve(self, activity_type: str, day: date) -> Rule | None:
        # Noon UTC lies within the day in nearly every zone; review needs no better.
        noon = datetime.combine(day, time(12), tzinfo=UTC)
        try:
            return self._book.resolve(activity_type, noon)
        except UnknownActivityType:
            return None
