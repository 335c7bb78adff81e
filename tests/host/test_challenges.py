"""Weekly challenges: opt in, submit, complete."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.challenges import services
from allthrive.challenges.models import SUBMISSION_LENGTH, Participation, WeeklyChallenge
from tests.host.people import earned, make_member, race, said, signed_in
from thrive_points.models import PointsHistory

WORK = (
    "The tides follow the moon. I wrote down when the water came for a week, and drew it beside "
    "the hours of the moon until my neighbour could explain it back to me."
)


def reviewer(name: str = "rea") -> User:
    """Return a member of staff with the one permission that reviewing takes."""
    user = make_member(name, is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_participation"))
    return user


def make_challenge(weeks_ago: int = 0) -> WeeklyChallenge:
    today = timezone.now().date()
    monday = today - timedelta(days=today.weekday(), weeks=weeks_ago)
    return WeeklyChallenge.objects.create(
        title="Teach one thing",
        brief="Explain something.",
        criteria="A friend understands it.",
        monday=monday,
    )


@pytest.mark.django_db
def test_a_challenge_is_taken_on_submitted_and_completed_by_staff():
    ada, staff = make_member("ada"), reviewer()
    challenge = make_challenge()
    clicks = signed_in(ada)
    opted = clicks.post(reverse("challenges:opt_in", args=[challenge.pk]), follow=True)
    assert said(opted)[0].startswith("+3")
    clicks.post(reverse("challenges:submit", args=[challenge.pk]), {"text": WORK})
    review = signed_in(staff).get(reverse("challenges:review"))
    assert "The tides follow the moon" in review.content.decode()
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
def test_work_completed_after_its_week_counts_in_its_week():
    ada, staff = make_member("ada"), reviewer()
    challenge = make_challenge()
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text=WORK)
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
    early = clicks.post(submit, {"text": WORK})
    assert early.context["form"].non_field_errors() == ["Take the challenge on first."]
    services.opt_in(challenge=challenge, member=ada)
    for text in ("", "x" * (SUBMISSION_LENGTH + 1)):
        assert clicks.post(submit, {"text": text}).context["form"].errors["text"]
    for text in ("Short", "tides " * 30):
        answer = clicks.post(submit, {"text": text})
        assert "different words" in answer.context["form"].non_field_errors()[0]
    assert earned(ada) == [("challenge_opted_in", 3)]


@pytest.mark.django_db
def test_an_entry_can_be_bettered_while_its_week_lasts_and_counts_once():
    ada, challenge = make_member("ada"), make_challenge()
    services.opt_in(challenge=challenge, member=ada)
    clicks, submit = signed_in(ada), reverse("challenges:submit", args=[challenge.pk])
    clicks.post(submit, {"text": WORK})
    assert "The tides" in clicks.get(challenge.get_absolute_url()).content.decode()
    clicks.post(submit, {"text": f"{WORK} Then I drew it again."})
    assert Participation.objects.get().submission.endswith("Then I drew it again.")
    assert earned(ada) == [("challenge_opted_in", 3), ("weekly_challenge_submitted", 25)]


@pytest.mark.django_db
def test_only_reviewers_review_and_nobody_their_own():
    ada, challenge = make_member("ada"), make_challenge()
    own = reviewer()
    for member in (ada, own):
        services.opt_in(challenge=challenge, member=member)
        text = f"{WORK} By {member}, on paper."
        services.submit(challenge=challenge, member=member, text=text)
    parts = {part.member_id: part for part in Participation.objects.all()}
    for member, part in (
        (ada, parts[ada.pk]),
        # What makes somebody staff is no permission.
        (make_member("sam", is_staff=True), parts[ada.pk]),
        (own, parts[own.pk]),
    ):
        clicks = signed_in(member)
        for name in ("complete", "answer"):
            address = reverse(f"challenges:{name}", args=[part.pk])
            assert clicks.post(address, {"comment": "x"}).status_code == 403
        if member != own:
            assert clicks.get(reverse("challenges:review")).status_code == 403
    queue = signed_in(own).get(reverse("challenges:review")).content.decode()
    assert "By ada" in queue
    assert "By rea" not in queue
    for member in (ada, own):
        assert "weekly_challenge_completed" not in dict(earned(member))


@pytest.mark.django_db
def test_a_reviewer_sends_work_back_and_it_comes_again():
    ada, challenge = make_member("ada"), make_challenge()
    staff, clicks = signed_in(reviewer()), signed_in(ada)
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text=WORK)
    part = Participation.objects.get()
    answer = reverse("challenges:answer", args=[part.pk])
    assert said(staff.post(answer, {"comment": " "}, follow=True)) == [
        "Say what is missing; the member reads it."
    ]
    staff.post(answer, {"comment": "Show the drawing too."})
    assert "Nothing to review" in staff.get(reverse("challenges:review")).content.decode()
    page = clicks.get(challenge.get_absolute_url()).content.decode()
    assert "Sent back: Show the drawing too." in page
    clicks.post(
        reverse("challenges:submit", args=[challenge.pk]), {"text": f"{WORK} Here is the drawing."}
    )
    found = staff.get(reverse("challenges:review"), {"q": "drawing"}).content.decode()
    assert "Here is the drawing" in found
    assert "Nothing that waits matches" in (
        staff.get(reverse("challenges:review"), {"q": "moonshine\0"}).content.decode()
    )
    staff.post(reverse("challenges:complete", args=[part.pk]))
    assert ("weekly_challenge_completed", 75) in earned(ada)


@pytest.mark.django_db
def test_a_deactivated_member_completes_nothing():
    ada, challenge = make_member("ada"), make_challenge()
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text=WORK)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    with pytest.raises(ValidationError, match="deactivated"):
        services.complete(participation=Participation.objects.get(), actor=reviewer())


@pytest.mark.django_db
def test_coming_weeks_are_not_read_by_number():
    ada, coming = make_member("ada"), make_challenge(weeks_ago=-1)
    clicks = signed_in(ada)
    assert clicks.get(coming.get_absolute_url()).status_code == 404
    for name in ("opt_in", "submit"):
        address = reverse(f"challenges:{name}", args=[coming.pk])
        assert clicks.post(address, {"text": WORK}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_complete_once():
    ada, challenge = make_member("ada"), make_challenge()
    staff = [reviewer(name) for name in ("sam", "sue")]
    services.opt_in(challenge=challenge, member=ada)
    services.submit(challenge=challenge, member=ada, text=WORK)
    part = Participation.objects.get()
    answers = race(
        *(lambda who=who: services.complete(participation=part, actor=who) for who in staff)
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    assert earned(ada).count(("weekly_challenge_completed", 75)) == 1
