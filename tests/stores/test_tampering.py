"""Ways to tamper with the books: each is refused, or noticed by the audit or a checkpoint.

Whoever holds the database can lift its guards, so most ways are tried both as a member of the
site's own role would, and with the guards lifted and put back.
"""

from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO
from typing import NamedTuple

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from thrive_points.ledger import checkpoint as checkpoints
from thrive_points.ledger.audit import audit, rebuild
from thrive_points.ledger.columns import Entry
from thrive_points.ledger.signing import KEY_VARIABLE
from thrive_points.ledger.verification import against
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

VENDOR = connection.vendor
H, D, X, P = (
    f"thrive_points_{name}"
    for name in ("pointshistory", "pointsdailytotal", "xpevent", "userthriveprofile")
)
R, E = "thrive_points_pointrule", "thrive_points_ruleexperiment"
COLUMNS = ", ".join(Entry._fields)
REST = ", ".join(Entry._fields[2:])
LONG_AGO = "'2001-01-01 00:00:00+00'"


class Way(NamedTuple):
    """A way to tamper.

    Args:
        name: what is done.
        statements: by which; {v} is the victim, {o} another member.
        lifted: with the guards lifted.
    """

    name: str
    statements: tuple[str, ...]
    lifted: bool


def ways():
    """Yield every way on this database."""
    for name, *statements in SIMPLE:
        yield Way(name, tuple(statements), lifted=False)
        yield Way(f"{name}, guards lifted", tuple(statements), lifted=True)
    for name, *statements in PAST_THE_GUARDS + (
        ON_POSTGRESQL if VENDOR == "postgresql" else ON_SQLITE
    ):
        yield Way(name, tuple(statements), lifted=False)


CHANGED = {
    "user_id": "{o}",
    "number": "number + 1000",
    "activity_type": "'battle_won'",
    "points": "points + 5",
    "outcome": "'adjusted'",
    "event_key": "'another'",
    "occurred_at": LONG_AGO,
    "recorded_at": LONG_AGO,
    "day": "'2001-01-01'",
    "rule_revision": "'r7'",
    "arithmetic": "'[]'",
    "metadata": "'{{\"score\": 100}}'",
    "reverses": "1",
    "cause": "1",
    "actor_id": "{o}",
    "description": "'other words'",
    "awards": "awards + 1",
    "capped": "capped + 1",
}
FORGED = (
    f"INSERT INTO {H} ({COLUMNS}) SELECT user_id, 8, 'battle_won', 20, 'awarded', 'forged', "
    f"{LONG_AGO}, {LONG_AGO}, '2001-01-01', 'r1', '[]', '{{{{}}}}', NULL, NULL, NULL, '', 1, 0 "
    f"FROM {H} WHERE user_id = {{v}} AND number = 1",
    f"INSERT INTO {D} (user_id, day, activity_type, awards, points, capped, last_awarded_at) "
    f"SELECT user_id, day, activity_type, 1, 20, 0, occurred_at FROM {H} WHERE user_id = {{v}} "
    "AND number = 8",
    f"INSERT INTO {X} (user_id, number, amount, source, description, created_at) "
    f"SELECT user_id, 8, 20, 'battle_won', '', occurred_at FROM {H} WHERE user_id = {{v}} "
    "AND number = 8",
    f"UPDATE {P} SET total_xp = total_xp + 20, last_number = 8 WHERE user_id = {{v}}",
)
RULE_COLUMNS = (
    "activity_type, revision, definition, effective_from, effective_until, share, author_id, "
    "reason, created_at"
)
SIMPLE = [
    *(
        (
            f"change {column} of an entry",
            f"UPDATE {H} SET {column} = {to} WHERE user_id = {{v}} AND number = 2",
        )
        for column, to in CHANGED.items()
    ),
    ("delete the first entry", f"DELETE FROM {H} WHERE user_id = {{v}} AND number = 1"),
    ("delete the newest entry", f"DELETE FROM {H} WHERE user_id = {{v}} AND number = 7"),
    (
        "delete the newest entry and count down",
        f"DELETE FROM {H} WHERE user_id = {{v}} AND number = 7",
        f"DELETE FROM {X} WHERE user_id = {{v}} AND number = 7",
        f"UPDATE {P} SET last_number = 6, total_xp = total_xp - 7, week_xp = week_xp - 7 "
        "WHERE user_id = {v}",
        f"DELETE FROM {D} WHERE user_id = {{v}} AND activity_type = 'adjustment'",
    ),
    ("delete all entries of a member", f"DELETE FROM {H} WHERE user_id = {{v}}"),
    ("delete the ledger", f"DELETE FROM {H}"),
    (
        "wipe a member",
        *(f"DELETE FROM {table} WHERE user_id = {{v}}" for table in (X, D, H, P)),
    ),
    (
        "exchange the points of two entries of a day",
        f"UPDATE {H} SET points = 15 WHERE user_id = {{v}} AND number = 2",
        f"UPDATE {H} SET points = 25 WHERE user_id = {{v}} AND number = 3",
        f"UPDATE {X} SET amount = 15 WHERE user_id = {{v}} AND number = 2",
        f"UPDATE {X} SET amount = 25 WHERE user_id = {{v}} AND number = 3",
    ),
    (
        "exchange the keys of two entries",
        f"UPDATE {H} SET event_key = 'x' WHERE user_id = {{v}} AND number = 2",
        f"UPDATE {H} SET event_key = 'q:1' WHERE user_id = {{v}} AND number = 3",
        f"UPDATE {H} SET event_key = 'q:2' WHERE user_id = {{v}} AND number = 2",
    ),
    (
        "give a member's entries to another",
        f"UPDATE {H} SET user_id = {{o}}, number = number + 7, event_key = event_key || '!' "
        "WHERE user_id = {v}",
    ),
    (
        "change an amount of XP",
        f"UPDATE {X} SET amount = amount + 5 WHERE user_id = {{v}} AND number = 1",
    ),
    (
        "take from one XP event what another gets",
        f"UPDATE {X} SET amount = amount + 5 WHERE user_id = {{v}} AND number = 1",
        f"UPDATE {X} SET amount = amount - 5 WHERE user_id = {{v}} AND number = 2",
    ),
    (
        "relabel an XP event",
        f"UPDATE {X} SET source = 'battle_won' WHERE user_id = {{v}} AND number = 1",
    ),
    (
        "reword an XP event",
        f"UPDATE {X} SET description = 'x' WHERE user_id = {{v}} AND number = 1",
    ),
    (
        "move an XP event in time",
        f"UPDATE {X} SET created_at = {LONG_AGO} WHERE user_id = {{v}} AND number = 1",
    ),
    (
        "move an XP event to another entry",
        f"UPDATE {X} SET number = 1000 WHERE user_id = {{v}} AND number = 1",
    ),
    ("delete an XP event", f"DELETE FROM {X} WHERE user_id = {{v}} AND number = 1"),
    ("change a revision", f"UPDATE {R} SET definition = '{{{{}}}}'"),
    ("change a revision's span", f"UPDATE {R} SET effective_from = {LONG_AGO}"),
    ("change a revision's share", f"UPDATE {R} SET share = 50"),
    ("change a revision's reason", f"UPDATE {R} SET reason = 'another'"),
    ("change a revision's author", f"UPDATE {R} SET author_id = {{v}}"),
    ("delete a revision", f"DELETE FROM {R}"),
    ("change an experiment's arms", f"UPDATE {E} SET arms = '[]'"),
    ("lengthen an experiment", f"UPDATE {E} SET ends_at = '2099-01-01 00:00:00+00'"),
    ("delete an experiment", f"DELETE FROM {E}"),
]
PAST_THE_GUARDS = [
    ("forge an entry into the past, all books made to agree", *FORGED),
    (
        "block a key by an entry without points",
        FORGED[0].replace("20, 'awarded'", "0, 'capped'").replace("1, 0 FROM", "0, 0 FROM"),
        f"UPDATE {P} SET last_number = 8 WHERE user_id = {{v}}",
    ),
    ("blank an entry's metadata", f"UPDATE {H} SET metadata = '{{{{}}}}' WHERE user_id = {{v}}"),
    (
        "blank an entry's key",
        f"UPDATE {H} SET event_key = '~erased:' || number WHERE user_id = {{v}}",
    ),
    ("blank a reason", f"UPDATE {H} SET description = '' WHERE user_id = {{v}}"),
    ("blank who acted", f"UPDATE {H} SET actor_id = NULL"),
    (
        "forge an erasure",
        f"UPDATE {H} SET event_key = '~erased:' || number, metadata = '{{{{}}}}', description = ''"
        " WHERE user_id = {v}",
        FORGED[0]
        .replace("20, 'awarded', 'forged'", "0, 'erased', '~erasure'")
        .replace("1, 0 FROM", "0, 0 FROM")
        .replace("'{{}}'", '\'{{"receipt": "0123"}}\''),
        f"UPDATE {P} SET last_number = 8 WHERE user_id = {{v}}",
    ),
    (
        "add an XP event of nothing",
        f"INSERT INTO {X} (user_id, number, amount, source, description, "
        f"created_at) VALUES ({{v}}, 1000, 0, 'battle_won', '', {LONG_AGO})",
    ),
    (
        "add an XP event of nobody's",
        f"INSERT INTO {X} (user_id, number, amount, source, description, "
        f"created_at) VALUES (987654, 1, 0, 'battle_won', '', {LONG_AGO})",
    ),
    (
        "add an empty daily total",
        f"INSERT INTO {D} (user_id, day, activity_type, awards, points, capped) "
        "VALUES ({v}, '2001-01-01', 'battle_won', 0, 0, 0)",
    ),
    (
        "add a daily total of nobody's",
        f"INSERT INTO {D} (user_id, day, activity_type, awards, points, "
        "capped) VALUES (987654, '2001-01-01', 'battle_won', 0, 0, 0)",
    ),
    ("forget that a cap refused", f"UPDATE {D} SET capped = capped - 1 WHERE user_id = {{v}}"),
    ("free a place under a cap", f"UPDATE {D} SET awards = awards - 1 WHERE user_id = {{v}}"),
    ("change the points of a day", f"UPDATE {D} SET points = points + 5 WHERE user_id = {{v}}"),
    (
        "move the last award of a day",
        f"UPDATE {D} SET last_awarded_at = {LONG_AGO} WHERE user_id = {{v}}",
    ),
    (
        "move a day's total",
        f"UPDATE {D} SET day = '2001-01-01' WHERE user_id = {{v}} "
        "AND activity_type = 'quiz_completed'",
    ),
    ("delete daily totals", f"DELETE FROM {D} WHERE user_id = {{v}}"),
    ("change a total", f"UPDATE {P} SET total_xp = total_xp + 5 WHERE user_id = {{v}}"),
    ("change weekly XP", f"UPDATE {P} SET week_xp = week_xp + 5 WHERE user_id = {{v}}"),
    ("change the week", f"UPDATE {P} SET week = '2001-01-01' WHERE user_id = {{v}}"),
    ("change streaks", f"UPDATE {P} SET streaks = '{{{{}}}}' WHERE user_id = {{v}}"),
    ("change the newest number", f"UPDATE {P} SET last_number = 9 WHERE user_id = {{v}}"),
    ("delete an account", f"DELETE FROM {P} WHERE user_id = {{v}}"),
    ("give an account to nobody", f"UPDATE {P} SET user_id = 987654 WHERE user_id = {{v}}"),
    (
        "make an account of nobody's",
        f"INSERT INTO {P} (user_id, total_xp, week_xp, streaks, last_number) "
        "VALUES (987654, 0, 0, '{{}}', 0)",
    ),
    (
        "forge a revision into the past",
        f"INSERT INTO {R} ({RULE_COLUMNS}) SELECT 'quiz_completed', 1, "
        f"definition, {LONG_AGO}, NULL, 100, NULL, 'forged', {LONG_AGO} FROM {R}",
    ),
    (
        "forge a revision that should have decided",
        f"INSERT INTO {R} ({RULE_COLUMNS}) SELECT 'quiz_completed', 1, definition, {LONG_AGO}, "
        f"NULL, 100, NULL, 'forged', created_at FROM {R}",
    ),
    (
        "stop an experiment, and stop it anew",
        f"UPDATE {E} SET stopped_at = {LONG_AGO}",
        f"UPDATE {E} SET stopped_at = NULL",
    ),
]
ON_POSTGRESQL = [
    *((f"truncate {table}", f"TRUNCATE {table} CASCADE") for table in (H, X, D, P, R, E)),
    ("truncate the users", "TRUNCATE accounts_user CASCADE"),
    ("drop the guard", f"DROP TRIGGER thrive_points_append_only_v2 ON {H}"),
    ("disable the guards", f"ALTER TABLE {H} DISABLE TRIGGER ALL"),
    (
        "weaken the guard",
        "CREATE OR REPLACE FUNCTION thrive_points_keep_entry_v1() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    ),
    (
        "replicate over the guards",
        "SET session_replication_role = replica",
        f"UPDATE {H} SET points = points + 5 WHERE user_id = {{v}}",
        "SET session_replication_role = origin",
    ),
    (
        "insert over an entry",
        f"INSERT INTO {H} ({COLUMNS}) SELECT {COLUMNS} FROM {H} "
        "ON CONFLICT (user_id, number) DO UPDATE SET points = 999",
    ),
    (
        "insert over an XP event",
        f"INSERT INTO {X} SELECT * FROM {X} "
        "ON CONFLICT (user_id, number) DO UPDATE SET amount = 999",
    ),
    (
        "merge into an entry",
        f"MERGE INTO {H} AS h USING {P} AS p ON h.user_id = p.user_id WHEN MATCHED THEN DELETE",
    ),
    ("drop what holds reversals", f"ALTER TABLE {H} DROP CONSTRAINT thrive_points_reverses_entry"),
]
ON_SQLITE = [
    (
        "replace an entry",
        f"INSERT OR REPLACE INTO {H} ({COLUMNS}) SELECT user_id, number, "
        f"{REST.replace('points', 'points + 5', 1)} FROM {H}",
    ),
    (
        "replace an entry by its key",
        f"INSERT OR REPLACE INTO {H} ({COLUMNS}) SELECT user_id, number + 1000, {REST} FROM {H}",
    ),
    (
        "replace an entry by its row",
        f"INSERT OR REPLACE INTO {H} (rowid, {COLUMNS}) SELECT rowid, "
        f"user_id, number + 1000, {REST.replace('event_key', 'event_key || 1')} FROM {H}",
    ),
    ("update over an entry", f"UPDATE OR REPLACE {H} SET number = 1 WHERE number = 2"),
    ("update over a row", f"UPDATE OR REPLACE {H} SET rowid = 1 WHERE rowid = 2"),
    ("replace an XP event", f"REPLACE INTO {X} SELECT * FROM {X}"),
    ("replace a revision", f"REPLACE INTO {R} SELECT * FROM {R}"),
    ("replace an experiment", f"REPLACE INTO {E} SELECT * FROM {E}"),
    ("drop the guard", "DROP TRIGGER thrive_points_kept_v1"),
    ("drop the guard of deletions", "DROP TRIGGER thrive_points_no_delete_v1"),
    (
        "weaken the guard",
        "DROP TRIGGER thrive_points_no_delete_v1",
        f"CREATE TRIGGER thrive_points_no_delete_v1 BEFORE DELETE ON {H} WHEN 0 "
        "BEGIN SELECT 1; END",
    ),
]


@pytest.fixture
def told(make_user, monkeypatch):
    """Return a function that tampers in a way and says what became of it, and puts all back."""
    monkeypatch.setenv(KEY_VARIABLE, "a key that is kept out of the database")
    victim, other = make_user(), make_user()
    for member in (victim, other):
        for n in range(5):
            PointsService.award_points(
                member, "quiz_completed", {"event_key": f"q:{n}", "score": n}
            )
        PointsService.reverse(member, "q:4", "spam", actor=other)
        PointsService.adjust(member, 7, "thanks", actor=other, event_key="gift")
    publish("battle_won", POINT_RULES["battle_won"], reason="again", author=other)
    soon = timezone.now() + timedelta(days=1)
    arms = [Arm(name=name, share=50, rule=POINT_RULES["feedback_given"]) for name in "ab"]
    start("feedback_given", arms, name="try", reason="try", ends_at=soon, author=other)
    if VENDOR == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    file = BytesIO()
    checkpoints.write(file)

    def wrong():
        with checkpoints.read(file.getvalue().splitlines(keepends=True)) as checkpoint:
            past = [str(one) for one in against(checkpoint)]
        return past, [str(one) for one in audit()]

    def tampered(way):
        places = {"v": victim.pk, "o": other.pk}
        try:
            with transaction.atomic():
                with unlocked_ledger() if way.lifted else nullcontext():
                    changed = 0
                    with transaction.atomic(), connection.cursor() as cursor:
                        for statement in way.statements:
                            cursor.execute(
                                statement.format(**places) if "{" in statement else statement
                            )
                            changed += cursor.rowcount
                assert changed, f"{way.name} changes nothing"
                past, now = wrong()
                rebuilt = None
                if past and way.lifted:
                    rebuild()
                    rebuilt = wrong()[0]
                raise _Back(past, now, rebuilt)
        except _Back as back:
            return back.args
        except DatabaseError as error:
            return str(error)

    assert wrong() == ([], [])
    return tampered


class _Back(Exception):
    """Ends a way, so that what it did is rolled back."""


def test_there_are_ways_enough():
    assert len(list(ways())) >= 60
    assert len({way.name for way in ways()}) == len(list(ways()))


@pytest.mark.django_db
def test_no_way_ends_unnoticed(told):
    unnoticed, loose, blessed = [], [], []
    for way in ways():
        match told(way):
            case str(refusal):
                # Refused by what guards the ledger, not by a mistake in the statement.
                expected = (
                    "append-only",
                    "immutable",
                    "UNIQUE",
                    "duplicate key",
                    "stopped already",
                    "same member",
                    "foreign key",
                )
                if not any(word in refusal for word in expected):
                    loose.append((way.name, refusal))
            case (past, now, rebuilt):
                if not past and not now:
                    unnoticed.append(way.name)
                if past and rebuilt == []:
                    blessed.append(way.name)
    assert (unnoticed, loose, blessed) == ([], [], [])
