"""One entry, one sentence: the history page, the API and the admin tell the same."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.template.defaultfilters import force_escape
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from tests.stores.review_community import user
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(settings: Any) -> User:
    """Return a member with an entry of every outcome that the ledger keeps."""
    settings.THRIVE_POINTS = {
        **settings.THRIVE_POINTS,
        "RULES": {
            **POINT_RULES,
            "tutorial_completed": replace(POINT_RULES["tutorial_completed"], enabled=False),
            "quiz_completed": replace(
                POINT_RULES["quiz_completed"], cooldown=dt.timedelta(minutes=10)
            ),
        },
    }
    ann = user("ann")
    now = timezone.now()
    award = PointsService.award_points
    award(ann, "side_quest_completed", {"event_key": "quest", "difficulty": "easy"})
    for n in range(12):
        award(ann, "feedback_given", {"event_key": f"feedback:{n}"})
    award(ann, "quiz_completed", {"event_key": "quiz:1"}, occurred_at=now)
    award(ann, "quiz_completed", {"event_key": "quiz:2"}, occurred_at=now)
    award(ann, "tutorial_completed", {"event_key": "tutorial"})
    ann.is_active = False
    award(ann, "project_created", {"event_key": "project"})
    ann.is_active = True
    PointsService.reverse(ann, "feedback:3", "copied & pasted")
    PointsService.adjust(ann, 15, "thanks for the <report>")
    return ann


def test_every_kept_outcome_is_told_alike_everywhere(member: User, admin_client: Client) -> None:
    entries = list(PointsHistory.objects.filter(user=member).order_by("-number"))
    kept = {Outcome(entry.outcome) for entry in entries}
    assert kept == set(Outcome) - {Outcome.DUPLICATE, Outcome.CONFLICT}

    own = Client()
    own.force_login(member)
    history = own.get(reverse("home:history")).content.decode()
    ledger = admin_client.get(
        reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])
    ).content.decode()
    answer = own.get("/api/v1/me/points/history/").json()
    told = {row["number"]: row["explanation"] for row in answer["entries"]}
    for entry in entries:
        sentence = str(force_escape(entry.explanation))
        assert sentence in history
        assert sentence in ledger
        assert told[entry.number] == entry.explanation


def test_the_call_itself_answers_the_same_sentence(member: User) -> None:
    ben = user("ben")
    result = PointsService.award_points(ben, "side_quest_completed", {"difficulty": "medium"})
    entry = PointsHistory.objects.get(user=ben, number=result.number)
    assert result.explanation == entry.explanation
    assert entry.explanation == (
        "20 for a completed side quest (30, then 20 by difficulty); 1 of 5 today."
    )


def test_staff_see_the_rule_revision_beside_it(member: User, admin_client: Client) -> None:
    entry = PointsHistory.objects.get(user=member, event_key="quest")
    page = admin_client.get(
        reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])
    ).content.decode()
    assert f"<code>side_quest_completed {entry.rule_revision}</code>" in page


def test_a_reversal_tells_its_reason_and_what_it_takes_back(
    member: User, admin_client: Client
) -> None:
    reversal = PointsHistory.objects.get(user=member, outcome=Outcome.REVERSED.value)
    assert reversal.explanation == "10 taken back for feedback on a project: copied & pasted"
    page = admin_client.get(
        reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])
    ).content.decode()
    assert f"takes back entry {reversal.reverses}" in page
    assert page.count("Taken back later.") == 1
