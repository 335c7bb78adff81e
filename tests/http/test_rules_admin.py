"""Tuning the economy in the admin: who may, and that each page does what it says."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from thrive_points.models import PointRule, RuleExperiment
from thrive_points.rules import current
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
RULES = "admin:thrive_points_pointrule"
TESTS = "admin:thrive_points_ruleexperiment"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def signed_in(*permissions: str) -> Client:
    user = get_user_model().objects.create_user(f"staff-{'-'.join(permissions)}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def reader() -> Client:
    return signed_in("view_pointrule", "view_ruleexperiment")


def manager() -> Client:
    return signed_in(
        "view_pointrule",
        "add_pointrule",
        "view_ruleexperiment",
        "add_ruleexperiment",
        "change_ruleexperiment",
    )


def fields(**changes: Any) -> dict[str, Any]:
    return {**to_definition(RULE), "enabled": "on", "share": 100, "reason": "Agreed.", **changes}


def experiment() -> RuleExperiment:
    arms = [
        Arm(name="a", share=50, rule=RULE),
        Arm(name="b", share=50, rule=replace(RULE, base_points=30)),
    ]
    ends = timezone.now() + timedelta(days=7)
    return start(QUIZ, arms, name="Longer quizzes", reason="To learn.", ends_at=ends)


def pages() -> list[str]:
    row = experiment()
    return [
        reverse(f"{RULES}_changelist"),
        reverse(f"{RULES}_log"),
        reverse(f"{RULES}_activity", args=[QUIZ]),
        reverse(f"{RULES}_compare", args=[QUIZ]),
        reverse(f"{TESTS}_changelist"),
        reverse(f"{TESTS}_results", args=[row.pk]),
    ]


def doors() -> list[str]:
    return [
        reverse(f"{RULES}_publish", args=[QUIZ]),
        reverse(f"{RULES}_revert", args=[QUIZ, "code"]),
        reverse(f"{TESTS}_start", args=[QUIZ]),
    ]


def test_only_those_with_the_permission_may_look_and_only_some_may_change() -> None:
    addresses = pages()
    nobody, looks, may = signed_in(), reader(), manager()
    for address in addresses:
        assert nobody.get(address).status_code == 403, address
        assert looks.get(address).status_code == 200, address
    for address in doors():
        assert looks.get(address).status_code == 403, address
        assert looks.post(address, fields()).status_code == 403, address
        assert may.get(address).status_code == 200, address
    results = addresses[-1]
    assert looks.post(results, {"reason": "Stop."}).status_code == 403
    assert not PointRule.objects.exists()
    assert RuleExperiment.objects.get().stopped_at is None


def test_the_list_tells_band_and_category_and_what_is_under_way() -> None:
    publish(QUIZ, replace(RULE, base_points=25), reason="Try.", share=20)
    publish(
        "circle_reaction",
        replace(POINT_RULES["circle_reaction"], enabled=False),
        reason="Spam.",
    )
    shown = reader().get(reverse(f"{RULES}_changelist")).content.decode()
    assert shown.count('<th scope="row">') == len(POINT_RULES)
    assert "standard (10-30)" in shown
    assert "another rule for 20%" in shown
    assert "<strong>disabled</strong>" in shown


def test_publishing_keeps_who_and_why_and_lands_on_the_activity() -> None:
    client = manager()
    answer = client.post(
        reverse(f"{RULES}_publish", args=[QUIZ]),
        fields(base_points=25, over_cap="2 at 50%, 1 at 25%", modifiers=["difficulty"],
               exception="Easy ones are below."),
        follow=True,
    )  # fmt: skip
    row = PointRule.objects.get()
    assert row.author.get_username().startswith("staff-")
    assert row.reason == "Agreed."
    rule = rulebook().resolve(QUIZ, timezone.now())
    assert (rule.base_points, rule.over_cap) == (25, ((2, 50), (1, 25)))
    assert [modifier.name for modifier in rule.modifiers] == ["difficulty"]
    shown = answer.content.decode()
    assert "Revision r1 is published. It takes effect" in shown
    assert "base points: 20 to 25" in shown
    assert ">Bring r1 back<" in shown
    form = client.get(reverse(f"{RULES}_publish", args=[QUIZ])).content.decode()
    assert 'value="2 at 50%, 1 at 25%"' in form


def test_a_schedule_is_given_in_local_time() -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    manager().post(
        reverse(f"{RULES}_publish", args=[QUIZ]),
        fields(base_points=25, effective_from=f"{tomorrow:%Y-%m-%dT%H:%M}"),
    )
    row = PointRule.objects.get()
    assert row.effective_from == tomorrow.replace(second=0, microsecond=0)
    shown = reader().get(reverse(f"{RULES}_activity", args=[QUIZ])).content.decode()
    assert "<td>scheduled</td>" in shown


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"base_points": 40}, "E101 quiz_completed: base_points is 40"),
        ({"base_points": ""}, "This field is required"),
        ({"over_cap": "some"}, "is not like"),
        ({"share": 0}, "greater than or equal to 1"),
        ({"effective_from": "2020-01-01T00:00"}, "which is over"),
        ({"reason": ""}, "This field is required"),
        ({"max_per_day": "", "over_cap": "5 at 50%"}, "over_cap needs max_per_day"),
    ],
)
def test_a_refused_change_tells_why_and_publishes_nothing(
    changes: dict[str, Any], told: str
) -> None:
    answer = manager().post(reverse(f"{RULES}_publish", args=[QUIZ]), fields(**changes))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not PointRule.objects.exists()


def test_comparing_marks_what_changed() -> None:
    publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    client, address = reader(), reverse(f"{RULES}_compare", args=[QUIZ])
    shown = client.get(address, {"before": "code", "after": "r1"}).content.decode()
    assert shown.count('<span class="mark">changed</span>') == 1
    assert "<td>20</td><td>25</td>" in shown
    assert client.get(address, {"before": "r9"}).status_code == 404


def test_reverting_shows_what_it_changes_and_asks_why() -> None:
    publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    publish(QUIZ, replace(RULE, base_points=30), reason="Even more.")
    client, address = manager(), reverse(f"{RULES}_revert", args=[QUIZ, "r1"])
    assert "<td>30</td><td>25</td>" in client.get(address).content.decode()
    assert "This field is required" in client.post(address, {}).content.decode()
    client.post(address, {"reason": "Too much."})
    assert rulebook().resolve(QUIZ, timezone.now()).base_points == 25
    client.post(reverse(f"{RULES}_revert", args=[QUIZ, "code"]), {"reason": "Back."})
    assert rulebook().resolve(QUIZ, timezone.now()).base_points == 20
    assert PointRule.objects.count() == 4


def test_the_log_reads_like_a_history() -> None:
    ada = get_user_model().objects.create_user("ada")
    publish(QUIZ, replace(RULE, base_points=25), reason="Quizzes got longer.", author=ada)
    publish(QUIZ, replace(RULE, base_points=25, max_per_day=5), reason="Fewer.", share=20)
    experiment()
    shown = " ".join(reader().get(reverse(f"{RULES}_log")).content.decode().split())
    told = [
        "starts experiment",
        "a pays 20 to 50%, b pays 30 to 50%",
        "r2: awards a day: 10 to 5, for 20% of the members",
        "r1: base points: 20 to 25",
        "Quizzes got longer.",
    ]
    positions = [shown.index(words) for words in told]
    assert positions == sorted(positions)
    assert ", ada: " in shown


def test_a_long_log_comes_in_pages_and_an_empty_one_says_so() -> None:
    client, address = reader(), reverse(f"{RULES}_log")
    assert "Nothing was changed yet" in client.get(address).content.decode()
    for number in range(53):
        publish(QUIZ, replace(RULE, notes=f"Note {number}."), reason=f"Reason {number}.")
    first = client.get(address).content.decode()
    assert "Page 1 of 2" in first
    assert "Reason 52." in first
    last = client.get(address, {"page": 2}).content.decode()
    assert "Reason 0." in last
    assert "Reason 52." not in last


def test_an_experiment_is_started_read_and_stopped() -> None:
    client = manager()
    ends = timezone.localtime() + timedelta(days=7)
    given = fields(base_points=30, name="Longer", arm_share=50, ends_at=f"{ends:%Y-%m-%dT%H:%M}")
    client.post(reverse(f"{TESTS}_start", args=[QUIZ]), given)
    row = RuleExperiment.objects.get()
    for number in range(8):
        user = get_user_model().objects.create_user(f"member{number}")
        PointsService.award_points(user, QUIZ, {"event_key": "quiz:1"})
    results = reverse(f"{TESTS}_results", args=[row.pk])
    shown = client.get(results).content.decode()
    assert "active days per member" in shown
    assert "No whole day of it is over yet" in shown
    assert "<td>20</td><td>30</td>" in shown
    again = client.post(reverse(f"{TESTS}_start", args=[QUIZ]), given).content.decode()
    assert "Two experiments on one activity at once" in again
    client.post(results, {"reason": "Enough seen."})
    row = RuleExperiment.objects.get()
    assert (row.stop_reason, row.stopped_at is not None) == ("Enough seen.", True)
    assert ">stopped</td>" in client.get(reverse(f"{TESTS}_changelist")).content.decode()
    assert "Stop the experiment" not in client.get(results).content.decode()


def test_an_activity_that_is_none_is_not_found() -> None:
    client = manager()
    for name in ("activity", "publish", "compare"):
        assert client.get(reverse(f"{RULES}_{name}", args=["nothing"])).status_code == 404
    assert client.get(reverse(f"{TESTS}_start", args=["nothing"])).status_code == 404


def test_the_index_of_the_admin_leads_here() -> None:
    shown = reader().get(reverse("admin:index")).content.decode()
    assert reverse(f"{RULES}_changelist") in shown
    assert reverse(f"{TESTS}_changelist") in shown
