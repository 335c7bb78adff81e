"""points_review as a person runs it: text, JSON, the examples of its help, and its refusals."""

import json
import shlex
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.stores.review_community import award, days, event, last_weeks, noon, user
from tests.support.paths import ROOT
from thrive_points.management.commands.points_review import EXAMPLES, Command
from thrive_points.review.detectors import DETECTORS

SPAN = last_weeks()
DAYS = days(SPAN)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("points_review", *arguments, stdout=out)
    return out.getvalue()


def between(*arguments: str) -> tuple[str, ...]:
    return (f"--since={SPAN.since}", f"--until={SPAN.until}", *arguments)


@pytest.fixture
def bot(db: None) -> Any:
    """Return a member with a burst of six quizzes."""
    member = user("bot")
    award([event(member, "quiz_completed", noon(DAYS[3], seconds=n)) for n in range(6)])
    return member


def test_text_tells_figures_and_findings(bot: Any) -> None:
    told = run(*between())
    assert f"Points economy, {SPAN.since} to {SPAN.until} (28 days)" in told
    assert "points per active member  120.0" in told
    assert f"burst: member {bot.pk}; 120 points" in told
    assert "paid by quiz_completed code:" in told


def test_json_tells_the_same(bot: Any) -> None:
    told = json.loads(run(*between("--format=json")))
    assert told["issued"]["now"]["points"] == 120
    assert told["members"] == 1
    [finding] = told["findings"]
    assert finding["detector"] == "burst"
    assert finding["members"] == [str(bot.pk)]
    assert finding["rule_revisions"][0].startswith("quiz_completed ")
    assert len(told["issued"]["days"]) == 28


def test_figures_only_examines_no_member(bot: Any) -> None:
    assert "findings" not in json.loads(run(*between("--figures-only", "--format=json")))
    assert "Findings" not in run(*between("--figures-only"))


@pytest.mark.django_db
def test_an_empty_span_says_so() -> None:
    told = run("--since=2020-01-01", "--until=2020-01-31")
    assert "No points were issued in these days." in told
    assert "Findings among 0 members" in told


@pytest.mark.django_db
def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(CommandError, match="swap them"):
        run("--since=2026-02-01", "--until=2026-01-01")


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="'yesterday' is no day; write one such as"):
        run("--since=yesterday")


def test_every_detector_is_explained(bot: Any) -> None:
    told = run(*between())
    assert all(f"{name}: {what}" in told for name, what in DETECTORS.items())


@time_machine.travel("2026-11-24T12:00+00:00")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "line", [line.strip() for line in EXAMPLES.splitlines() if "manage.py" in line]
)
def test_examples_of_the_help_run(line: str) -> None:
    _, name, *arguments = shlex.split(line)
    assert name == "points_review"
    assert "2026-" in run(*arguments)


def test_the_help_shows_the_examples_line_by_line() -> None:
    told = Command().create_parser("manage.py", "points_review").format_help()
    assert EXAMPLES.strip() in told


def test_a_log_gets_one_line_instead_of_a_bar(bot: Any, capfd: Any) -> None:
    run(*between())
    assert capfd.readouterr().err == "1 of 1 members examined\n"


@pytest.mark.parametrize("installed", [True, False])
def test_a_terminal_gets_a_bar_where_tqdm_is_installed(
    bot: Any, capfd: Any, monkeypatch: Any, installed: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    if not installed:
        monkeypatch.setitem(sys.modules, "tqdm", None)
    run(*between())
    assert ("100%" in capfd.readouterr().err) is installed


def test_the_figures_need_no_library_of_the_extra() -> None:
    """A site without the extra pays neither its import time nor its absence."""
    code = (
        "import sys, django; django.setup(); "
        "import thrive_points.review.report, thrive_points.admin.ledger; "
        "sys.exit(any(name in sys.modules for name in ('scipy', 'networkx')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
            "THRIVE_TEST_DATABASE": "sqlite",
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
