"""Side quests and chains of them."""

import pytest
from django.urls import reverse

from allthrive.side_quests import services
from allthrive.side_quests.models import Chain, Quest, Step
from tests.host.people import earned, make_member, race, said, signed_in

WORDS = ("one", "two", "three", "four")


def note(number: int = 0) -> dict[str, str]:
    return {"note": f"I tried it on my own notes, at number {WORDS[number]}."}


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
    clicks.post(finish_address(quest, 1), note())
    assert earned(ada) == []
    answer = clicks.post(finish_address(quest, 2), note(1), follow=True)
    assert earned(ada) == [("side_quest_completed", points)]
    assert said(answer)[0] == "You completed “First agent”."
    assert said(answer)[1].startswith(f"+{points}")


@pytest.mark.django_db
def test_the_last_quest_of_a_chain_pays_the_chain_too():
    ada = make_member("ada")
    chain = Chain.objects.create(title="Agents", summary="From one to many.")
    quests = [make_quest("easy", 1, chain) for _ in range(2)]
    clicks = signed_in(ada)
    for number, quest in enumerate(quests):
        clicks.post(finish_address(quest, 1), note(number))
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
        clicks.post(finish_address(quest, 1), note())
    assert earned(ada) == [("side_quest_completed", 30)]


@pytest.mark.django_db
def test_the_same_words_count_for_one_step():
    ada, quest = make_member("ada"), make_quest()
    clicks = signed_in(ada)
    clicks.post(finish_address(quest, 1), note())
    again = clicks.post(finish_address(quest, 2), note())
    assert "exactly this before" in again.context["form"].non_field_errors()[0]
    assert earned(ada) == []


@pytest.mark.django_db
def test_steps_are_done_in_order():
    ada, quest = make_member("ada"), make_quest()
    answer = signed_in(ada).post(finish_address(quest, 2), note())
    assert answer.context["form"].non_field_errors() == ["Step 1 comes first."]
    assert earned(ada) == []


@pytest.mark.django_db
def test_a_closed_quest_takes_no_steps():
    quest = make_quest()
    Quest.objects.update(is_open=False)
    answer = signed_in(make_member("ada")).post(finish_address(quest, 1), note())
    assert answer.context["form"].non_field_errors() == ["This quest is closed."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "short", "x" * 501, "again " * 9, "qwop zxcv lkjh poiu mnbv asdf"]
)
def test_a_step_needs_a_few_words(text: str):
    ada, quest = make_member("ada"), make_quest(steps=1)
    answer = signed_in(ada).post(finish_address(quest, 1), {"note": text})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert earned(ada) == []


@pytest.mark.django_db(transaction=True)
def test_the_last_two_quests_finished_at_once_complete_the_chain_once():
    ada = make_member("ada")
    chain = Chain.objects.create(title="Agents", summary="From one to many.")
    quests = [make_quest("easy", 2, chain) for _ in range(2)]
    firsts = [quest.steps.get(position=1) for quest in quests]
    lasts = [quest.steps.get(position=2) for quest in quests]
    for number, step in enumerate(firsts):
        services.finish_step(step=step, member=ada, note=note(number)["note"])
    answers = race(
        *(
            lambda n=number, step=step: services.finish_step(
                step=step, member=ada, note=note(2 + n)["note"]
            )
            for number, step in [*enumerate(lasts), *enumerate(lasts)]
        )
    )
    assert all(isinstance(answer, list) for answer in answers), answers
    assert sorted(earned(ada)) == [
        ("quest_chain_completed", 100),
        ("side_quest_completed", 10),
        ("side_quest_completed", 10),
    ]
