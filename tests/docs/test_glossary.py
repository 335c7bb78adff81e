"""The glossary and the public names of the package agree: one word for one thing."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields
from importlib.resources import files

import pytest
from django.apps import apps

import thrive_points
from tests.support.paths import ROOT
from thrive_points import Outcome, Rule, exceptions
from thrive_points.conf import DEFAULTS
from thrive_points.core.rule import Modifier
from thrive_points.ledger.results import AwardResult
from thrive_points.services import PointsService

PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text()
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| word ")
]
REPLACED = sorted({term.strip() for _, _, terms in ROWS for term in terms.split(",")})

MODELS = [
    model
    for app in ("thrive_points", "thrive_circles")
    for model in apps.get_app_config(app).get_models()
]
CLASSES = [*thrive_points.__all__, *(model.__name__ for model in MODELS)]


def public_names() -> Iterator[str]:
    """Yield every name that a site's code, settings, shell or database can know."""
    yield from CLASSES
    for model in MODELS:
        yield from (field.name for field in model._meta.get_fields())
    yield from (outcome.value for outcome in Outcome)
    for record in (Rule, Modifier, AwardResult):
        yield from (field.name for field in fields(record))
    yield from (name for name, _ in inspect.getmembers(AwardResult) if not name.startswith("_"))
    for name, method in inspect.getmembers(PointsService, inspect.isfunction):
        if not name.startswith("_"):
            yield name
            yield from inspect.signature(method).parameters
    yield from (name for name, _ in inspect.getmembers(exceptions, inspect.isclass))
    for app in ("thrive_points", "thrive_circles"):
        commands = files(app) / "management" / "commands"
        yield from (
            entry.name.removesuffix(".py")
            for entry in commands.iterdir()
            if not entry.name.startswith("_")
        )
    yield from DEFAULTS


def words_of(name: str) -> str:
    """Return a name as lower-case words between spaces, whichever way it joins them."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return f" {apart.replace('_', ' ').lower()} "


def clashes(names: set[str], term: str) -> list[str]:
    return sorted(name for name in names if f" {term} " in words_of(name))


@pytest.mark.parametrize("term", REPLACED)
def test_no_public_name_uses_a_replaced_word(term: str) -> None:
    assert clashes(set(public_names()), term) == []


def test_a_replaced_word_is_found_however_names_join_words() -> None:
    names = {"RuleTrial", "trial_started", "MAX_TRIAL", "entry_id", "XPMilestone", "industrial"}
    assert clashes(names, "trial") == ["MAX_TRIAL", "RuleTrial", "trial_started"]
    assert clashes(names, "entry id") == ["entry_id"]
    assert clashes(names, "milestone") == ["XPMilestone"]


@pytest.mark.parametrize("name", [*CLASSES, *Outcome])
def test_every_public_class_and_outcome_is_explained(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_a_word_has_one_meaning_and_is_no_replaced_one() -> None:
    defined = [word.strip() for words, _, _ in ROWS for word in words.split(",")]
    assert sorted(set(defined)) == sorted(defined)
    assert set(defined) & set(REPLACED) == set()
