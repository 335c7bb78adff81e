"""Rule files: there and back, what is refused with its line, and importing as a whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from thrive_points.exceptions import InvalidRule
from thrive_points.models import PointRule
from thrive_points.rules import current
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.files import InvalidRuleFile, to_json, to_toml
from thrive_points.rules.import_export import changes, exported, publish_all, read_entries
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish, revert

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db

GOOD = """\
# Reviewed by the product team.
[[rule]]
activity_type = "quiz_completed"
label = "a completed quiz"
category = "learning"
base_points = 25
max_per_day = 5
effort = "medium"
impact = "medium"
frequency = "often"
notes = "Fewer quizzes, more for each."
"""
GOOD_JSON = """\
{
  "rule": [
    {
      "activity_type": "quiz_completed",
      "label": "a completed quiz",
      "category": "learning",
      "base_points": 25,
      "max_per_day": 5,
      "effort": "medium",
      "impact": "medium",
      "frequency": "often",
      "notes": "Fewer quizzes, more for each."
    }
  ]
}
"""


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def written(folder: Path, text: str, name: str = "rules.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(("text", "name"), [(GOOD, "rules.toml"), (GOOD_JSON, "rules.json")])
def test_a_file_says_what_it_changes_and_publishes_it(tmp_path: Path, text: str, name: str) -> None:
    path = written(tmp_path, text, name)
    (change,) = found = changes(path, read_entries(path))
    assert [str(d) for d in change.differences] == [
        "base points: 20 to 25",
        "awards a day: 10 to 5",
        "notes: Pays for finishing, whatever the score, so that nobody shops for easy quizzes. "
        "to Fewer quizzes, more for each.",
    ]
    assert not PointRule.objects.exists()
    (row,) = publish_all(found, reason="Reviewed.")
    assert rulebook().resolve(QUIZ, timezone.now()).base_points == 25
    assert row.reason == "Reviewed."
    assert changes(path, read_entries(path)) == [], "a second import has nothing to do"


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('"quiz_completed"', '"quiz_complete"', 3, "did you mean quiz_completed"),
        ('"learning"', '"larning"', 5, "category is 'larning'; allowed are creation"),
        ("= 25", "= -5", 6, "base_points is -5"),
        ("= 25", '= "many"', 6, "a whole number is needed"),
        ("max_per_day = 5", "max_per_day = 0", 7, "max_per_day is 0"),
        ("max_per_day = 5", "max_per_dya = 5", 7, "unknown fields \\['max_per_dya'\\]"),
        ("max_per_day = 5", "share = 101", 7, "share is 101"),
        ("max_per_day = 5", "over_cap = [[1, 50], [2]]", 7, "over_cap is"),
        ("max_per_day = 5", 'modifiers = ["luck"]', 7, "modifier 'luck' is unknown"),
        ("max_per_day = 5", "effective_from = 2999-01-01", 7, "is a date without a time zone"),
        ("max_per_day = 5", 'effective_from = "soon"', 7, "not an ISO 8601 instant"),
        (
            "max_per_day = 5",
            "effective_from = 2999-01-02T00:00:00Z\neffective_until = 2999-01-01T00:00:00Z",
            8,
            "not after effective_from",
        ),
        ("max_per_day = 5", "max_per_day = = 5", 7, "is not TOML"),
        ('label = "a completed quiz"', 'label = ""', 4, "label is missing"),
    ],
)
def test_a_mistake_refuses_the_file_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(InvalidRuleFile, match=told) as refused:
        read_entries(path)
    assert f"line {line}" in str(refused.value)
    assert not PointRule.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ('"quiz_completed"', '"quiz_complete"', 4, "did you mean quiz_completed"),
        (": 25", ": -25", 7, "base_points is -25"),
        (": 25,", ": 25", 8, "not JSON"),
        ('"medium",\n      "fr', '"huge",\n      "fr', 10, "impact is 'huge'"),
    ],
)
def test_json_has_lines_too(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    path = written(tmp_path, GOOD_JSON.replace(old, new), "rules.json")
    with pytest.raises(InvalidRuleFile, match=told) as refused:
        read_entries(path)
    assert f"line {line}:" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "lists no rules"),
        ("rule = 3", "lists no rules"),
        ("rule = [3]", "rule 1 is no table"),
        ('title = "Rules"\n' + GOOD, "'title' is unknown"),
    ],
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidRuleFile, match=told):
        read_entries(written(tmp_path, text))
    with pytest.raises(InvalidRuleFile, match="cannot be read"):
        read_entries(tmp_path / "absent.toml")
    with pytest.raises(InvalidRuleFile, match=r"neither .toml nor .json"):
        read_entries(written(tmp_path, text, "rules.yaml"))


def test_overlapping_dates_are_refused_and_a_rollout_over_everybody_is_not(tmp_path: Path) -> None:
    later = GOOD.replace("max_per_day", "effective_from = 2999-01-01T00:00:00Z\nmax_per_day")
    with pytest.raises(InvalidRuleFile, match="line 18: the dates of quiz_completed overlap") as e:
        read_entries(written(tmp_path, GOOD + later))
    assert "in line 2" in str(e.value)
    until = GOOD.replace("max_per_day", "effective_until = 2999-01-01T00:00:00Z\nmax_per_day")
    assert len(read_entries(written(tmp_path, until + later))) == 2
    rollout = GOOD.replace("max_per_day = 5", "max_per_day = 5\nshare = 20")
    assert len(read_entries(written(tmp_path, GOOD + rollout))) == 2


def test_an_incoherent_or_past_rule_refuses_all_of_the_file(tmp_path: Path) -> None:
    other = GOOD.replace("quiz_completed", "tutorial_completed")
    for wrong, told in (
        (other.replace("= 25", "= 40"), "line 17: E101 tutorial_completed"),
        (other.replace("max_per_day", "effective_from = 2020-01-01T00:00:00Z\nmax_per_day"),
         "line 18: effective_from is 2020"),
    ):  # fmt: skip
        path = written(tmp_path, GOOD + wrong)
        with pytest.raises(InvalidRuleFile, match=told):
            changes(path, read_entries(path))
    assert not PointRule.objects.exists()


def test_rules_that_agree_only_together_can_be_imported_together(tmp_path: Path) -> None:
    hunts = [name for name, rule in POINT_RULES.items() if rule.base_points >= 50]
    wanted = [
        {"activity_type": name, **to_definition(replace(POINT_RULES[name], base_points=300))}
        for name in hunts
    ]
    path = written(tmp_path, to_toml(wanted))
    with pytest.raises(InvalidRule, match="E106"):
        publish(hunts[0], replace(POINT_RULES[hunts[0]], base_points=300), reason="Alone.")
    assert len(publish_all(changes(path, read_entries(path)), reason="All at once.")) == len(hunts)


def test_publishing_is_all_or_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + GOOD.replace("quiz_completed", "tutorial_completed"))
    found = changes(path, read_entries(path))
    late = replace(found[1], entry=replace(found[1].entry, effective_from=timezone.now() - HOUR))
    with pytest.raises(InvalidRule, match="which is over"):
        publish_all([found[0], late], reason="Half of it.")
    assert not PointRule.objects.exists()


@pytest.mark.parametrize("write", [to_toml, to_json])
def test_what_is_exported_is_imported_elsewhere_and_says_the_same(
    tmp_path: Path, write: Any
) -> None:
    now = timezone.now()
    publish(QUIZ, replace(RULE, base_points=25, notes='Say "more",\nat length.'), reason="1")
    publish(QUIZ, replace(RULE, base_points=30), reason="2", share=30)
    publish(
        "circle_reaction",
        replace(POINT_RULES["circle_reaction"], enabled=False),
        reason="3",
        effective_from=now + HOUR,
        effective_until=now + 2 * HOUR,
    )
    revert("tutorial_completed", None, reason="4")
    suffix = ".toml" if write is to_toml else ".json"
    path = written(tmp_path, write(exported()), f"rules{suffix}")
    assert changes(path, read_entries(path)) == []
    moments = [now + hours * HOUR for hours in (0.5, 1.5, 2.5)]

    def told() -> list[Any]:
        book = rulebook()
        return [
            [(share, to_definition(rule)) for share, rule in book.layers_at(name, moment)]
            for name in POINT_RULES
            for moment in moments
        ]

    before = told()
    # Another site, on which something else was published since.
    publish(QUIZ, replace(RULE, base_points=12), reason="Elsewhere.")
    publish("circle_reaction", replace(POINT_RULES["circle_reaction"], base_points=2), reason="5")
    assert told() != before
    publish_all(changes(path, read_entries(path)), reason="From staging.")
    assert told() == before
