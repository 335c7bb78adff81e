"""Working through a tutorial."""

import pytest
from django.test import Client

from allthrive.accounts.models import User
from allthrive.demo.seeding.tutorials import create_tutorials
from allthrive.tutorials.models import Tutorial
from tests.host.ledger import entries, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def tutorial(db: None) -> Tutorial:
    return create_tutorials()[0]


def done(step: int) -> str:
    return f"/tutorials/steps/{step}/done/"


def test_the_last_missing_step_completes_and_awards(
    as_member: Client, member: User, tutorial: Tutorial
):
    *first, last = tutorial.steps.values_list("pk", flat=True)
    for step in reversed(first):
        as_member.post(done(step))
    assert entries(member) == []
    response = as_member.post(done(last))
    assert entries(member) == [("tutorial_completed", "awarded", 10)]
    assert told(response)[0].startswith("+10 for a finished tutorial")


def test_a_step_done_again_earns_nothing_more(as_member: Client, member: User, tutorial: Tutorial):
    for _ in range(2):
        for step in tutorial.steps.values_list("pk", flat=True):
            as_member.post(done(step))
    assert len(entries(member)) == 1


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
