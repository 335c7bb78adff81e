"""What a host's own mypy --strict says of calls: right ones pass, and wrong ones do not."""

import re
import subprocess
import sys
from pathlib import Path

from tests.support.paths import ROOT

CALLS = """
from typing import cast

from django.contrib.auth.models import AbstractUser, AnonymousUser, User

from thrive_points import (
    ActivityType, AwardEvent, AwardResult, HasPoints, Outcome, PointsError, PointsService,
)


class Own(HasPoints, AbstractUser):
    class Meta:
        app_label = "own"


def right(user: User, own: Own) -> int:
    result = PointsService.award_points(user, "quiz_completed", {"score": 1}, event_key="k")
    PointsService.award_points(own, ActivityType.QUIZ_COMPLETED)
    event: AwardEvent = {"user": user, "activity_type": "x", "event_key": "k"}
    results: list[AwardResult] = PointsService.award_many([event])
    for answer in PointsService.award_stream([event]):
        total: int = answer.total_points
    for one in PointsService.award_stream([event], on_error="report"):
        if isinstance(one, PointsError):
            continue
        outcome: Outcome = one.outcome
    if result.first is not None:
        first: int = result.first.points
    PointsService.reverse(user, "k", "wrong", actor=own)
    return own.total_points + own.level + cast(HasPoints, user).total_points


async def awaited(user: User) -> int:
    return (await PointsService.aaward_points(user, "quiz_completed")).points_awarded


def wrong(user: User | AnonymousUser, saved: User) -> None:
    PointsService.award_points("ada", "quiz_completed")  # no
    PointsService.award_points(user, "quiz_completed")  # no
    PointsService.award_points(saved, 7)  # no
    PointsService.award_points(saved, "quiz_completed", event_key=7)  # no
    PointsService.award_many([{"user": saved, "activity": "x"}])  # no
    PointsService.adjust(saved, "5", "thanks")  # no
    PointsService.reverse(saved, "k", "wrong", actor="staff")  # no
    for one in PointsService.award_stream([], on_error="report"):
        one.outcome  # no
"""


def test_a_hosts_type_checker_knows_the_face(tmp_path: Path) -> None:
    module = tmp_path / "host_calls.py"
    module.write_text(CALLS)
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nstrict = true\nplugins = mypy_django_plugin.main\n"
        f"mypy_path = {ROOT / 'src'}:{ROOT}\nfollow_imports = silent\n"
        "[mypy.plugins.django-stubs]\ndjango_settings_module = tests.sites.typed\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "host_calls.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    refused = {int(line) for line in re.findall(r"host_calls\.py:(\d+): error", outcome.stdout)}
    marked = {n for n, line in enumerate(CALLS.splitlines(), 1) if line.endswith("# no")}
    assert refused == marked, outcome.stdout + outcome.stderr
