"""Taking a quiz."""

import datetime as dt
import random
import re
import uuid

import pytest
import time_machine
from django.test import Client

from allthrive.accounts.models import User
from allthrive.demo.seeding.quizzes import create_quizzes
from allthrive.quizzes.models import Attempt, Choice, Quiz
from tests.host.ledger import earned, entries, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(db: None) -> Quiz:
    create_quizzes(random.Random(1))
    return Quiz.objects.get(slug="prompt-basics")


def sheet(quiz: Quiz, right: int = 4) -> dict[str, str]:
    """Return a filled sheet with this many right answers."""
    answers = {}
    for number, question in enumerate(quiz.questions.all()):
        choice = question.choices.filter(is_right=number < right).first()
        assert choice is not None
        answers[f"q{question.pk}"] = str(choice.pk)
    return {**answers, "token": str(uuid.uuid4())}


def test_a_finished_quiz_is_scored_explained_and_awarded(
    as_member: Client, member: User, quiz: Quiz
):
    response = as_member.post(quiz.get_absolute_url(), sheet(quiz, right=3))
    attempt = Attempt.objects.get()
    assert attempt.score == 75
    assert entries(member) == [("quiz_completed", "awarded", 20)]
    assert told(response) == ["+20 for a completed quiz; 1 of 10 today. Total 20, level 1."]
    page = as_member.get(response.headers["location"]).content.decode()
    assert "3 of 4 right" in page
    assert "A model cannot guess your limit" in page


def test_half_of_the_answers_right_is_what_counts(as_member: Client, member: User, quiz: Quiz):
    short = as_member.post(quiz.get_absolute_url(), sheet(quiz, right=1))
    assert told(short) == ["Half of the answers right are needed. 2 more tries count this week."]
    page = as_member.get(short.headers["location"]).content.decode()
    assert "A model cannot guess your limit" not in page
    assert page.count('class="choice right"') == 1
    as_member.post(quiz.get_absolute_url(), sheet(quiz, right=2))
    assert entries(member) == [("quiz_completed", "awarded", 20)]


def test_a_quiz_counts_once_a_week(as_member: Client, member: User, quiz: Quiz):
    with time_machine.travel(dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)) as clock:
        for _ in range(3):
            again = as_member.post(quiz.get_absolute_url(), sheet(quiz))
        assert "it does again from Monday" in told(again)[-1]
        assert len(earned(member)) == 1
        clock.shift(dt.timedelta(days=5))
        as_member.post(quiz.get_absolute_url(), sheet(quiz))
    assert len(earned(member)) == 2


def test_the_first_three_tries_of_a_week_count(as_member: Client, member: User, quiz: Quiz):
    with time_machine.travel(dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)) as clock:
        for _ in range(3):
            as_member.post(quiz.get_absolute_url(), sheet(quiz, right=1))
            clock.shift(dt.timedelta(days=1))
        late = as_member.post(quiz.get_absolute_url(), sheet(quiz))
    assert "The first 3 tries of a week count" in told(late)[-1]
    assert earned(member) == []


def test_whoever_guesses_earns_no_more_that_day(as_member: Client, member: User, quiz: Quiz):
    quizzes = list(Quiz.objects.all())
    for each in quizzes[:3]:
        as_member.post(each.get_absolute_url(), sheet(each, right=0))
    lucky = as_member.post(quizzes[3].get_absolute_url(), sheet(quizzes[3]))
    assert "they count again tomorrow" in told(lucky)[-1]
    assert earned(member) == []


def test_a_sheet_sent_twice_counts_once(as_member: Client, member: User, quiz: Quiz):
    filled = sheet(quiz)
    as_member.post(quiz.get_absolute_url(), filled)
    again = as_member.post(quiz.get_absolute_url(), filled)
    assert Attempt.objects.count() == 1
    assert earned(member) == ["quiz_completed"]
    assert "counted before" in told(again)[-1]


def test_a_page_gives_every_sheet_its_own_token(as_member: Client, quiz: Quiz):
    pages = [as_member.get(quiz.get_absolute_url()).content.decode() for _ in range(2)]
    tokens = {re.search(r'name="token" value="([^"]+)"', page)[1] for page in pages}  # type: ignore[index]
    assert len(tokens) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"token": "not-a-token"},
        {"token": ""},
        {"answer": ""},
        {"answer": "999999"},
        {"answer": "x"},
    ],
)
def test_a_wrong_sheet_is_shown_again_and_earns_nothing(
    as_member: Client, member: User, quiz: Quiz, change: dict[str, str]
):
    filled = sheet(quiz)
    question = next(name for name in filled if name != "token")
    changed = {question if name == "answer" else name: value for name, value in change.items()}
    response = as_member.post(quiz.get_absolute_url(), {**filled, **changed})
    assert response.status_code == 200
    assert "marked below" in response.content.decode()
    assert entries(member) == []
    assert not Attempt.objects.exists()


def test_a_choice_of_another_question_is_refused(as_member: Client, member: User, quiz: Quiz):
    filled = sheet(quiz)
    first, second = (name for name in filled if name != "token" and name in list(filled)[:2])
    response = as_member.post(quiz.get_absolute_url(), {**filled, first: filled[second]})
    assert response.status_code == 200
    assert entries(member) == []


def test_nobody_reads_anothers_attempt(as_member: Client, as_other: Client, quiz: Quiz):
    as_member.post(quiz.get_absolute_url(), sheet(quiz))
    page = Attempt.objects.get().get_absolute_url()
    assert as_member.get(page).status_code == 200
    assert as_other.get(page).status_code == 404


def test_a_closed_quiz_cannot_be_taken(as_member: Client, member: User, quiz: Quiz):
    filled = sheet(quiz)
    Quiz.objects.update(is_open=False)
    assert as_member.post(quiz.get_absolute_url(), filled).status_code == 404
    assert "No quiz is open yet" in as_member.get("/quizzes/").content.decode()
    assert entries(member) == []


def test_a_quiz_without_questions_cannot_be_taken(as_member: Client, member: User):
    quiz = Quiz.objects.create(title="Empty", slug="empty", topic="None", summary="Nothing yet.")
    answer = as_member.post(quiz.get_absolute_url(), {"token": str(uuid.uuid4())})
    assert answer.status_code == 404
    assert entries(member) == []


def test_the_list_shows_the_best_score(as_member: Client, quiz: Quiz):
    for right in (4, 1):
        as_member.post(quiz.get_absolute_url(), sheet(quiz, right=right))
    assert "Best 100 %" in as_member.get("/quizzes/").content.decode()


def test_every_question_that_ships_has_one_right_choice(quiz: Quiz):
    for each in Quiz.objects.all():
        for question in each.questions.all():
            assert Choice.objects.filter(question=question, is_right=True).count() == 1
            assert question.choices.count() == 4
