"""Weekly challenges: opt in, submit, complete."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allthrive.challenges import services
from allthrive.challenges.models import SUBMISSION_LENGTH, Participation, WeeklyChallenge
from tests.host.people import earned, make_member, race, said, signed_in
from thrive_points.models import PointsHistory


def make_challenge(weeks_ago: int = 0, words: int | None = None) -> WeeklyChallenge:
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday(), weeks=weeks_ago)
    return WeeklyChallenge.objects.create(
        title="Teach one thing",
        brief="Explain something.",
        criteria="A friend understands it.",
        monday=monday,
        words_to_complete=words,
    )


@pytest.mark.django_db
def test_a_challenge_is_taken_on_submitted_and_completed_by_staff():
    ada, staff = make_member("ada"), make_member("staff", is_staff=True)
    challenge = make_challenge()
    clicks = signed_in(ada)
    opted = clicks.post(reverse("challenges:opt_in", args=[challenge.pk]), follow=True)
    assert said(opted)[0].startswith("+3")
    clicks.post(reverse("challenges:submit", args=[challenge.pk]), {"text": "Tides, explained."})
    review = signed_in(staff).get(reverse("challenges:review"))
    assert "Tides, explained." in review.content.decode()
    part = Participation.objects.get()
    done = signed_in(staff).post(reverse("challenges:complete", args=[part.pk]), follow=True)
    assert said(done)[0].startswith("ada: +75")
    assert earned(ada) == [
        ("challenge_opted_in", 3),
        ("weekly_challenge_submitted", 25),
        ("weekly_challenge_completed", 75),
    ]
    assert earned(staff) == []


@pytest.mark.django_db
def test_a_submission_that_meets_the_criteria_is_complete_at_once():
    ada, challenge = make_member("ada"), make_challenge(words=3)
    services.opt_in(challenge=challenge, member=ada)
    signed_in(ada).post(
        reverse("challenges:submit", args=[challenge.pk]), {"text": "Tides follow the moon"}
    )
    assert ("weekly_challenge_completed", 75) in earned(ada)


@pytest.mark.django_db
def test_work_completed_after_its_week_counts_in_its_week():
    ada, staff = make_member("ada"), make_member("staff", is_staff=True)
    challenge = make_challenge()
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text="Tides")
    submitted = Participation.objects.get()
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        services.complete(participation=submitted, actor=staff)
    entry = PointsHistory.objects.get(activity_type="weekly_challenge_completed")
    assert entry.occurred_at == submitted.submitted_at


@pytest.mark.django_db
def test_opting_in_twice_earns_once():
    ada, challenge = make_member("ada"), make_challenge()
    address = reverse("challenges:opt_in", args=[challenge.pk])
    for _ in range(2):
        assert signed_in(ada).post(address).status_code == 302
    assert earned(ada) == [("challenge_opted_in", 3)]


@pytest.mark.django_db
def test_a_week_that_is_over_takes_nobody_on():
    ada, challenge = make_member("ada"), make_challenge(weeks_ago=1)
    answer = signed_in(ada).post(reverse("challenges:opt_in", args=[challenge.pk]), follow=True)
    assert said(answer) == ["This challenge is over; look at this week's."]
    assert earned(ada) == []


@pytest.mark.django_db
def test_the_week_begins_by_the_members_own_clock():
    challenge = WeeklyChallenge.objects.create(
        title="T", brief="B", criteria="C", monday=date(2026, 3, 2)
    )
    sunday_night_in_london = datetime(2026, 3, 1, 20, tzinfo=ZoneInfo("Europe/London"))
    with time_machine.travel(sunday_night_in_london, tick=False):
        services.opt_in(
            challenge=challenge, member=make_member("kiri", timezone="Pacific/Auckland")
        )
        with pytest.raises(ValidationError, match="hasn't begun"):
            services.opt_in(
                challenge=challenge, member=make_member("tom", timezone="Europe/London")
            )


@pytest.mark.django_db
def test_submitting_wrongly_is_a_form_error():
    ada, challenge = make_member("ada"), make_challenge()
    submit = reverse("challenges:submit", args=[challenge.pk])
    clicks = signed_in(ada)
    early = clicks.post(submit, {"text": "Tides"})
    assert early.context["form"].non_field_errors() == ["Take the challenge on first."]
    services.opt_in(challenge=challenge, member=ada)
    for text in ("", "x" * (SUBMISSION_LENGTH + 1)):
        assert clicks.post(submit, {"text": text}).context["form"].errors["text"]
    clicks.post(submit, {"text": "Tides"})
    again = clicks.post(submit, {"text": "Tides, better"})
    assert again.context["form"].non_field_errors() == [
        "You have submitted your work; it is final."
    ]
    assert earned(ada) == [("challenge_opted_in", 3), ("weekly_challenge_submitted", 25)]


@pytest.mark.django_db
def test_only_staff_review():
    ada, challenge = make_member("ada"), make_challenge()
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text="Tides")
    part = Participation.objects.get()
    clicks = signed_in(ada)
    assert clicks.get(reverse("challenges:review")).status_code == 403
    assert clicks.post(reverse("challenges:complete", args=[part.pk])).status_code == 403
    assert "weekly_challenge_completed" not in dict(earned(ada))


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_complete_once():
    ada, challenge = make_member("ada"), make_challenge()
    staff = [make_member(name, is_staff=True) for name in ("sam", "sue")]
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text="Tides")
    part = Participation.objects.get()
    answers = race(
        *(lambda who=who: services.complete(participation=part, actor=who) for who in staff)
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert earned(ada).count(("weekly_challenge_completed", 75)) == 1
