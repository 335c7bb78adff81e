"""Old points come in as if they had been earned then, once, and whatever is odd is refused."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.migrations.state import ProjectState

from tests.stores.books import assert_books_agree, assert_law_holds, entries
from thrive_points import selectors
from thrive_points.exceptions import InvalidImport, InvalidUser
from thrive_points.ledger import importing
from thrive_points.models import PointsHistory, UserThriveProfile
from thrive_points.rules.current import rulebook
from thrive_points.rules.registry import POINT_RULES
from thrive_points.services import PointsService
from thrive_points.signals import points_recorded
from thrive_points.whatif.comparison import Comparison
from thrive_points.whatif.ledger import by_member
from thrive_points.whatif.replay import Plan, Replay

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 11, 12, tzinfo=UTC)  # a Wednesday
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def row(user, key, points=20, ago=400, activity="quiz_completed", **more):
    """Return a row of so many days ago."""
    return {
        "user": user,
        "activity_type": activity,
        "points": points,
        "occurred_at": NOW - ago * DAY,
        "event_key": key,
        **more,
    }


def bring(*rows, **options):
    report = PointsService.import_history(rows, **options)
    assert_books_agree()
    return report.imported, report.duplicates, len(report.refused)


def test_points_stay_what_they_were_without_caps_and_rules(make_user):
    """Thirty quizzes of one day are worth what they were worth, far over today's cap."""
    member = make_user()
    assert bring(*(row(member, f"old:{n}", 12) for n in range(30))) == (30, 0, 0)
    assert selectors.balance(member) == 360
    assert_law_holds(member)
    assert {*entries(member)} == {("quiz_completed", "imported", 12)}
    entry = PointsHistory.objects.filter(user=member).first()
    assert entry.occurred_at == NOW - 400 * DAY
    assert entry.recorded_at == NOW
    assert entry.rule_revision == ""


def test_an_opening_balance_is_of_its_instant_and_of_no_week_since(make_user):
    member = make_user()
    bring(row(member, "opening", 3_000, activity="adjustment", note="from the old site"))
    fresh = type(member).objects.get(pk=member.pk)
    assert (fresh.total_points, fresh.level) == (3_000, 7)
    assert fresh.thrive_profile.weekly_xp == 0
    entry = PointsHistory.objects.get(user=member)
    assert entry.explanation == "+3000 for adjustment, brought along: from the old site"
    assert entry.awards == 0


def test_days_are_the_members_own(make_user):
    member = make_user("Pacific/Auckland")
    bring(row(member, "old:1", ago=40))
    assert PointsHistory.objects.get(user=member).day == (NOW - 39 * DAY).date()


def test_this_week_counts_and_earlier_weeks_do_not(make_user):
    member = make_user()
    bring(row(member, "a", 5, ago=9), row(member, "b", 7, ago=1), row(member, "c", 11, ago=2))
    assert UserThriveProfile.objects.get(pk=member.pk).weekly_xp == 18


def test_streaks_go_on_from_what_came_along(make_user):
    """Six days came along, the seventh is lived here and reaches the mark."""
    member = make_user()
    bring(*(row(member, f"l:{ago}", 5, ago, "daily_login") for ago in (3, 1, 6, 2, 5, 4)))
    result = PointsService.award_points(member, "daily_login", {"event_key": "today"})
    assert [also.activity_type for also in result.also_earned] == ["week_streak"]
    assert_books_agree()


def test_days_before_and_between_known_ones_join_them(make_user):
    member = make_user()
    for ago in (8, 5, 0):
        PointsService.award_points(
            member, "daily_login", {"event_key": f"lived:{ago}"}, occurred_at=NOW - ago * DAY
        )
    bring(*(row(member, f"old:{ago}", 5, ago, "daily_login") for ago in (7, 6, 4, 3, 2, 1)))
    runs = UserThriveProfile.objects.get(pk=member.pk).streaks
    assert 9 in {run[2] for run in runs.values()}, runs


def test_the_same_rows_twice_change_nothing(make_user, monkeypatch):
    members = [make_user() for _ in range(3)]
    rows = [row(member, f"old:{n}", n, ago=n) for n in range(1, 9) for member in members]
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 5)
    assert bring(*rows) == (24, 0, 0)
    before = list(PointsHistory.objects.order_by("pk").values())
    assert bring(*rows) == (0, 24, 0)
    assert bring(*rows, *rows) == (0, 48, 0)
    assert list(PointsHistory.objects.order_by("pk").values()) == before
    assert bring(*rows, row(members[0], "one more")) == (1, 24, 0)
    assert_law_holds(members[0])


def test_a_member_may_be_an_object_or_a_key(make_user):
    member = make_user()
    assert bring(row(member, "a"), row(member.pk, "b"), row(str(member.pk), "c")) == (3, 0, 0)


def test_signals_are_silent_unless_asked_for(make_user, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, user, result, **_):
        heard.append((user, result.outcome.value, result.points_awarded, result.total_points))

    member = make_user()
    points_recorded.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            bring(row(member, "a"))
        assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            bring(row(member, "a"), row(member, "b", 7), announce=True)
    finally:
        points_recorded.disconnect(listen)
    assert heard == [(member, "imported", 7, 27)]


def test_an_imported_entry_is_reversed_like_any_other(make_user):
    member = make_user()
    bring(row(member, "a", 30))
    assert PointsService.reverse(member, "a", "a mistake of the old site").points_awarded == -30
    assert selectors.balance(member) == 0
    assert_books_agree()


REFUSED = {
    "no member": ({"user": None}, "it has no user"),
    "nobody": ({"user": 99_999_999}, "there is no such member"),
    "no key of a member": ({"user": "somebody"}, "is no key of"),
    "a list of members": ({"user": [1]}, "is no key of"),
    "points in part": ({"points": 1.5}, "points is 1.5; a whole number is needed"),
    "points in words": ({"points": "12"}, "points is '12'; a whole number is needed"),
    "yes for points": ({"points": True}, "a whole number is needed"),
    "too many points": ({"points": 10**10}, "at most 1,000,000,000 either way"),
    "the future": ({"occurred_at": NOW + DAY}, "allowed is 1970 up to now"),
    "no zone": ({"occurred_at": datetime(2020, 1, 1)}, "an aware datetime is needed"),
    "no rule": ({"activity_type": "quiz_compleeted"}, "did you mean quiz_completed?"),
    "no key": ({"event_key": ""}, "it has no event_key"),
    "a reserved key": ({"event_key": "~mine"}, "is reserved"),
    "odd metadata": ({"metadata": ["x"]}, "metadata is a list"),
    "a long note": ({"note": "x" * 301}, "up to 300 characters"),
    "another field": ({"colour": "red"}, r"it has \['colour'\]"),
}


@pytest.mark.parametrize(("change", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_odd_row_is_refused_with_line_and_reason(make_user, change, reason):
    member = make_user()
    rows = [row(member, "a"), {**row(member, "b"), **change}, row(member, "c")]
    with pytest.raises(InvalidImport, match=f"line 2: .*{reason}") as error:
        PointsService.import_history(rows)
    assert [one.line for one in error.value.refused] == [2]
    assert not PointsHistory.objects.exists()
    assert bring(*rows, skip_refused=True) == (2, 0, 1)


def test_a_key_that_is_something_else_is_refused(make_user):
    member = make_user()
    PointsService.award_points(member, "quiz_completed", {"event_key": "lived"})
    bring(row(member, "known"))
    rows = [
        row(member, "lived"),
        row(member, "known", 21),
        row(member, "twice"),
        row(member, "twice", 21),
        row(member, "twice"),
    ]
    report = PointsService.import_history(rows, skip_refused=True)
    assert (report.imported, report.duplicates) == (1, 1)
    assert [(one.line, one.reason) for one in report.refused] == [
        (1, "its event_key is used by entry 1 of the member, awarded +20 for quiz_completed"),
        (2, "its event_key is used by entry 2 of the member, imported +20 for quiz_completed"),
        (4, "its event_key is that of line 3, which says something else"),
    ]


def test_far_too_many_refused_end_it(make_user, monkeypatch):
    monkeypatch.setattr(importing, "MOST_REFUSED", 3)
    monkeypatch.setattr(importing, "ROWS_AT_ONCE", 2)
    with pytest.raises(InvalidImport, match="more than 3 rows are refused"):
        PointsService.import_history([{}] * 9, skip_refused=True)


def test_a_migrations_model_gets_a_clear_error(user):
    from django.apps import apps

    historical = ProjectState.from_apps(apps).apps.get_model(type(user)._meta.label)
    old = historical.objects.get(pk=user.pk)
    with pytest.raises(InvalidUser, match="historical model of a migration"):
        PointsService.award_points(old, "quiz_completed")
    with pytest.raises(InvalidImport, match="historical model of a migration"):
        PointsService.import_history([row(old, "a")])
    assert bring(row(old.pk, "a")) == (1, 0, 0)


class TestCommand:
    """points_import."""

    @pytest.fixture
    def rows(self, make_user):
        ada, ben = make_user(), make_user()
        return [
            row(ada.username, "a", 12, note="the old quiz", metadata={"score": 3}),
            row(ben.username, "b", -2, activity="adjustment"),
        ]

    def _csv(self, path, rows):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, importing.FIELDS)
            writer.writeheader()
            for one in rows:
                metadata = json.dumps(one["metadata"]) if "metadata" in one else ""
                writer.writerow({**one, "metadata": metadata})
        return path

    def _jsonl(self, path, rows):
        path.write_text("".join(json.dumps(one, default=str) + "\n" for one in rows))
        return path

    def _run(self, path, **options):
        out, err = StringIO(), StringIO()
        options = {"user_field": "username", **options}
        try:
            call_command("points_import", str(path), stdout=out, stderr=err, **options)
        except CommandError as error:
            return err.getvalue() + str(error)
        return err.getvalue() + out.getvalue()

    @pytest.mark.parametrize("kind", ["csv", "jsonl"])
    def test_reads_both_kinds_of_file(self, rows, tmp_path, kind):
        path = getattr(self, f"_{kind}")(tmp_path / f"old.{kind}", rows)
        assert "Would import 2 entries; 0 were there" in self._run(path, dry_run=True)
        assert not PointsHistory.objects.exists()
        assert "Imported 2 entries; 0 were there before; 0 refused." in self._run(path)
        assert "Imported 0 entries; 2 were there before" in self._run(path)
        first = PointsHistory.objects.get(event_key="a")
        assert (first.points, first.description) == (12, "the old quiz")
        assert first.metadata == {"score": 3}
        assert PointsHistory.objects.get(event_key="b").points == -2
        assert_books_agree()

    @pytest.mark.parametrize("kind", ["csv", "jsonl"])
    def test_names_every_refused_line(self, rows, tmp_path, kind):
        odd = [
            {**rows[0], "points": 1.5, "event_key": "c"},
            {**rows[0], "occurred_at": "yesterday", "event_key": "d"},
            {**rows[0], "user": "nobody", "event_key": "e"},
            {**rows[0], "user": "", "event_key": "f"},
        ]
        path = getattr(self, f"_{kind}")(tmp_path / f"old.{kind}", rows + odd)
        report = tmp_path / "refused.csv"
        said = self._run(path)
        first = 4 if kind == "csv" else 3
        assert f"line {first}: points is " in said
        assert f"line {first + 1}: occurred_at is 'yesterday'" in said
        assert f"line {first + 2}: there is no user whose username is 'nobody'" in said
        assert f"line {first + 3}: it has no user" in said
        assert "4 rows are refused, and nothing was imported" in said
        assert not PointsHistory.objects.exists()
        said = self._run(path, skip_refused=True, report=str(report))
        assert "Imported 2 entries; 0 were there before; 4 refused." in said
        assert [line[0] for line in csv.reader(report.open())] == [
            "line",
            *(str(first + n) for n in range(4)),
        ]

    def test_says_what_is_wrong_with_a_file(self, rows, tmp_path):
        path = tmp_path / "old.csv"
        assert "cannot be read" in self._run(path)
        path.write_text("user,colour\n1,red\n")
        assert "The first line names ['colour']" in self._run(path)
        path.write_text("user,points\n1\n")
        assert "line 2: it has not the 2 fields of line 1" in self._run(path)
        path.write_bytes(b"user\n\xff\n")
        assert "is not UTF-8" in self._run(path)
        path.write_text('{"user": 1\n[]\n')
        said = self._run(path, format="jsonl")
        assert "line 1: it is no JSON" in said
        assert "line 2: it is a list; a mapping is needed" in said
        path = self._csv(path, rows)
        said = self._run(self._csv(path, [{**rows[0], "user": "UTC"}]), user_field="timezone")
        assert "there are 2 users whose timezone is 'UTC'" in said
        assert "no field named 'nickname'" in self._run(path, user_field="nickname")


def test_a_replay_takes_it_as_it_stands(make_user):
    """Today's rule would pay 20 and refuse the eleventh of a day; a draft changes it neither."""
    member = make_user()
    bring(*(row(member, f"old:{n}", 12, ago=3) for n in range(15)))
    for ago in (2, 1):
        PointsService.award_points(
            member, "quiz_completed", {"event_key": f"q:{ago}"}, occurred_at=NOW - ago * DAY
        )
    draft = {"quiz_completed": replace(POINT_RULES["quiz_completed"], base_points=25)}
    since, until = (NOW - 9 * DAY).date(), NOW.date()
    plan = Plan(book=rulebook(), draft=draft, since=since, until=until)
    ((user_id, rows),) = by_member(PointsHistory.objects.filter(user=member))
    replayed = Replay(user_id, plan, Comparison(since=since, until=until)).run(rows)
    assert replayed == selectors.balance(member) + 2 * 5
