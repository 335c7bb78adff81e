"""How long a what-if over a large ledger takes, and how much memory.

Fills the database that DATABASE_URL names with members who earn by PointsService and with
copies of them, then runs `points_simulate` on it. Use a database of its own:

    DATABASE_URL=sqlite:////path/to/what_if.sqlite3 python benchmarks/what_if.py --events 1000000
"""

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
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
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--members", type=int, default=2_000)
    arguments = parser.parse_args()
    if "DATABASE_URL" not in os.environ:
        sys.exit("Set DATABASE_URL to an empty database of its own.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allthrive.settings")
    os.environ.setdefault("ALLTHRIVE_DEBUG", "1")
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]

    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from thrive_points.models import PointsHistory

    settings.DEBUG = False  # or Django would keep every query it runs
    call_command("migrate", verbosity=0)
    if not PointsHistory.objects.exists():
        fill(arguments.events, arguments.members)
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / "draft.toml"
        draft.write_text(DRAFT)
        started, computed = time.perf_counter(), time.process_time()
        call_command("points_simulate", str(draft), format="json", stdout=StringIO())
        seconds, cpu = time.perf_counter() - started, time.process_time() - computed
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{PointsHistory.objects.count():,} entries in {seconds:.1f} s, of which "
        f"{cpu:.1f} s were computing; the process never held more than {peak:.0f} MB"
    )


def fill(events: int, members: int) -> None:
    """Fill the ledger: some members live through their days, others are copies of them."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from tqdm import tqdm

    from thrive_points.models import PointsHistory
    from thrive_points.services import PointsService

    model = get_user_model()
    model.objects.bulk_create([model(username=f"member{n}") for n in range(members)])
    users = list(model.objects.order_by("pk"))
    models = users[:MODELS]
    lived = events * MODELS // members
    stream = PointsService.award_stream(_events(models, lived))
    for _ in tqdm(stream, total=lived, desc="living"):
        pass
    columns = [
        f.column for f in PointsHistory._meta.concrete_fields if f.name not in ("id", "user")
    ]
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        for first in tqdm(range(MODELS, members, MODELS), desc="copying"):
            copies = min(MODELS, members - first)
            cursor.execute(
                f"INSERT INTO thrive_points_pointshistory (user_id, {names}) "
                f"SELECT user_id + %s, {names} FROM thrive_points_pointshistory "
                "WHERE user_id BETWEEN %s AND %s ORDER BY id",
                [first, users[0].pk, users[copies - 1].pk],
            )


def _events(users: list[Any], count: int) -> Iterator[dict[str, Any]]:
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
