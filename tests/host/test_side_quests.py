"""Side quests and chains of them."""

import pytest
from django.urls import reverse

from allthrive.side_quests import services
from allthrive.side_quests.models import Chain, Quest, Step
from tests.host.people import earned, make_member, race, said, signed_in

NOTE = {"note": "I tried it on my own notes."}


def make_quest(difficulty: str = "hard", steps: int = 2, chain: Chain | None = None) -> Quest:
    quest = Quest.objects.create(
        title="First agent", summary="Build it.", difficulty=difficulty, chain=chain
    )
    Step.objects.bulk_create(
        Step(quest=quest, position=number, instruction=f"Do part {number}.")
        for number in range(1, steps + 1)
    )
    return quest


def finish_address(quest: Quest, position: int) -> str:
    return reverse("side_quests:finish_step", args=[quest.steps.get(position=position).pk])


@pytest.mark.django_db
@pytest.mark.parametrize(("difficulty", "points"), [("easy", 10), ("medium", 20), ("hard", 30)])
def test_a_quest_done_step_by_step_pays_by_its_difficulty(difficulty: str, points: int):
    ada, quest = make_member("ada"), make_quest(difficulty)
    clicks = signed_in(ada)
    clicks.post(finish_address(quest, 1), NOTE)
    assert earned(ada) == []
    answer = clicks.post(finish_address(quest, 2), NOTE, follow=True)
    assert earned(ada) == [("side_quest_completed", points)]
    assert said(answer)[0] == "You completed “First agent”."
    assert said(answer)[1].startswith(f"+{points}")


@pytest.mark.django_db
def test_the_last_quest_of_a_chain_pays_the_chain_too():
    ada = make_member("ada")
    chain = Chain.objects.create(title="Agents", summary="From one to many.")
    quests = [make_quest("easy", 1, chain) for _ in range(2)]
    clicks = signed_in(ada)
    for quest in quests:
        clicks.post(finish_address(quest, 1), NOTE)
    assert earned(ada) == [
        ("side_quest_completed", 10),
        ("side_quest_completed", 10),
        ("quest_chain_completed", 100),
    ]
    assert "Chain completed" in clicks.get(reverse("side_quests:index")).content.decode()


@pytest.mark.django_db
def test_a_step_sent_twice_counts_once():
    ada, quest = make_member("ada"), make_quest(steps=1)
    clicks = signed_in(ada)
    for _ in range(2):
        clicks.post(finish_address(quest, 1), NOTE)
    assert earned(ada) == [("side_quest_completed", 30)]


@pytest.mark.django_db
def test_steps_are_done_in_order():
    ada, quest = make_member("ada"), make_quest()
    answer = signed_in(ada).post(finish_address(quest, 2), NOTE)
    assert answer.context["form"].non_field_errors() == ["Step 1 comes first."]
    assert earned(ada) == []


@pytest.mark.django_db
def test_a_closed_quest_takes_no_steps():
    quest = make_quest()
    Quest.objects.update(is_open=False)
    answer = signed_in(make_member("ada")).post(finish_address(quest, 1), NOTE)
    assert answer.context["form"].non_field_errors() == ["This quest is closed."]


@pytest.mark.django_db
@pytest.mark.parametrize("note", ["", "short", "x" * 501])
def test_a_step_needs_a_few_words(note: str):
    ada, quest = make_member("ada"), make_quest(steps=1)
    answer = signed_in(ada).post(finish_address(quest, 1), {"note": note})
    assert answer.status_code == 200
    assert answer.context["form"].errors["note"]
    assert earned(ada) == []


@pytest.mark.django_db(transaction=True)
def test_the_last_two_quests_finished_at_once_complete_the_chain_once():
    ada = make_member("ada")
    chain = Chain.objects.create(title="Agents", summary="From one to many.")
    quests = [make_quest("easy", 2, chain) for _ in range(2)]
    firsts = [quest.steps.get(position=1) for quest in quests]
    lasts = [quest.steps.get(position=2) for quest in quests]
    for step in firsts:
        services.finish_step(step=step, member=ada, note="done")
    answers = race(
        *(
            lambda step=step: services.finish_step(step=step, member=ada, note="done")
            for step in [*lasts, *lasts]
        )
    )
    assert all(isinstance(answer, list) for answer in answers), answers
    assert sorted(earned(ada)) == [
        ("quest_chain_completed", 100),
        ("side_quest_completed", 10),
        ("side_quest_completed", 10),
    ]
