"""The commands of the rules: their examples run, and what they print is right."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command, load_command_class
from django.db import connection

from thrive_points.models import PointRule, RuleExperiment
from thrive_points.rules import current
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.files import to_toml
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
COMMANDS = ("points_rules", "points_simulate", "points_experiments")

# The examples name days, which in time would all be past.
NOW = "2026-11-24T12:00+00:00"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    monkeypatch.chdir(tmp_path)
    yield
    current.forget()


def run(line: str) -> str:
    out = StringIO()
    program, *arguments = shlex.split(line)
    assert program == "manage.py"
    call_command(*arguments, stdout=out)
    return out.getvalue()


def draft(**changes: Any) -> Path:
    rule = {"activity_type": QUIZ, **to_definition(replace(RULE, **changes))}
    path = Path("rules.toml")
    path.write_text(to_toml([rule]))
    return path


@pytest.mark.parametrize("action", ["list", "propose", "export", "diff", "import", "lint"])
def test_the_help_of_an_action_says_what_it_does_and_shows_how(
    action: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = load_command_class("thrive_points", "points_rules")
    with pytest.raises(SystemExit):
        command.run_from_argv(["manage.py", "points_rules", action, "--help"])
    _, _, examples = capsys.readouterr().out.partition("examples:\n")
    lines = examples.splitlines()
    assert lines
    assert all(line.startswith(f"  manage.py points_rules {action}") for line in lines)


@time_machine.travel(NOW)
@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_examples_that_run(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = load_command_class("thrive_points", name)
    with pytest.raises(SystemExit):
        command.run_from_argv(["manage.py", name, "--help"])
    shown = capsys.readouterr().out
    promised = re.findall(r"^  (manage\.py .*)$", shown.partition("examples:")[2], re.MULTILINE)
    assert promised == list(command.examples)  # type: ignore[attr-defined]
    user = get_user_model().objects.create_user("ada")
    PointsService.award_points(user, QUIZ, occurred_at=_october())
    draft(base_points=25)
    for example in promised:
        if name == "points_experiments":
            pk = RuleExperiment.objects.order_by("-pk").values_list("pk", flat=True).first()
            example = re.sub(r"(results|stop) 1\b", rf"\1 {pk}", example)
        assert run(example).strip()


def _october() -> Any:
    from datetime import UTC, datetime

    return datetime(2026, 10, 7, 12, tzinfo=UTC)


def test_list_tells_band_and_category_of_every_rule() -> None:
    lines = run("manage.py points_rules list").splitlines()
    assert lines[0].split()[:2] == ["activity", "type"]
    assert len(lines) == 1 + len(POINT_RULES)
    (quiz,) = [line.split() for line in lines if line.startswith("quiz_completed")]
    assert quiz[:5] == [QUIZ, "learning", "standard", "20", "10"]


def test_show_reads_like_a_history() -> None:
    ada = get_user_model().objects.create_user("ada")
    assert "never overridden" in run(f"manage.py points_rules show {QUIZ}")
    publish(QUIZ, replace(RULE, base_points=25), reason="Quizzes got longer.", author=ada)
    publish(QUIZ, replace(RULE, base_points=25, enabled=False), reason="A bug.", share=40)
    shown = run(f"manage.py points_rules show {QUIZ}")
    assert f"{QUIZ}, r1: 25 points" in shown
    first, second = shown.splitlines()[-2:]
    assert "ada" in first
    assert "base points: 20 to 25" in first
    assert first.endswith("Quizzes got longer.")
    assert "enabled: yes to no" in second
    assert "40%" in second


def test_diff_of_two_revisions_stands_side_by_side() -> None:
    publish(QUIZ, replace(RULE, base_points=25, max_per_day=None, max_per_week=9), reason="1")
    shown = run(f"manage.py points_rules diff {QUIZ} code r1")
    assert re.search(r"base points +20 +-> +25", shown)
    assert re.search(r"awards a day +10 +-> +none", shown)
    assert re.search(r"category +learning +learning", shown)
    with pytest.raises(CommandError, match="allowed are code, now, r1"):
        run(f"manage.py points_rules diff {QUIZ} r7")


def test_import_publishes_with_author_and_reason_and_a_dry_run_does_not() -> None:
    get_user_model().objects.create_user("ada")
    draft(base_points=25)
    shown = run('manage.py points_rules import rules.toml --reason "Agreed." --dry-run')
    assert "base points: 20 to 25" in shown
    assert "nothing was published" in shown
    assert not PointRule.objects.exists()
    run('manage.py points_rules import rules.toml --reason "Agreed." --author ada')
    row = PointRule.objects.get()
    assert (row.author.get_username(), row.reason) == ("ada", "Agreed.")
    with pytest.raises(CommandError, match="no user 'bob'"):
        run("manage.py points_rules import rules.toml --reason x --author bob")
    draft(base_points=25).write_text("[[rule]]\nactivity_type = 'nothing'\n")
    with pytest.raises(CommandError, match=r"rules.toml, line 2: activity_type 'nothing'"):
        run("manage.py points_rules import rules.toml --reason x")


def test_lint_names_what_is_incoherent_and_fails() -> None:
    assert "coherent" in run("manage.py points_rules lint")
    draft(notes="")
    out = StringIO()
    with pytest.raises(CommandError, match="1 errors"):
        call_command("points_rules", "lint", "rules.toml", stdout=out)
    assert "rules.toml: E104 quiz_completed: the note is missing." in out.getvalue()


def test_propose_suggests_beside_its_like_and_saves_the_draft() -> None:
    shown = run(
        "manage.py points_rules propose quiz_published --effort medium --impact medium "
        "--frequency often --save draft.toml"
    )
    assert "Band: standard (10-30)" in shown
    assert shown.index("quiz_completed") < shown.index("battle_participated")
    code = shown.partition("written:\n")[2].partition("\n),")[0] + "\n)"
    names: dict[str, Any] = {}
    exec(
        "from thrive_points.core.activities import Category\n"
        "from thrive_points.core.rubric import *\n"
        "from thrive_points.core.rule import Rule\n"
        f"rules = {{{code}}}",
        names,
    )
    rule = names["rules"]["quiz_published"]
    assert 10 <= rule.base_points <= 30
    assert rule.max_per_day or rule.max_per_week
    assert 'activity_type = "quiz_published"' in Path("draft.toml").read_text()


def test_propose_asks_the_three_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = iter(["enormous", "Low", "low", "often"])

    def answer(question: str) -> str:
        asked.append(question)
        return next(answers)

    monkeypatch.setattr("builtins.input", answer)
    shown = run("manage.py points_rules propose wave")
    assert len(asked) == 4, "an answer that is none is asked again"
    assert "micro" in shown


def test_simulate_tells_then_and_now_in_words_and_as_json() -> None:
    user = get_user_model().objects.create_user("ada")
    for number in range(6):
        PointsService.award_points(user, QUIZ, {"event_key": f"quiz:{number}"})
    draft(base_points=30, max_per_day=4)
    told = json.loads(run("manage.py points_simulate rules.toml --format json"))
    assert told["activities"][QUIZ] == {
        "then": {"entries": 6, "points": 120, "capped_share": 0.0},
        "now": {"entries": 6, "points": 120, "capped_share": 0.333333},
        "change": 0,
    }
    assert told["members"]["gaining"] == 0
    draft(base_points=30, max_per_day=10)
    told = json.loads(run("manage.py points_simulate rules.toml --format json"))
    (ada,) = told["members"]["gaining_most"]
    assert (ada["username"], ada["then"], ada["now"], ada["change"]) == ("ada", 120, 180, 60)
    assert told["categories"]["learning"]["change"] == 60
    assert [week["now"] - week["then"] for week in told["weekly_xp"]] == [60]
    shown = run("manage.py points_simulate rules.toml")
    assert re.search(r"quiz_completed +120 +180 +\+60", shown)
    assert "1 members would gain, 0 lose" in shown
    assert "The replay gives what the ledger has." in run("manage.py points_simulate")


def test_a_proof_that_fails_is_an_error_that_says_where() -> None:
    user = get_user_model().objects.create_user("ada")
    PointsService.award_points(user, QUIZ, {"event_key": "quiz:1"})
    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute("UPDATE thrive_points_pointshistory SET points = 70")
    for options in ("", " --format json"):
        with pytest.raises(CommandError, match=r"1 members differ, in quiz_completed \(-50 points"):
            run(f"manage.py points_simulate{options}")
    draft(base_points=30)
    run("manage.py points_simulate rules.toml")  # Under a draft a difference is no error.


def test_simulate_over_an_empty_span_says_so() -> None:
    with pytest.raises(CommandError, match="the ledger is empty"):
        run("manage.py points_simulate")
    with pytest.raises(CommandError, match="lies before"):
        run("manage.py points_simulate --since 2026-10-02 --until 2026-10-01")
    user = get_user_model().objects.create_user("ada")
    PointsService.award_points(user, QUIZ, occurred_at=_october())
    with pytest.raises(CommandError, match="has entries from 2026-10-07 to 2026-10-07"):
        run("manage.py points_simulate --since 2020-01-01 --until 2020-01-31")


@time_machine.travel(NOW)
def test_experiments_tell_state_arms_and_results() -> None:
    draft(base_points=30)
    run(
        f"manage.py points_experiments start rules.toml --activity {QUIZ} --name Longer "
        "--until 2027-12-31T00:00+00:00 --reason Learn"
    )
    experiment = RuleExperiment.objects.get()
    for number in range(12):
        user = get_user_model().objects.create_user(f"member{number}")
        PointsService.award_points(user, QUIZ, {"event_key": "quiz:1"})
    assert re.search(
        rf"x{experiment.pk} +{QUIZ} +running", run("manage.py points_experiments list")
    )
    shown = run(f"manage.py points_experiments results {experiment.pk}")
    assert re.search(r"base points +20 +30", shown)
    assert "Nobody is assigned who counts, so there is nothing to compare." in shown
    told = json.loads(run(f"manage.py points_experiments results {experiment.pk} --format json"))
    assert [arm["conclusion"] for arm in told["arms"]] == [None, "too early"]
    with pytest.raises(CommandError, match="There is no experiment 999"):
        run("manage.py points_experiments results 999")
    run(f"manage.py points_experiments stop {experiment.pk} --reason Done")
    assert "stopped" in run("manage.py points_experiments list")
