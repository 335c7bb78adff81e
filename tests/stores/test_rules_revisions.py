"""Rules that change while the site runs: revisions, shares of members, the guards."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from thrive_points.core.rule import Modifier
from thrive_points.core.shares import PARTS, in_share, part_of
from thrive_points.exceptions import InvalidRule, SingleWriterError, UnknownActivityType
from thrive_points.models import PointRule, PointsHistory
from thrive_points.rules import current
from thrive_points.rules.changelog import changes_of
from thrive_points.rules.current import rulebook
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish, revert, rule_of
from thrive_points.rules.rulebook import RuleBook
from thrive_points.services import PointsService

QUIZ = "quiz_completed"
RULE = POINT_RULES[QUIZ]
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    """Let a published rule be known at once."""
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def member(name: str = "ada") -> Any:
    return get_user_model().objects.create_user(name)


def quiz(user: Any, number: int = 1, **kwargs: Any) -> Any:
    return PointsService.award_points(user, QUIZ, {"event_key": f"quiz:{number}"}, **kwargs)


def test_a_revision_overrides_the_registry_and_entries_keep_it() -> None:
    user = member()
    before = quiz(user, 1)
    row = publish(QUIZ, replace(RULE, base_points=25), reason="Quizzes got longer.")
    after = quiz(user, 2)
    assert (before.points_awarded, after.points_awarded) == (20, 25)
    assert before.rule_revision.startswith("code:")
    assert after.rule_revision == "r1" == f"r{row.revision}"
    assert PointsHistory.objects.get(user=user, number=after.number).rule_revision == "r1"
    assert rulebook().named(QUIZ, "r1") == rulebook().resolve(QUIZ, timezone.now())


def test_a_late_event_uses_the_revision_in_force_when_it_occurred() -> None:
    user = member()
    early = timezone.now()
    publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    late = quiz(user, 1, occurred_at=early)
    assert (late.points_awarded, late.rule_revision[:5]) == (20, "code:")


def test_a_schedule_starts_and_ends_by_itself() -> None:
    now = timezone.now()
    publish(
        QUIZ,
        replace(RULE, base_points=30),
        reason="A week of quizzes.",
        effective_from=now + HOUR,
        effective_until=now + 3 * HOUR,
    )
    book = rulebook()
    paid = [book.resolve(QUIZ, now + hours * HOUR).base_points for hours in (0, 1, 2, 3, 4)]
    assert paid == [20, 30, 30, 20, 20]


def test_the_newest_revision_that_covers_an_instant_wins() -> None:
    now = timezone.now()
    publish(QUIZ, replace(RULE, base_points=25), reason="For good.")
    publish(QUIZ, replace(RULE, base_points=30), reason="Today.", effective_until=now + HOUR)
    book = rulebook()
    soon = timezone.now()
    assert book.resolve(QUIZ, soon).revision == "r2"
    assert book.resolve(QUIZ, now + 2 * HOUR).revision == "r1"


def test_reverting_publishes_anew_and_can_give_the_word_back_to_the_code() -> None:
    publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    publish(QUIZ, replace(RULE, base_points=30), reason="Too much, it turned out.")
    again = revert(QUIZ, 1, reason="Back to 25.")
    assert (again.revision, rulebook().resolve(QUIZ, timezone.now()).base_points) == (3, 25)
    code = revert(QUIZ, None, reason="The code is right after all.")
    assert rule_of(code) is None
    assert rulebook().resolve(QUIZ, timezone.now()).revision.startswith("code:")
    assert [row.revision for row in PointRule.objects.order_by("revision")] == [1, 2, 3, 4]
    with pytest.raises(InvalidRule, match="no revision 9"):
        revert(QUIZ, 9, reason="?")


def test_the_check_tells_what_the_code_no_longer_has(settings: Any) -> None:
    luck = Modifier(
        name="luck", factor=lambda _: Fraction(1), lowest=Fraction(1), highest=Fraction(1)
    )
    rules = {**POINT_RULES, QUIZ: replace(RULE, modifiers=(luck,)), "podcast": RULE}
    before = settings.THRIVE_POINTS
    settings.THRIVE_POINTS = {**before, "RULES": rules}
    publish(QUIZ, rules[QUIZ], reason="Luck.")
    publish("podcast", RULE, reason="Podcasts.")
    assert _stored() == []
    settings.THRIVE_POINTS = before
    assert _stored() == ["thrive_points.E108", "thrive_points.W102"]


def _stored() -> list[str]:
    ids = [str(message.id) for message in run_checks(tags=["database"], databases=["default"])]
    return sorted(name for name in ids if name in ("thrive_points.E108", "thrive_points.W102"))


def test_the_history_tells_what_each_revision_takes_the_place_of() -> None:
    publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    later = timezone.now() + HOUR
    publish(QUIZ, replace(RULE, base_points=30), reason="Soon.", effective_from=later)
    publish(QUIZ, replace(RULE, max_per_day=5), reason="Try.", share=20)
    revert(QUIZ, None, reason="Back.")
    told = [(change.version, change.state, change.summary) for change in changes_of(QUIZ)]
    assert told == [
        ("r1", "replaced", "base points: 20 to 25"),
        # Another base was published after it, so it will never decide.
        ("r2", "replaced", "base points: 25 to 30"),
        ("r3", "withdrawn", "base points: 25 to 20; awards a day: 10 to 5"),
        ("r4", "in force", "returns to the rule in code"),
    ]


def test_a_disabled_rule_pays_nothing_and_still_records() -> None:
    publish(QUIZ, replace(RULE, enabled=False), reason="A bug in quizzes.")
    result = quiz(member())
    assert (result.outcome.value, result.points_awarded) == ("disabled", 0)


def test_a_rollout_reaches_its_share_grows_and_never_takes_a_member_back() -> None:
    def reached() -> set[int]:
        book, now = rulebook(), timezone.now()
        return {n for n in range(3000) if book.resolve(QUIZ, now, n).base_points == 25}

    publish(QUIZ, replace(RULE, base_points=25), reason="Try it.", share=10)
    tenth = reached()
    publish(QUIZ, replace(RULE, base_points=25), reason="Fine so far.", share=50)
    half = reached()
    assert 0.08 < len(tenth) / 3000 < 0.12
    assert 0.46 < len(half) / 3000 < 0.54
    assert tenth < half
    assert rulebook().resolve(QUIZ, timezone.now()).base_points == 20


def test_members_are_spread_evenly_and_always_alike() -> None:
    parts = [part_of("quiz_completed", n) for n in range(20_000)]
    tenths = [sum(p // (PARTS // 10) == tenth for p in parts) for tenth in range(10)]
    assert max(tenths) - min(tenths) < 300
    # Written down: were the hash ever changed, members would change sides.
    assert [part_of("x1", n) for n in (1, 2, 3)] == [part_of("x1", str(n)) for n in (1, 2, 3)]
    assert in_share("anything", "anyone", 100)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": "  "}, "reason is missing"),
        ({"reason": "x" * 301}, "301 characters"),
        ({"share": 0}, "allowed are 1 to 100"),
        ({"effective_from": timezone.now() - HOUR}, "which is over"),
        ({"effective_from": timezone.now().replace(tzinfo=None)}, "no time zone"),
        ({"effective_until": timezone.now() - HOUR}, "not after effective_from"),
        ({"rule": replace(RULE, base_points=40)}, "E101 quiz_completed: base_points is 40"),
        ({"rule": replace(RULE, notes="")}, "E104"),
    ],
)
def test_what_cannot_be_published_is_refused_and_leaves_nothing(
    changes: dict[str, Any], told: str
) -> None:
    arguments = {"rule": RULE, "reason": "Because.", **changes}
    with pytest.raises(InvalidRule, match=told):
        publish(QUIZ, arguments.pop("rule"), **arguments)
    assert not PointRule.objects.exists()


def test_an_unknown_activity_is_refused_with_a_guess() -> None:
    with pytest.raises(UnknownActivityType, match="did you mean quiz_completed"):
        publish("quiz_complete", RULE, reason="Typing.")


def test_a_revision_is_immutable_to_django_and_to_sql() -> None:
    row = publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    row.share = 50
    with pytest.raises(SingleWriterError):
        row.save()
    with pytest.raises(SingleWriterError):
        PointRule.objects.filter(pk=row.pk).update(share=50)
    for statement in ("UPDATE {} SET share = 50", "DELETE FROM {}"):
        with (
            pytest.raises(DatabaseError, match="immutable"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(PointRule._meta.db_table))


def test_other_processes_see_a_change_after_the_interval_and_not_by_a_query_each(
    settings: Any,
) -> None:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 3}
    first = rulebook()
    row = publish(QUIZ, replace(RULE, base_points=25), reason="More.")
    assert row.effective_from > row.created_at
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert all(rulebook() is first for _ in range(50))
    assert len(queries) == 0
    time.sleep(2.1)
    assert rulebook().resolve(QUIZ, row.effective_from).base_points == 25
    second = rulebook()
    time.sleep(2.1)
    assert rulebook() is second, "nothing was published, so nothing is read again"


def test_a_lookup_costs_microseconds_with_a_thousand_activity_types() -> None:
    rules = {f"activity_{n}": replace(RULE, revision="code:1") for n in range(1000)}
    publish(QUIZ, replace(RULE, base_points=25), reason="More.", share=50)
    revisions = {name: rulebook().revisions_of(QUIZ) for name in rules}
    book, now = RuleBook(rules, revisions), timezone.now() + HOUR
    best = min(_seconds(book, now) for _ in range(5))
    assert best / 1000 < 25e-6


def _seconds(book: RuleBook, now: Any) -> float:
    started = time.perf_counter()
    for n in range(1000):
        book.resolve(f"activity_{n}", now, n)
    return time.perf_counter() - started
