"""What a German reader gets: the arithmetic's sentence, an API answer and a staff page."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from thrive_points.selectors import history
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

GERMAN = {"accept-language": "de-AT,de;q=0.9"}


@pytest.fixture
def client(settings: Any, user: Any) -> Iterator[Client]:
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    client = Client(headers=GERMAN)
    client.force_login(user)
    yield client
    # The test's own thread answered, and speaks German since.
    translation.deactivate()


def test_the_sentence_follows_the_reader(user: Any) -> None:
    result = PointsService.award_points(user, "quiz_completed", {"event_key": "quiz:1"})
    for key in range(2, 12):
        last = PointsService.award_points(user, "quiz_completed", {"event_key": f"quiz:{key}"})
    assert result.explanation == "20 for a completed quiz; 1 of 10 today."
    with translation.override("de"):
        assert result.explanation == "20 für ein abgeschlossenes Quiz; 1 von 10 heute."
        assert last.explanation == (
            "Nichts für ein abgeschlossenes Quiz: 10 von 10 heute; wieder morgen."
        )
        assert history(user)[-1].explanation == result.explanation


def test_what_is_stored_has_no_language(user: Any) -> None:
    with translation.override("de"):
        PointsService.award_points(user, "quiz_completed", {"event_key": "quiz:1"})
    (entry,) = history(user)
    assert entry.description == "a completed quiz"
    assert entry.explanation == "20 for a completed quiz; 1 of 10 today."


def test_an_answer_of_the_api(client: Client, user: Any) -> None:
    PointsService.award_points(user, "quiz_completed", {"event_key": "quiz:1"})
    report = client.get("/api/v1/me/points/by-category/").json()
    labels = {category["key"]: category["label"] for category in report["categories"]}
    assert labels["learning"] == "Lernen"
    assert labels["community"] == "Gemeinschaft"
    assert "in den letzten 30 Tagen" in report["nudge"]["message"]
    (entry,) = client.get("/api/v1/me/points/history/").json()["entries"]
    assert entry["label"] == "Ein abgeschlossenes Quiz"
    assert entry["explanation"] == "20 für ein abgeschlossenes Quiz; 1 von 10 heute."


@pytest.mark.parametrize(
    ("entries", "words"),
    [(1, "1 Eintrag mit <strong>20</strong> Punkten wird"),
     (2, "2 Einträge mit <strong>40</strong> Punkten werden")],
)  # fmt: skip
def test_a_staff_page_and_its_plural_forms(
    client: Client, user: Any, entries: int, words: str
) -> None:
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    for number in range(entries):
        PointsService.award_points(user, "quiz_completed", {"event_key": f"quiz:{number}"})
    ledger = f"/admin/thrive_points/pointseconomy/members/{user.pk}/"
    page = client.get(ledger).content.decode()
    assert "Die gewählten Einträge zurücknehmen" in page
    assert "20 für ein abgeschlossenes Quiz; 1 von 10 heute." in page
    numbers = [str(entry.number) for entry in history(user)]
    assert words in client.post(ledger, {"entry": numbers}).content.decode()
