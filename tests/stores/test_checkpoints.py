"""points_checkpoint and points_audit --against: whose past was changed is named, whoever did it."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from thrive_points.ledger import checkpoint as checkpoints
from thrive_points.ledger.signing import KEY_VARIABLE, receipt
from thrive_points.models import PointsHistory
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService
from thrive_points.testing import unlocked_ledger

pytestmark = pytest.mark.django_db
KEY = "a key that is kept out of the database"


@pytest.fixture(autouse=True)
def _key(monkeypatch):
    monkeypatch.setenv(KEY_VARIABLE, KEY)


@pytest.fixture
def members(make_user):
    found = [make_user() for _ in range(3)]
    for member in found:
        for n in range(4):
            PointsService.award_points(member, "quiz_completed", {"event_key": f"q:{n}", "n": n})
        PointsService.adjust(member, 7, "thanks", actor=found[0])
    publish("battle_won", POINT_RULES["battle_won"], reason="again", author=found[1])
    return found


@pytest.fixture
def signed(members, tmp_path):
    path = tmp_path / "first.jsonl"
    call_command("points_checkpoint", str(path), stdout=StringIO())
    return path


def against(path, **options):
    out = StringIO()
    call_command("points_audit", against=str(path), stdout=out, **options)
    return out.getvalue()


def told(path, **options):
    """Return what the command has to say of the past."""
    out = StringIO()
    with pytest.raises(CommandError, match="is not what the checkpoint of") as error:
        call_command("points_audit", against=str(path), stdout=out, **options)
    assert "Nothing was rebuilt" in str(error.value)
    return out.getvalue().splitlines()


def tamper(statement, *params):
    with unlocked_ledger(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_a_ledger_that_only_grows_is_proved(signed, members, make_user):
    assert "The past is as the checkpoint of" in against(signed)
    PointsService.award_points(members[0], "quiz_completed", {"event_key": "q:9"})
    PointsService.reverse(members[1], "q:1", "spam", actor=members[0])
    PointsService.award_points(make_user(), "quiz_completed")
    publish("battle_won", None, reason="as it was")
    assert "Every book says what the ledger says." in against(signed)


REWRITTEN = {
    "points = 1000": "figures of the first 5 entries were rewritten",
    "day = '2001-01-01'": "figures of the first 5 entries were rewritten",
    "rule_revision = 'r9'": "figures of the first 5 entries were rewritten",
    "event_key = 'another'": "keys, metadata or reasons of the first 5 entries were",
    "metadata = '{}'": "keys, metadata or reasons of the first 5 entries were rewritten",
    "description = 'other words'": "keys, metadata or reasons of the first 5 entries were",
    "actor_id = 999": "who made entry 2 was rewritten",
}


@pytest.mark.parametrize(("change", "what"), REWRITTEN.items())
def test_a_member_whose_entries_were_rewritten_is_named(signed, members, change, what):
    victim = members[1]
    where = "number = 2 AND user_id = %s"
    tamper(f"UPDATE thrive_points_pointshistory SET {change} WHERE {where}", victim.pk)
    (line,) = told(signed)
    assert line.startswith(f"user {victim.pk}: {what}")


def test_a_rebuild_does_not_bless_it(signed, members):
    tamper("UPDATE thrive_points_pointshistory SET points = 1000 WHERE number = 2")
    assert len(told(signed, rebuild=True)) == 3
    assert members[0]._meta.model.objects.get(pk=members[0].pk).total_points == 87
    with pytest.raises(CommandError, match="--rebuild --against CHECKPOINT"):
        call_command("points_audit", rebuild=True)
    call_command("points_audit", rebuild=True, unproved=True, stdout=StringIO())
    assert len(told(signed)) == 3


def test_a_member_who_was_wiped_is_named(signed, members):
    victim = members[1]
    for table in ("pointshistory", "pointsdailytotal", "xpevent", "userthriveprofile"):
        tamper(f"DELETE FROM thrive_points_{table} WHERE user_id = %s", victim.pk)
    assert told(signed) == [f"user {victim.pk}: 5 of the first 5 entries were removed"]


def test_the_newest_entry_that_was_taken_out_is_missed(signed, members):
    tamper(
        "DELETE FROM thrive_points_pointshistory WHERE number = 5 AND user_id = %s", members[2].pk
    )
    assert told(signed) == [f"user {members[2].pk}: 1 of the first 5 entries were removed"]


def test_entries_that_were_added_to_the_past_are_named(signed, members, make_user):
    other = make_user()
    PointsService.award_points(other, "quiz_completed")
    PointsService.award_points(members[0], "quiz_completed")
    long_ago = connection.ops.adapt_datetimefield_value(datetime(2020, 1, 1, tzinfo=UTC))
    tamper(
        "UPDATE thrive_points_pointshistory SET recorded_at = %s WHERE number = 6 OR user_id = %s",
        long_ago,
        other.pk,
    )
    assert told(signed) == [
        f"user {members[0].pk}: 1 entries were added to the past",
        f"user {other.pk}: 1 entries were added to the past",
    ]


def test_a_later_checkpoint_reads_only_what_is_new(signed, members, make_user, tmp_path):
    second, whole = tmp_path / "second.jsonl", tmp_path / "whole.jsonl"
    PointsService.award_points(members[0], "quiz_completed", {"event_key": "q:9"})
    newcomer = make_user()
    PointsService.award_points(newcomer, "quiz_completed")
    out = StringIO()
    call_command("points_checkpoint", str(second), after=str(signed), stdout=out)
    assert "Signed 17 entries of 4 members, 2 of them read now" in out.getvalue()
    call_command("points_checkpoint", str(whole), stdout=StringIO())
    assert [line for line in second.read_text().splitlines() if "member" in line] == [
        line for line in whole.read_text().splitlines() if "member" in line
    ]
    against(second)
    tamper("UPDATE thrive_points_pointshistory SET points = 9 WHERE user_id = %s", newcomer.pk)
    assert told(second) == [f"user {newcomer.pk}: figures of the first 1 entries were rewritten"]


def test_a_later_checkpoint_does_not_bless_what_was_rewritten(signed, members, tmp_path):
    tamper("UPDATE thrive_points_pointshistory SET points = 9 WHERE number = 1")
    second = tmp_path / "second.jsonl"
    call_command("points_checkpoint", str(second), after=str(signed), stdout=StringIO())
    assert len(told(second)) == 3


def test_a_later_checkpoint_is_refused_where_somebody_is_gone(signed, members, tmp_path):
    tamper("DELETE FROM thrive_points_userthriveprofile WHERE user_id = %s", members[0].pk)
    with pytest.raises(CommandError, match=f"members {members[0].pk} of the checkpoint"):
        call_command("points_checkpoint", str(tmp_path / "second.jsonl"), after=str(signed))
    assert not (tmp_path / "second.jsonl").exists()


def test_a_gap_is_not_signed(members, tmp_path):
    tamper(
        "DELETE FROM thrive_points_pointshistory WHERE number = 2 AND user_id = %s", members[0].pk
    )
    with pytest.raises(CommandError, match="has no entry 2, but has entry 3"):
        call_command("points_checkpoint", str(tmp_path / "first.jsonl"))
    tamper(
        "DELETE FROM thrive_points_pointshistory WHERE number > 1 AND user_id = %s", members[0].pk
    )
    with pytest.raises(CommandError, match="has 1 entries, the account says 5"):
        call_command("points_checkpoint", str(tmp_path / "first.jsonl"))


def erase(member, metadata=None):
    """Do to the ledger what an erasure does, with a receipt or without."""
    history = "thrive_points_pointshistory"
    number = PointsHistory.objects.filter(user=member).count() + 1
    at = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
    facts = receipt(member.pk, number, at) if metadata is None else metadata
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {history} SET metadata = '{{}}', event_key = '~erased:' || number, "
            "description = '' WHERE user_id = %s",
            [member.pk],
        )
        cursor.execute(
            "UPDATE thrive_points_xpevent SET description = '' WHERE user_id = %s", [member.pk]
        )
        cursor.execute(f"UPDATE {history} SET actor_id = NULL WHERE actor_id = %s", [member.pk])
    with unlocked_ledger(), connection.cursor() as cursor:
        at_sql = connection.ops.adapt_datetimefield_value(at)
        cursor.execute(
            f"INSERT INTO {history} (user_id, number, activity_type, points, outcome, event_key, "
            "occurred_at, recorded_at, day, rule_revision, arithmetic, metadata, description, "
            "awards, capped) SELECT user_id, %s, 'erasure', 0, 'erased', '~erasure', %s, %s, day, "
            "'', '[]', %s, '', 0, 0 FROM thrive_points_pointshistory WHERE user_id = %s "
            "AND number = 1",
            [number, at_sql, at_sql, checkpoints._dump(facts), member.pk],
        )
        cursor.execute(
            "UPDATE thrive_points_userthriveprofile SET last_number = last_number + 1 "
            "WHERE user_id = %s",
            [member.pk],
        )


class TestErasure:
    """The receipt voids what is personal, and nothing else."""

    @pytest.fixture(autouse=True)
    def _at(self, monkeypatch):
        # The erasure's instant is fixed; what is older than the checkpoint would be "added".
        monkeypatch.setattr("thrive_points.ledger.verification.IN_FLIGHT", timedelta(days=9_999))

    def test_with_its_receipt_is_understood(self, signed, members):
        erase(members[0])
        assert "The past is as the checkpoint of" in against(signed)

    def test_without_it_is_told(self, signed, members):
        erase(members[0], metadata={})
        found = told(signed)
        assert f"user {members[0].pk}: an erasure is forged: it has no receipt signed" in found[0]
        assert any("without the receipt of an erasure" in line for line in found)

    def test_of_somebody_else_is_no_receipt(self, signed, members):
        of_another = receipt(members[1].pk, 6, datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC))
        erase(members[0], metadata=of_another)
        assert "forged" in told(signed)[0]

    def test_leaves_the_figures_proved(self, signed, members):
        erase(members[0])
        tamper(
            "UPDATE thrive_points_pointshistory SET points = 9 WHERE user_id = %s", members[0].pk
        )
        assert told(signed) == [
            f"user {members[0].pk}: figures of the first 5 entries were rewritten"
        ]

    def test_voids_nothing_that_was_signed_after_it(self, signed, members, tmp_path):
        erase(members[0])
        second = tmp_path / "second.jsonl"
        call_command("points_checkpoint", str(second), stdout=StringIO())
        against(second)
        tamper(
            "UPDATE thrive_points_pointshistory SET description = 'new words' WHERE number = 1 "
            "AND user_id = %s",
            members[0].pk,
        )
        assert "keys, metadata or reasons of the first 6" in told(second)[0]


class TestRules:
    """What decided is covered too."""

    def test_that_were_rewritten_removed_or_forged_are_named(self, signed, members):
        tamper("UPDATE thrive_points_pointrule SET share = 50")
        assert told(signed) == ["revision battle_won r1 was rewritten"]
        tamper("UPDATE thrive_points_pointrule SET share = 100, author_id = %s", members[2].pk)
        assert told(signed) == ["who published revision battle_won r1 was rewritten"]
        tamper("DELETE FROM thrive_points_pointrule")
        assert told(signed) == ["revision battle_won r1 was removed"]

    @pytest.mark.parametrize("column", ["effective_from", "created_at"])
    def test_that_were_forged_into_the_past_are_named(self, signed, members, column):
        publish("quiz_completed", None, reason="as it was")
        long_ago = connection.ops.adapt_datetimefield_value(datetime(2020, 1, 1, tzinfo=UTC))
        tamper(
            f"UPDATE thrive_points_pointrule SET {column} = %s WHERE activity_type = %s",
            long_ago,
            "quiz_completed",
        )
        assert told(signed) == ["revision quiz_completed r1 was forged into the past"]


class TestTheFile:
    """What it takes for a checkpoint to be believed."""

    def test_any_change_of_it_is_refused(self, signed):
        whole = signed.read_bytes()
        lines = whole.splitlines(keepends=True)
        for damaged in (
            whole.replace(b'"member"', b'"membre"', 1),
            whole.replace(b",5,", b",4,", 1),
            b"".join(lines[:-1]),
            b"".join(lines[:-2] + lines[-1:]),
            b"".join(lines[1:]),
            b"no checkpoint",
            b"",
            lines[0] + b'["rule"]\n' + lines[-1],
            lines[0] + lines[-2] * 2 + lines[-1],
        ):
            signed.write_bytes(damaged)
            with pytest.raises(CommandError, match=r"signature|no checkpoint"):
                against(signed)

    def test_another_key_is_not_taken_for_a_forgery(self, signed, monkeypatch):
        monkeypatch.setenv(KEY_VARIABLE, KEY[::-1])
        with pytest.raises(CommandError, match="was signed with another key"):
            against(signed)

    @pytest.mark.parametrize("key", ["", "short"])
    def test_a_key_is_needed(self, members, signed, key, monkeypatch, tmp_path):
        monkeypatch.setenv(KEY_VARIABLE, key)
        with pytest.raises(CommandError, match="at least 32"):
            call_command("points_checkpoint", str(tmp_path / "other.jsonl"))
        with pytest.raises(CommandError, match="at least 32"):
            against(signed)

    def test_is_never_overwritten(self, signed):
        before = signed.read_bytes()
        with pytest.raises(CommandError, match="never overwritten"):
            call_command("points_checkpoint", str(signed))
        assert signed.read_bytes() == before
        assert [path.name for path in signed.parent.iterdir()] == [signed.name]

    def test_one_that_is_not_there_is_missed(self, members, tmp_path):
        with pytest.raises(CommandError, match="There is no checkpoint"):
            against(tmp_path / "nowhere.jsonl")

    def test_a_storage_keeps_it(self, members, settings, tmp_path):
        settings.STORAGES = {
            **settings.STORAGES,
            "proof": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": tmp_path / "vault"},
            },
        }
        call_command("points_checkpoint", "one", storage="proof", stdout=StringIO())
        call_command("points_checkpoint", "two", storage="proof", after="one", stdout=StringIO())
        assert "Every book" in against("two", storage="proof")
        with pytest.raises(CommandError, match="elsewhere"):
            against("two", storage="elsewhere")

    def test_it_names_nobody_and_nothing_they_did(self, signed, members):
        text = signed.read_text()
        for word in ("thanks", "q:1", members[0].username, "quiz_completed"):
            assert word not in text

    def test_of_another_database_is_refused(self, signed, monkeypatch):
        with checkpoints.read(signed.read_bytes().splitlines(keepends=True)) as found:
            found.head = found.head._replace(database="another")
            from thrive_points.ledger.verification import against as prove

            with pytest.raises(checkpoints.InvalidCheckpoint, match="kind of database is another"):
                list(prove(found))
