"""What a listener can hear of."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of news. Its name is the type of a webhook's message."""

    ENTRY_RECORDED = "entry.recorded"
    ENTRY_REVERSED = "entry.reversed"
    ENTRY_ADJUSTED = "entry.adjusted"
    LEVEL_CHANGED = "level.changed"
    STREAK_REACHED = "streak.reached"
    GOAL_REACHED = "goal.reached"
    RULE_PUBLISHED = "rule.published"
    CIRCLE_FORMED = "circle.formed"

    @property
    def what(self) -> str:
        """Return what happened, in words for staff."""
        return _WHAT[self]


_WHAT = {
    Kind.ENTRY_RECORDED: "An event was decided, refusals included",
    Kind.ENTRY_REVERSED: "An entry was taken back",
    Kind.ENTRY_ADJUSTED: "Points were added or taken by hand",
    Kind.LEVEL_CHANGED: "A member's level went up or down",
    Kind.STREAK_REACHED: "A mark of a streak was reached",
    Kind.GOAL_REACHED: "A goal was reached",
    Kind.RULE_PUBLISHED: "A rule was published",
    Kind.CIRCLE_FORMED: "A circle was formed for a week, with how many members",
}
