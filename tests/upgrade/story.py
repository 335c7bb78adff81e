"""Three weeks of a small site, at fixed instants: what the stored dumps hold."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import time_machine
from django.contrib.auth import get_user_model
from django.db import connection

from thrive_circles.forming import assign_circles, join_circle
from thrive_points.rules.current import forget
from thrive_points.rules.experiments import Arm, start, stop
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish, withdraw
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

DAY, WEEK = timedelta(days=1), timedelta(days=7)
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
NAMES = ("ada", "ben", "cleo", "dan", "eve", "fay")


def tell() -> None:
    """Live through it, on a migrated database that has no members."""
    with time_machine.travel(MONDAY, tick=False) as clock:
        users = get_user_model().objects
        people = {name: users.create(username=name) for name in NAMES}
        ada, ben, cleo, dan, eve, fay = people.values()
        award, batch = PointsService.award_points, PointsService.award_many

        # The first week: a streak, a day over its cap, tiers and a goal, a batch, corrections.
        for n in range(12):
            award(ben, "quiz_completed", {"event_key": f"quiz:{n}", "score": 60 + n})
        for n in range(7):
            award(cleo, "feedback_given", {"event_key": f"feedback:{n}", "project": f"Küche {n}"})
        batch(
            {
                "user": person,
                "activity_type": activity,
                "metadata": {"event_key": f"{activity}:first"},
            }
            for person in (ada, ben, cleo, dan, eve)
            for activity in ("project_created", "circle_visited", "side_quest_completed")
        )
        award(dan, "side_quest_completed", {"event_key": "quest:2", "difficulty": "easy"})
        for day in range(7):
            clock.move_to(MONDAY + day * DAY)
            award(ada, "daily_login", {"event_key": f"login:{day}"})
        PointsService.reverse(ben, "quiz:2", "the same answers again", actor=eve)
        PointsService.adjust(ada, 40, "moderated the forum", actor=eve, event_key="thanks:1")
        PointsService.adjust(ada, -15, "wrong member", event_key="fine:1")
        PointsService.reverse(ada, "thanks:1", "given twice")
        # A late event, which counts in its own day.
        award(eve, "tutorial_completed", {"event_key": "late"}, occurred_at=MONDAY + DAY)

        # The second: circles, a revision for a share, and an experiment that is stopped.
        clock.move_to(MONDAY + WEEK)
        assign_circles((MONDAY + WEEK).date())
        award(fay, "daily_login", {"event_key": "login:0"})
        join_circle(fay)
        rule = POINT_RULES["project_shared"]
        publish("project_shared", replace(rule, base_points=20), reason="shared more", author=eve)
        publish("project_shared", None, reason="as it was", share=50)
        rule = POINT_RULES["tutorial_completed"]
        arms = [
            Arm(name="a", share=50, rule=rule),
            Arm(name="b", share=50, rule=replace(rule, base_points=14)),
        ]
        until = MONDAY + 60 * DAY
        first = start(
            "tutorial_completed", arms, name="Longer", reason="try", ends_at=until, author=eve
        )
        clock.move_to(MONDAY + WEEK + DAY)
        forget()
        for person in people.values():
            award(person, "project_shared", {"event_key": "share:1"})
            award(person, "tutorial_completed", {"event_key": "tutorial:1"})
        stop(first, reason="the text was wrong", author=eve)
        clock.move_to(MONDAY + WEEK + 2 * DAY)
        start("tutorial_completed", arms, name="Longer again", reason="try", ends_at=until)

        withdraw("project_shared", 2, reason="shared by all again", author=eve)

        # The third: the experiment that runs, and the next circles.
        clock.move_to(MONDAY + 2 * WEEK)
        forget()
        assign_circles((MONDAY + 2 * WEEK).date())
        for person in people.values():
            award(person, "tutorial_completed", {"event_key": "tutorial:2"})
            award(person, "circle_visited", {"event_key": "visit:3"})
    # The clock of today put its time on these; a dump that is made again is the same.
    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute("UPDATE thrive_points_pointrule SET created_at = effective_from")
        cursor.execute("UPDATE thrive_points_ruleexperiment SET created_at = starts_at")
        cursor.execute("UPDATE thrive_points_rulewithdrawal SET created_at = effective_from")

        cursor.execute("UPDATE django_migrations SET applied = %s", ["2026-06-01 09:00:00"])
