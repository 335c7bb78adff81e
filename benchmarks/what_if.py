"""Time a what-if over a large ledger: python -m benchmarks.what_if [--events N].

Some members live through sixty days by PointsService, the others are copies of them; then
`points_simulate` decides all of it again under a draft.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.commands import cost_of
from benchmarks.databases import own_database
from benchmarks.report import measuring, options_of
from thrive_points import AwardEvent

DAYS = 60
MODELS = 20
ACTIVITIES = ("quiz_completed", "feedback_given", "battle_participated", "project_created",
              "circle_reaction", "side_quest_completed")  # fmt: skip
DRAFT = """
[[rule]]
activity_type = "quiz_completed"
label = "a completed quiz"
category = "learning"
base_points = 25
max_per_day = 5
effort = "medium"
impact = "medium"
frequency = "often"
notes = "What if fewer quizzes paid more?"
"""


def main() -> None:
    """Fill a ledger, simulate the draft in a process of its own, and report its cost."""
    parser = options_of(__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=2_000)
    options = parser.parse_args()
    with measuring("what_if", save=options.save) as (server, report):
        environment = own_database(server.url, members=options.members)
        os.environ |= environment
        entries = _fill(options.events)
        with tempfile.TemporaryDirectory() as folder:
            draft = Path(folder) / "draft.toml"
            draft.write_text(DRAFT)
            cost = cost_of(environment, "points_simulate", str(draft), "--format", "json")
        report.table(
            f"points_simulate, a rule changed, {options.members:,} members",
            ("entries", "seconds", "of them computing", "peak MB"),
            [(f"{entries:,}", f"{cost.seconds:.1f}", f"{cost.computing:.1f}", f"{cost.peak:.0f}")],
        )


def _fill(events: int) -> int:
    """Fill the ledger with about so many entries, and return how many they are."""
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.db import connection

    from thrive_points.ledger.columns import Entry
    from thrive_points.models import PointsHistory
    from thrive_points.services import PointsService

    users = list(User.objects.order_by("pk"))
    for _ in PointsService.award_stream(_events(users[:MODELS], events * MODELS // len(users))):
        pass
    # A replay reads the history alone, so that is all the copies get.
    names = ", ".join(name for name in Entry._fields if name != "user_id")
    with connection.cursor() as cursor:
        for first in range(MODELS, len(users), MODELS):
            copies = min(MODELS, len(users) - first)
            cursor.execute(
                f"INSERT INTO thrive_points_pointshistory (user_id, {names}) "
                f"SELECT user_id + %s, {names} FROM thrive_points_pointshistory "
                "WHERE user_id BETWEEN %s AND %s",
                [first, users[0].pk, users[copies - 1].pk],
            )
        cursor.execute("VACUUM ANALYZE")
    return PointsHistory.objects.count()


def _events(users: list[Any], count: int) -> Iterator[AwardEvent]:
    rng = random.Random(1)
    begin = datetime.now(UTC).replace(hour=0) - timedelta(days=DAYS + 1)
    a_day = count // DAYS
    for number in range(count):
        day, position = divmod(number, a_day)
        activity = "daily_login" if position < len(users) else rng.choice(ACTIVITIES)
        yield {
            "user": users[position % len(users)],
            "activity_type": activity,
            "occurred_at": begin + timedelta(days=day, seconds=position * 80_000 // a_day),
            "metadata": {"event_key": f"{activity}:{number}", "difficulty": "easy"},
        }


if __name__ == "__main__":
    main()
