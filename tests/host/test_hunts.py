"""Scavenger hunts: clues, guesses and their pace."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allthrive.hunts import services
from allthrive.hunts.models import GUESS_LENGTH, Clue, Guess, Hunt
from tests.host.people import earned, make_member, race, said, signed_in


def make_hunt() -> Hunt:
    hunt = Hunt.objects.create(title="First words", intro="Look closely.")
    Clue.objects.create(hunt=hunt, position=1, question="Who?", answers="Ada Lovelace\nLovelace")
    Clue.objects.create(hunt=hunt, position=2, question="Where?", answers="Straße")
    return hunt


@pytest.mark.django_db
def test_a_hunt_is_followed_to_its_end_and_pays_once():
    ada, hunt = make_member("ada"), make_hunt()
    clicks, guess = signed_in(ada), reverse("hunts:guess", args=[hunt.pk])
    assert said(clicks.post(guess, {"answer": "  ada   LOVELACE "}, follow=True)) == [
        "Right. On you go."
    ]
    answer = clicks.post(guess, {"answer": "STRASSE"}, follow=True)
    assert said(answer)[0] == "You finished “First words”."
    assert said(answer)[1].startswith("+50")
    again = clicks.post(guess, {"answer": "STRASSE"})
    assert again.context["form"].non_field_errors() == ["You have finished this hunt."]
    assert "You have finished this hunt." in again.content.decode()
    assert earned(ada) == [("scavenger_hunt_completed", 50)]


@pytest.mark.django_db
def test_a_page_never_holds_the_answer_of_an_open_clue():
    ada, hunt = make_member("ada"), make_hunt()
    page = signed_in(ada).get(reverse("hunts:detail", args=[hunt.pk])).content.decode()
    assert "Who?" in page
    assert "Lovelace" not in page
    assert "Where?" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "x" * (GUESS_LENGTH + 1), "Babbage"])
def test_a_bad_or_wrong_answer_is_a_form_error(text: str):
    ada, hunt = make_member("ada"), make_hunt()
    answer = signed_in(ada).post(reverse("hunts:guess", args=[hunt.pk]), {"answer": text})
    assert answer.status_code == 200
    assert answer.context["form"].errors["answer"]
    assert earned(ada) == []


@pytest.mark.django_db
def test_five_wrong_guesses_a_minute_and_no_more():
    ada, hunt = make_member("ada"), make_hunt()
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(5):
            assert not services.guess(hunt=hunt, member=ada, text="Babbage").is_right
            clock.shift(2)
        with pytest.raises(ValidationError, match="again in 50 seconds"):
            services.guess(hunt=hunt, member=ada, text="Ada Lovelace")
        clock.shift(timedelta(seconds=50))
        assert services.guess(hunt=hunt, member=ada, text="Ada Lovelace").is_right
    assert Guess.objects.count() == 6


@pytest.mark.django_db
def test_a_closed_hunt_takes_no_guesses():
    hunt = make_hunt()
    Hunt.objects.update(is_open=False)
    answer = signed_in(make_member("ada")).post(
        reverse("hunts:guess", args=[hunt.pk]), {"answer": "Lovelace"}
    )
    assert answer.context["form"].non_field_errors() == ["This hunt is closed."]


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_at_once_keep_the_pace_too():
    ada, hunt = make_member("ada"), make_hunt()
    answers = race(
        *(lambda: services.guess(hunt=hunt, member=ada, text="Babbage") for _ in range(8))
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 3
    assert Guess.objects.filter(is_right=False).count() == 5


@pytest.mark.django_db(transaction=True)
def test_the_last_answer_sent_twice_at_once_pays_once():
    ada, hunt = make_member("ada"), make_hunt()
    services.guess(hunt=hunt, member=ada, text="Lovelace")
    answers = race(
        *(lambda: services.guess(hunt=hunt, member=ada, text="straße") for _ in range(3))
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 2, answers
    assert earned(ada) == [("scavenger_hunt_completed", 50)]
