"""A script that tries everything it can, alone and all day, earns less than a person who works.

It answers at random, and writes either words drawn from a dictionary or sentences that anybody
would take for a person's. No second person helps it: nobody votes, confirms, joins or reviews.
"""

import datetime as dt
import random
import re
import uuid
from collections import defaultdict
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from allthrive.accounts.models import User
from allthrive.battles.models import Battle
from allthrive.challenges.models import WeeklyChallenge
from allthrive.events.models import Event
from allthrive.hunts.models import Hunt
from allthrive.projects.models import Project, Share
from allthrive.quizzes.models import Quiz
from allthrive.side_quests.models import Step
from allthrive.tutorials.models import Tutorial
from thrive_circles.models import Membership, XPEvent
from thrive_points.models import PointsHistory
from thrive_points.review.detectors import findings
from thrive_points.review.span import Span

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DICTIONARY = re.findall(
    r"\w+",
    """
    lamp horse green window stone river kettle moss anvil copper tulip harbour pencil orchard
    velvet thunder basket marble lantern willow saddle pepper cabin feather mirror candle bridge
    acorn blanket compass drummer eagle fiddle glacier hammer island jacket ladder meadow needle
    """,
)
PARTS = (
    ("I like how", "What works for me is that", "It is good that", "My first thought was that"),
    ("the opening", "this small idea", "the second part", "every line of it", "the whole of it"),
    ("keeps its promise", "made me look twice", "says what it is for", "is never in a hurry"),
    ("and I would try", "but next time I would look at", "so you could think about"),
    ("a shorter ending", "one more example", "a warmer colour", "two fewer steps", "a new name"),
    ("for the people who will use it.", "before you show it to anybody.", "on a quiet evening."),
)


class Farmer:
    """A signed-in script with a day to spend."""

    def __init__(self, seed: int, *, is_fluent: bool) -> None:
        self.rng = random.Random(seed)
        self.is_fluent = is_fluent
        self.client = Client(headers={"accept": "text/html"})
        sheet = {"username": f"farmer{seed}", "timezone": "UTC", "referral_code": ""}
        passwords = {"password1": "heron-of-the-lake-9", "password2": "heron-of-the-lake-9"}
        assert self.post(reverse("accounts:signup"), {**sheet, **passwords}).status_code == 302
        self.user = User.objects.get(username=f"farmer{seed}")

    def post(self, address: str, data: dict[str, Any] | None = None) -> Any:
        return self.client.post(address, data or {})

    def words(self) -> str:
        if not self.is_fluent:
            return " ".join(self.rng.sample(DICTIONARY, 26))
        return " ".join(" ".join(self.rng.choice(part) for part in PARTS) for _ in range(3))

    def try_everything(self) -> None:
        """Go once through every flow that earns."""
        self.client.get("/")
        self.circle()
        self.feedback_and_shares()
        self.challenge()
        self.quizzes()
        self.projects()
        self.courses()
        self.games()

    def quizzes(self) -> None:
        for quiz in Quiz.objects.to_take():
            answers = {
                f"q{question.pk}": self.rng.choice(list(question.choices.all())).pk
                for question in quiz.questions.all()
            }
            self.post(quiz.get_absolute_url(), {"token": str(uuid.uuid4()), **answers})

    def projects(self) -> None:
        for number in range(3):
            title = f"Number {number}"
            sheet = {"title": title, "summary": "A thing.", "story": self.words(), "link": ""}
            self.post(reverse("projects:create"), sheet)
        for project in Project.objects.filter(owner=self.user):
            for action in ("publish", "share", "like", "withdraw", "publish"):
                address = reverse(f"projects:{action}", args=[project.pk])
                self.post(address, {"channel": "link", "note": self.words()})

    def feedback_and_shares(self) -> None:
        others = Project.objects.filter(status="published").exclude(owner=self.user)
        for project in self.rng.sample(list(others), 5):
            text = self.words()[:900]
            self.post(reverse("projects:give_feedback", args=[project.pk]), {"text": text})
        for project in self.rng.sample(list(others), 3):
            note = self.words()[:270]
            for channel in Share.Channel.values:
                address = reverse("projects:share", args=[project.pk])
                self.post(address, {"channel": channel, "note": note})

    def challenge(self) -> None:
        for challenge in WeeklyChallenge.objects.filter(monday__lte=START.date())[:1]:
            self.post(reverse("challenges:opt_in", args=[challenge.pk]))
            self.post(reverse("challenges:submit", args=[challenge.pk]), {"text": self.words()})

    def courses(self) -> None:
        for step in Step.objects.order_by("quest", "position"):
            note = self.words()[:480]
            self.post(reverse("side_quests:finish_step", args=[step.pk]), {"note": note})
        for tutorial in Tutorial.objects.all():
            for part in tutorial.steps.all():
                self.post(reverse("tutorials:do_step", args=[part.pk]))
            note = self.words()[:480]
            self.post(reverse("tutorials:finish", args=[tutorial.slug]), {"note": note})

    def games(self) -> None:
        for hunt in Hunt.objects.all():
            self.post(reverse("hunts:guess", args=[hunt.pk]), {"answer": self.words()[:20]})
        for event in Event.objects.filter(title="Open studio"):
            self.post(reverse("events:check_in", args=[event.pk]), {"code": "STUDIO"})
        for battle in Battle.objects.filter(status="waiting")[:3]:
            self.post(reverse("battles:join", args=[battle.pk]))
            self.post(reverse("battles:submit", args=[battle.pk]), {"text": self.words()})

    def circle(self) -> None:
        self.post(reverse("circles:join"))
        self.post(reverse("circles:check_in"))
        mine = Membership.objects.filter(user=self.user).values("circle")
        mates = Membership.objects.filter(circle__in=mine).values("user")
        for event in XPEvent.objects.filter(user__in=mates, amount__gt=0).order_by("?")[:15]:
            address = reverse("circles:react", args=[event.user_id, event.number])
            self.post(address, {"kind": "cheer"})

    def points_by_day(self) -> dict[dt.date, int]:
        rows = (
            PointsHistory.objects.filter(user=self.user).values("day").annotate(sum=Sum("points"))
        )
        return {row["day"]: row["sum"] for row in rows}


@pytest.fixture
def community() -> None:
    call_command("seed_demo", members=24, days=12, until="2026-03-01", verbosity=0)


@pytest.mark.parametrize(
    ("is_fluent", "most"), [(False, 120), (True, 300)], ids=["random words", "fluent text"]
)
def test_a_scripts_best_day(community: None, is_fluent: bool, most: int):
    with time_machine.travel(START, tick=False) as clock:
        call_command("assign_circles", "--week", "2026-03-02", verbosity=0)
        farmers = [Farmer(seed, is_fluent=is_fluent) for seed in range(2)]
        for hour in (9, 16, 33):
            clock.move_to(START.replace(hour=0) + dt.timedelta(hours=hour))
            for farmer in farmers:
                farmer.try_everything()
        best = {farmer.user.username: max(farmer.points_by_day().values()) for farmer in farmers}
        print(best, _by_type(farmers))
        assert max(best.values()) < most, (best, _by_type(farmers))
        if is_fluent:
            clock.move_to(START + dt.timedelta(days=2))
            found = findings(Span(since=START.date(), until=(START + dt.timedelta(days=1)).date()))
            seen = {member for suspicion in found.suspicions for member in suspicion.members}
            assert {farmer.user.pk for farmer in farmers} <= seen


def _by_type(farmers: list[Farmer]) -> dict[str, dict[str, int]]:
    totals: dict[str, dict[str, int]] = defaultdict(dict)
    for farmer in farmers:
        rows = PointsHistory.objects.filter(user=farmer.user, points__gt=0)
        for row in rows.values("activity_type", "day").annotate(sum=Sum("points")):
            totals[f"{farmer.user} {row['day']}"][row["activity_type"]] = row["sum"]
    return totals
