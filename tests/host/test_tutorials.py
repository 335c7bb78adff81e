"""Working through a tutorial."""

from typing import Any

import pytest
from django.test import Client

from allthrive.accounts.models import User
from allthrive.demo.seeding.tutorials import create_tutorials
from allthrive.tutorials.models import Tutorial
from tests.host.ledger import entries, told

NOTE = "I asked for a packing list and got one that I could use."

pytestmark = pytest.mark.django_db


@pytest.fixture
def tutorial(db: None) -> Tutorial:
    return create_tutorials()[0]


def done(step: int) -> str:
    return f"/tutorials/steps/{step}/done/"


def finish(client: Client, tutorial: Tutorial, note: str = NOTE) -> Any:
    for step in tutorial.steps.values_list("pk", flat=True):
        client.post(done(step))
    return client.post(f"{tutorial.get_absolute_url()}finish/", {"note": note})


def test_saying_what_came_of_it_completes_and_awards(
    as_member: Client, member: User, tutorial: Tutorial
):
    early = as_member.post(f"{tutorial.get_absolute_url()}finish/", {"note": NOTE})
    assert early.context["form"].non_field_errors() == ["Some steps are still to be done."]
    assert entries(member) == []
    response = finish(as_member, tutorial)
    assert entries(member) == [("tutorial_completed", "awarded", 10)]
    assert told(response)[0].startswith("+10 for a finished tutorial")


def test_a_tutorial_finished_again_earns_nothing_more(
    as_member: Client, member: User, tutorial: Tutorial
):
    finish(as_member, tutorial)
    finish(as_member, tutorial, f"{NOTE} Again, and differently.")
    assert len(entries(member)) == 1


@pytest.mark.parametrize("note", ["", "Done", "word " * 12, "qwop zxcv lkjh poiu mnbv asdf"])
def test_a_tutorial_needs_words(as_member: Client, member: User, tutorial: Tutorial, note: str):
    assert finish(as_member, tutorial, note).context["form"].errors
    assert entries(member) == []


def test_progress_is_ones_own(as_member: Client, as_other: Client, tutorial: Tutorial):
    step = tutorial.steps.first()
    assert step is not None
    as_member.post(done(step.pk))
    assert ">1 of 4 steps done<" in as_member.get(tutorial.get_absolute_url()).content.decode()
    assert ">0 of 4 steps done<" in as_other.get(tutorial.get_absolute_url()).content.decode()


def test_a_closed_or_missing_step_answers_404(as_member: Client, member: User, tutorial: Tutorial):
    step = tutorial.steps.first()
    assert step is not None
    Tutorial.objects.update(is_open=False)
    assert as_member.post(done(step.pk)).status_code == 404
    assert as_member.post(done(10**9)).status_code == 404
    assert entries(member) == []
