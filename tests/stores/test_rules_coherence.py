"""The rubric over all 27 combinations, and every incoherence of rules, as the checks tell it."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from django.core.checks import Error, run_checks
from django.test import override_settings

from thrive_points.core.rubric import Effort, Frequency, Impact, place
from thrive_points.core.rule import Modifier, Rule
from thrive_points.rules.lint import incoherences
from thrive_points.rules.registry import POINT_RULES

QUIZ = POINT_RULES["quiz_completed"]
LOGIN = POINT_RULES["daily_login"]

BANDS = {
    # effort, impact: often, sometimes, rarely
    ("low", "low"): ("micro", "micro", "micro"),
    ("low", "medium"): ("micro", "micro", "micro"),
    ("medium", "low"): ("micro", "micro", "micro"),
    ("low", "high"): ("standard", "standard", "standard"),
    ("medium", "medium"): ("standard", "standard", "standard"),
    ("high", "low"): ("standard", "standard", "standard"),
    ("medium", "high"): ("standard", "standard", "milestone"),
    ("high", "medium"): ("standard", "standard", "milestone"),
    ("high", "high"): ("standard", "milestone", "milestone"),
}


@pytest.mark.parametrize(
    ("effort", "impact", "frequency"), list(product(Effort, Impact, Frequency))
)
def test_every_combination_has_its_band_and_says_why(
    effort: Effort, impact: Impact, frequency: Frequency
) -> None:
    placing = place(effort, impact, frequency)
    expected = BANDS[effort.value, impact.value][list(Frequency).index(frequency)]
    assert placing.band.name.value == expected
    assert placing.why.startswith(f"{effort} effort and {impact} impact, done {frequency}: ")


def test_more_effort_or_impact_never_earns_less() -> None:
    for effort, impact, frequency in product(Effort, Impact, Frequency):
        lowest = place(effort, impact, frequency).band.lowest
        for more in list(Effort)[list(Effort).index(effort) :]:
            assert place(more, impact, frequency).band.lowest >= lowest
        for more_impact in list(Impact)[list(Impact).index(impact) :]:
            assert place(effort, more_impact, frequency).band.lowest >= lowest


@pytest.mark.django_db
def test_the_rules_that_ship_are_coherent() -> None:
    assert incoherences(POINT_RULES) == []
    assert [m for m in run_checks() if str(m.id).startswith("thrive_points.E1")] == []


DOUBLE = Modifier(name="double", factor=lambda _: Fraction(2), lowest=Fraction(1, 4),
                    highest=Fraction(2))  # fmt: skip

BROKEN: dict[str, Callable[[], dict[str, Rule]]] = {
    "E101": lambda: {"quiz": replace(QUIZ, base_points=40)},
    "E102": lambda: {"quiz": replace(QUIZ, modifiers=(DOUBLE,))},
    "E103": lambda: {"login": replace(LOGIN, max_per_day=None)},
    "E104": lambda: {"quiz": replace(QUIZ, notes="  ")},
    "E105": lambda: {"quiz": replace(QUIZ, category=None)},  # type: ignore[arg-type]
    "E106": lambda: {
        "hunt": replace(POINT_RULES["scavenger_hunt_completed"], base_points=50),
        "epic": replace(POINT_RULES["scavenger_hunt_completed"], base_points=151),
    },
    "E107": lambda: {"adjustment": QUIZ},
    "W101": lambda: {"quiz": replace(QUIZ, exception="An old reason.")},
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_incoherence_is_found_and_told_with_a_hint(code: str) -> None:
    (finding,) = incoherences(BROKEN[code]())
    assert finding.code == code
    assert finding.hint.endswith(".")
    assert finding.is_error == code.startswith("E")


@pytest.mark.django_db
@pytest.mark.parametrize("code", BROKEN)
def test_manage_check_tells_each_with_its_id(code: str) -> None:
    with override_settings(THRIVE_POINTS={"RULES": BROKEN[code](), "STREAKS": (), "GOALS": ()}):
        (message,) = [m for m in run_checks() if str(m.id).startswith("thrive_points.")]
    assert message.id == f"thrive_points.{code}"
    assert message.hint
    assert isinstance(message, Error) == code.startswith("E")


@pytest.mark.parametrize(
    "rules",
    [
        {"quiz": replace(QUIZ, base_points=40, exception="Sponsored until spring.")},
        {"quiz": replace(QUIZ, modifiers=(DOUBLE,), exception="Only staff may set it.")},
        {
            "hunt": POINT_RULES["scavenger_hunt_completed"],
            "epic": replace(
                POINT_RULES["scavenger_hunt_completed"],
                base_points=500,
                modifiers=(DOUBLE,),
                exception="Once in a lifetime.",
            ),
        },
        {
            "hunt": POINT_RULES["scavenger_hunt_completed"],
            "chain": replace(POINT_RULES["scavenger_hunt_completed"], base_points=150),
        },
    ],
    ids=["out of band", "reaches out of band", "far from its like", "as far as the band is wide"],
)
def test_a_written_reason_excuses_and_the_band_itself_is_free(rules: dict[str, Any]) -> None:
    assert [f.code for f in incoherences(rules) if f.code != "W101"] == []
