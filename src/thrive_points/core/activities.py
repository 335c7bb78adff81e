"""What can earn points: the activity types that ship, and their six categories."""

from enum import StrEnum


class Category(StrEnum):
    """The six kinds of participation. A chart shows all six, always in this order."""

    CREATION = "creation"
    LEARNING = "learning"
    COMMUNITY = "community"
    PARTICIPATION = "participation"
    CONSISTENCY = "consistency"
    CHALLENGE = "challenge"

    @property
    def label(self) -> str:
        """Return the name a member reads."""
        return self.value.capitalize()


class ActivityType(StrEnum):
    """The activity types of All Thrive.

    A host with its own activities needs no subclass: any string that has a rule is an
    activity type, and an enum such as this one only spares the feature a literal.
    """

    QUIZ_COMPLETED = "quiz_completed"
    TUTORIAL_COMPLETED = "tutorial_completed"
    SIDE_QUEST_COMPLETED = "side_quest_completed"
    SCAVENGER_HUNT_COMPLETED = "scavenger_hunt_completed"
    BATTLE_PARTICIPATED = "battle_participated"
    BATTLE_WON = "battle_won"
    PROJECT_CREATED = "project_created"
    PROJECT_PUBLISHED = "project_published"
    WEEKLY_CHALLENGE_SUBMITTED = "weekly_challenge_submitted"
    WEEKLY_CHALLENGE_COMPLETED = "weekly_challenge_completed"
    QUEST_CHAIN_COMPLETED = "quest_chain_completed"
    PROJECT_MILESTONE_REACHED = "project_milestone_reached"
    FEEDBACK_GIVEN = "feedback_given"
    PROJECT_SHARED = "project_shared"
    MENTOR_SESSION_HELD = "mentor_session_held"
    REFERRAL_CONVERTED = "referral_converted"
    CIRCLE_REACTION = "circle_reaction"
    DAILY_LOGIN = "daily_login"
    EVENT_ATTENDED = "event_attended"
    CIRCLE_JOINED = "circle_joined"
    CIRCLE_VISITED = "circle_visited"
    CHALLENGE_OPTED_IN = "challenge_opted_in"
    WEEK_STREAK = "week_streak"
    MONTH_STREAK = "month_streak"
    FEEDBACK_WEEK_GOAL = "feedback_week_goal"
    CIRCLE_MONTH_GOAL = "circle_month_goal"
    FIVE_ACTIVE_WEEKS = "five_active_weeks"
