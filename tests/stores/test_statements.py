"""How many statements an award, a correction and a batch ask of the database, at any size."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.stores.books import assert_books_agree
from tests.support.wire import sent_statements
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory, XPEvent
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService

BEGIN = datetime(2025, 3, 3, 12, tzinfo=UTC)
FRAME = re.compile(r"BEGIN|COMMIT|SAVEPOINT|RELEASE|ROLLBACK", re.IGNORECASE)


def award(user, key, activity="quiz_completed"):
    return PointsService.award_points(user, activity, {"event_key": key})


def statements(work):
    """Return the platform's statements in a piece of work, and those that frame it.

    The host's own, such as those of its listeners after the commit, are left out.
    """
    with CaptureQueriesContext(connection) as captured:
        work()
    sent = [query["sql"] for query in captured.captured_queries]
    framing = [sql for sql in sent if FRAME.match(sql)]
    return [sql for sql in sent if "thrive_" in sql and sql not in framing], framing


AWARD = {"postgresql": 2, "sqlite": 7}[connection.vendor]
"""On SQLite: lock, key and days; then the entry, its day, the XP event and the profile."""
DUPLICATE = {"postgresql": 3, "sqlite": 5}[connection.vendor]


@pytest.mark.django_db(transaction=True)
def test_an_award_of_its_own_takes_few_statements_and_no_savepoint(user, without_listeners):
    award(user, "warm")
    sent, frame = statements(lambda: award(user, "k1"))
    assert len(sent) == AWARD, "\n".join(sent)
    assert [sql.split()[0] for sql in frame] == ["BEGIN", "COMMIT"]


@pytest.mark.django_db
def test_inside_a_hosts_transaction_an_award_takes_no_more(user):
    award(user, "warm")
    with transaction.atomic():
        sent, frame = statements(lambda: award(user, "k1"))
    assert len(sent) == AWARD, "\n".join(sent)
    assert frame == []


@pytest.mark.django_db
def test_a_duplicate_only_reads(user):
    award(user, "k1")
    sent, frame = statements(lambda: award(user, "k1"))
    assert len(sent) == DUPLICATE, "\n".join(sent)
    assert frame == []
    assert PointsHistory.objects.count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("key", "expected"), [("new", ["open", "append"]), ("known", ["open"])], ids=["new", "known"]
)
def test_the_server_gets_no_more_by_the_shortest_way(user, without_listeners, key, expected):
    """Nobody looks on here, so calls go through libpq, which Django cannot tell of."""
    award(user, "known")
    with sent_statements(connection) as sent:
        award(user, key)
    called = re.compile(r"thrive_points_(\w+)_v\d")
    assert [name for sql in sent for name in called.findall(sql)] == expected


@pytest.mark.django_db
def test_a_refusal_writes_its_entry_and_no_xp(user):
    award(user, "k1", "daily_login")
    results = []
    sent, _ = statements(lambda: results.append(award(user, "k2", "daily_login")))
    assert results[0].outcome is Outcome.CAPPED
    # On SQLite the statements for the day and the XP are sent, and write nothing.
    assert len(sent) == AWARD, "\n".join(sent)
    assert not XPEvent.objects.filter(user=user, number=2).exists()


@pytest.mark.django_db
def test_the_count_does_not_grow_with_the_history(user):
    award(user, "warm")
    before, _ = statements(lambda: award(user, "k1"))
    PointsService.award_many(
        {
            "user": user,
            "activity_type": "circle_reaction",
            "metadata": {"event_key": f"h{number}"},
        }
        for number in range(500)
    )
    after, _ = statements(lambda: award(user, "k2"))
    assert len(after) == len(before)


@pytest.mark.django_db
def test_a_late_day_inside_a_long_streak_reads_none_of_it(user):
    def login(day):
        return {
            "user": user,
            "activity_type": "daily_login",
            "metadata": {"event_key": f"login:{day}"},
            "occurred_at": BEGIN + timedelta(days=day),
        }

    # The hundredth day was missed and forgiven; now it turns out that it was not missed.
    PointsService.award_many(login(day) for day in range(201) if day != 100)
    assert user.thrive_profile.streaks["login"][2] == 200
    sent, _ = statements(lambda: PointsService.award_points(**login(100)))
    assert user.thrive_profile.streaks["login"][2] == 201
    assert len(sent) == AWARD, "\n".join(sent)
    assert_books_agree()


@pytest.mark.django_db
def test_an_award_by_a_rule_with_a_cooldown_takes_no_more_on_postgresql(user, settings):
    rule = replace(POINT_RULES["quiz_completed"], cooldown=timedelta(minutes=5))
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES": {**POINT_RULES, "spaced": rule}}
    award(user, "warm", "spaced")
    sent, _ = statements(lambda: award(user, "k1", "spaced"))
    assert len(sent) == AWARD + (connection.vendor == "sqlite"), "\n".join(sent)


@pytest.mark.django_db
@pytest.mark.parametrize("reached", [0, 7])
def test_a_late_day_before_a_streak_reads_no_more_than_its_run(user, reached):
    """And where it reaches a mark, the marks of that run; not the year that follows."""

    def login(day):
        return {
            "user": user,
            "activity_type": "daily_login",
            "metadata": {"event_key": f"login:{day}"},
            "occurred_at": BEGIN + timedelta(days=day),
        }

    PointsService.award_many(
        login(day) for day in (*range(100, 106 + reached // 7), *range(120, 480))
    )
    late = 99
    sent, _ = statements(lambda: PointsService.award_points(**login(late)))
    marks = (2 + AWARD) if reached == 0 else 0
    assert len(sent) <= AWARD + 3 + marks, "\n".join(sent)


REVERSAL = {"postgresql": 8, "sqlite": 15}[connection.vendor]
"""Finding the entry, locking, whether it is taken back already, the reversal with a look at one
streak's run, and who is short."""
PROMOTION = {"postgresql": 2, "sqlite": 7}[connection.vendor]


@pytest.mark.django_db
@pytest.mark.parametrize("capped", [0, 1, 50])
def test_what_a_reversal_asks_has_a_bound(user, capped):
    for number in range(10 + capped):
        award(user, f"k{number}")
    sent, _ = statements(lambda: PointsService.reverse(user, "k0", "a test"))
    first_look = PROMOTION // 2 if capped else 0
    assert len(sent) <= REVERSAL + bool(capped) * PROMOTION + first_look, "\n".join(sent)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [10, 250])
def test_a_batch_takes_few_statements(make_user, size):
    members = [make_user() for _ in range(5)]

    def batch(name):
        PointsService.award_many(
            {
                "user": members[number % 5],
                "activity_type": "circle_reaction",
                "metadata": {"event_key": f"{name}{number}"},
            }
            for number in range(size)
        )

    batch("warm")
    sent, _ = statements(lambda: batch("another"))
    # PostgreSQL is asked for accounts, days and keys, and given the entries. SQLite, which is no
    # way off, is asked for each account, its days and each key, and given four kinds of rows.
    assert len(sent) == {"postgresql": 4, "sqlite": 5 + 5 + size + 4}[connection.vendor]
