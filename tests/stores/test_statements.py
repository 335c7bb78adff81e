"""What an award asks of the database: how many statements, by which indexes, at any size."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.stores.books import assert_books_agree
from thrive_points.core.event import Outcome
from thrive_points.ledger.audit import rebuild
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

POSTGRESQL = connection.vendor == "postgresql"
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


def allowed(store):
    # The portable store locks, reads, writes the entry, the day, the profile and the feed.
    return 2 if store == "postgresql" else 6


@pytest.mark.django_db(transaction=True)
def test_an_award_of_its_own_takes_few_statements_and_no_savepoint(user):
    award(user, "warm")
    sent, frame = statements(lambda: award(user, "k1"))
    assert len(sent) == allowed(store), "\n".join(sent)
    assert not [sql for sql in frame if "SAVEPOINT" in sql.upper()]


@pytest.mark.django_db
def test_inside_a_hosts_transaction_an_award_takes_no_more(user):
    award(user, "warm")
    with transaction.atomic():
        sent, frame = statements(lambda: award(user, "k1"))
    assert len(sent) == allowed(store), "\n".join(sent)
    assert frame == []


@pytest.mark.django_db
def test_a_duplicate_only_reads(user):
    award(user, "k1")
    sent, _ = statements(lambda: award(user, "k1"))
    assert len(sent) <= (1 if store == "postgresql" else 2)
    assert PointsHistory.objects.count() == 1


@pytest.mark.django_db
def test_a_refusal_writes_its_entry_and_no_xp(user):
    award(user, "k1", "daily_login")
    results = []
    sent, _ = statements(lambda: results.append(award(user, "k2", "daily_login")))
    assert results[0].outcome is Outcome.CAPPED
    assert len(sent) <= allowed(store) - (store != "postgresql") * 2


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
    assert len(sent) == allowed(store), "\n".join(sent)
    assert_books_agree()


@pytest.mark.django_db
def test_a_batch_takes_a_handful_of_statements_whatever_its_size(make_user):
    members = [make_user() for _ in range(5)]

    def batch(size, name):
        PointsService.award_many(
            {
                "user": members[number % 5],
                "activity_type": "circle_reaction",
                "metadata": {"event_key": f"{name}{number}"},
            }
            for number in range(size)
        )

    batch(5, "warm")
    small, _ = statements(lambda: batch(10, "small"))
    large, _ = statements(lambda: batch(250, "large"))
    assert len(large) == len(small) <= 11


ACCESS = {
    "lock the profile": (
        "SELECT total_xp FROM thrive_points_userthriveprofile WHERE user_id = 500",
        ["thrive_points_userthriveprofile_pkey"],
    ),
    "find the key": (
        "SELECT id FROM (SELECT * FROM thrive_points_pointshistory WHERE user_id = 500 "
        "AND event_key >= 'planned:7' ORDER BY event_key LIMIT 1) AS entry "
        "WHERE event_key = 'planned:7'",
        ["thrive_points_event_once"],
    ),
    "read the usage": (
        "SELECT SUM(awards) FROM thrive_points_pointsdailytotal WHERE user_id = 500 "
        "AND day BETWEEN '2026-03-01' AND '2026-03-08' AND activity_type = 'quiz_completed'",
        ["thrive_points_pointsdailytotal_pkey"],
    ),
    "look back for a streak": (
        "SELECT DISTINCT day FROM thrive_points_pointsdailytotal WHERE user_id = 500 "
        "AND day < '2026-03-08' AND awards > 0 ORDER BY day DESC LIMIT 64",
        ["thrive_points_pointsdailytotal_pkey"],
    ),
    "a page of the history": (
        "SELECT id, points FROM thrive_points_pointshistory "
        "WHERE user_id = 500 AND id < 1000000000000 ORDER BY id DESC LIMIT 5",
        ["thrive_points_user_entry"],
    ),
    "the week's batch": (
        "SELECT total.awards FROM unnest('{500,501}'::bigint[], "
        "'{2026-03-01,2026-03-01}'::date[], '{2026-03-08,2026-03-08}'::date[]) "
        "AS given (user_id, since, until) JOIN thrive_points_pointsdailytotal AS total "
        "ON total.user_id = given.user_id AND total.day BETWEEN given.since AND given.until",
        ["thrive_points_pointsdailytotal_pkey"],
    ),
    "the keys of a batch": (
        "SELECT entry.id FROM unnest('{500,501}'::bigint[], '{a,b}'::text[]) "
        "AS given (user_id, event_key) CROSS JOIN LATERAL ("
        "SELECT * FROM thrive_points_pointshistory AS candidate "
        "WHERE candidate.user_id = given.user_id AND candidate.event_key >= given.event_key "
        "ORDER BY candidate.event_key LIMIT 1) AS entry WHERE entry.event_key = given.event_key",
        ["thrive_points_event_once"],
    ),
}


EVERYWHERE = [what for what, (statement, _) in ACCESS.items() if "unnest" not in statement]


@pytest.mark.django_db
@pytest.mark.parametrize("what", ACCESS if POSTGRESQL else EVERYWHERE)
def test_access_is_by_index_alone(what, django_user_model):
    """Ask for plans on tables that are large enough to give PostgreSQL a choice."""
    statement, indexes = ACCESS[what]
    members = django_user_model.objects.bulk_create(
        django_user_model(username=f"planned{number}") for number in range(2_000)
    )
    statement = statement.replace("500", str(members[500].pk))
    with connection.cursor() as cursor:
        if POSTGRESQL:
            cursor.execute(FILL)
            cursor.execute(f"EXPLAIN (COSTS OFF) {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
            assert re.findall(r"(?:using|on) (thrive_\w+_(?:pkey|once|entry))", plan) == indexes
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = "\n".join(row[3] for row in cursor.fetchall())
            assert "SEARCH" in plan, plan
            assert "SCAN thrive_" not in plan, plan


@pytest.mark.django_db
@pytest.mark.skipif(POSTGRESQL, reason="its functions hide what they execute; see ACCESS")
def test_no_statement_that_is_really_sent_reads_a_whole_table(make_user):
    members = [make_user() for _ in range(3)]

    def work():
        award(members[0], "single")
        PointsService.award_many(
            {"user": one, "activity_type": "quiz_completed", "metadata": {"event_key": f"q:{n}"}}
            for one in members
            for n in range(3)
        )
        PointsService.reverse(members[0], "single", "spam")
        PointsService.adjust(members[1], 5, "thanks")
        assert rebuild() == 0

    # A batch's executemany is logged as a number of times, and inserting values reads nothing.
    reads = re.compile(r"\s*(SELECT|UPDATE|DELETE|INSERT INTO.*SELECT)", re.DOTALL)
    sent = [sql for sql in statements(work)[0] if reads.match(sql)]
    assert len(sent) > 20
    # The audit walks through all members, some at a time, along each table's index.
    walk = re.compile(r"SCAN thrive_\w+ USING (COVERING INDEX|INTEGER PRIMARY KEY)")
    for sql in sent:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", [])
            plan = [row[3] for row in cursor.fetchall()]
        whole = [step for step in plan if step.startswith("SCAN thrive_") and not walk.match(step)]
        if "thrive_points_pointrule" not in sql and "thrive_points_ruleexperiment" not in sql:
            assert whole == [], f"{sql}\n{plan}"


@pytest.mark.django_db
def test_a_key_is_found_by_its_index_before_the_tables_are_analysed(django_user_model):
    """Hold the plan where the planner knows nothing yet, and later plans are not made anew."""
    django_user_model.objects.create(username="planned0")
    statement, indexes = ACCESS["find the key"]
    with connection.cursor() as cursor:
        if POSTGRESQL:
            cursor.execute(FILL.partition("ANALYZE")[0])
            cursor.execute(f"EXPLAIN (COSTS OFF) {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
            plan = "\n".join(row[3] for row in cursor.fetchall())
    assert indexes[0] in plan if POSTGRESQL else "user_id=? AND event_key>?" in plan, plan
    assert "thrive_points_user_entry" not in plan


FILL = """
INSERT INTO thrive_points_userthriveprofile (user_id, total_xp, week_xp, level, streaks)
SELECT id, 0, 0, 1, '{}' FROM accounts_user WHERE username LIKE 'planned%';
INSERT INTO thrive_points_pointshistory
    (user_id, activity_type, points, outcome, event_key, occurred_at, recorded_at, day,
     rule_revision, arithmetic, metadata, description)
SELECT member.id, 'quiz_completed', 20, 'awarded', 'planned:' || number, now(), now(),
       DATE '2026-03-08' - number, '', '[]', '{}', ''
FROM accounts_user AS member, generate_series(1, 20) AS number
WHERE member.username LIKE 'planned%';
INSERT INTO thrive_points_pointsdailytotal
    (user_id, activity_type, day, awards, points, capped, last_awarded_at)
SELECT user_id, activity_type, day, 1, 20, 0, occurred_at FROM thrive_points_pointshistory;
ANALYZE thrive_points_userthriveprofile, thrive_points_pointshistory,
    thrive_points_pointsdailytotal;
"""
