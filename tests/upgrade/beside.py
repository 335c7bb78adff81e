"""Award while another release does: python -m tests.upgrade.beside NAME

Runs with an earlier release's wheel too. It says which package it has and waits for a line, so that
two of them start together.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import django

ROUNDS = 12


def main(name: str) -> None:
    """Award, one by one and in batches, and take back."""
    django.setup()
    from django.contrib.auth import get_user_model

    import thrive_points
    from thrive_points.services import PointsService

    members = list(get_user_model().objects.order_by("pk"))
    print(Path(thrive_points.__file__).parent, flush=True)
    sys.stdin.readline()
    shared: Counter[str] = Counter()
    for n in range(ROUNDS):
        for member in members:
            own = {"event_key": f"{name}:{n}"}
            PointsService.award_points(member, "quiz_completed", own)
            result = PointsService.award_points(
                member, "feedback_given", {"event_key": f"shared:{n}"}
            )
            shared["duplicate" if result.outcome == "duplicate" else "decided"] += 1
        PointsService.award_many(
            {
                "user": member,
                "activity_type": "project_shared",
                "metadata": {"event_key": f"{name}:batch:{n}:{m}"},
            }
            for member in reversed(members)
            for m in range(3)
        )
        PointsService.reverse(members[n % len(members)], f"{name}:{n}", "taken back")
    print(json.dumps(shared))


if __name__ == "__main__":
    main(sys.argv[1])
