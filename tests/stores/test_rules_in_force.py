"""What is in force: layers, withdrawals, what cannot be read, late commits, scopes, new names."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from thrive_points.core.rule import Modifier
from thrive_points.exceptions import InvalidRule, UnknownActivityType
from thrive_points.models import PointRule, PointsHistory, RuleWithdrawal
from thrive_points.rules import current
from thrive_points.rules.changelog import History, changes_of
from thrive_points.rules.current import rulebook
from thrive_points.rules.definitions import to_definition
from thrive_points.rules.experiments import Arm, start
from thrive_points.rules.files import InvalidRuleFile, to_json, to_toml
from thrive_points.rules.import_export import changes, exported, publish_all, read_entries
from thrive_points.rules.publishing import TOO_LATE
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import (
    Draft,
    preview,
    preview_revert,
    preview_withdrawal,
    publish,
    revert,
    withdraw,
)
from thrive_points.selectors import Bucket, activities, by_category, history
from thrive_points.services import PointsService

QUIZ, TUTORIAL = "quiz_completed", "tutorial_completed"
RULE = POINT_RULES[QUIZ]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _at_once(settings: Any) -> Iterator[None]:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, "RULES_REFRESH_SECONDS": 0}
    yield
    current.forget()


def configured(settings: Any, **changes: Any) -> None:
    settings.THRIVE_POINTS = {**settings.THRIVE_POINTS, **changes}


def paying(points: int) -> Any:
    return replace(RULE, base_points=points)


def paid(instant: Any = None, members: Any = range(200)) -> set[int]:
    book, instant = rulebook(), instant or timezone.now()
    return {book.resolve(QUIZ, instant, member).base_points for member in members}


def states() -> dict[str, str]:
    return {change.version: change.state.value for change in changes_of(QUIZ)}


class TestLayers:
    def test_a_campaign_lies_over_a_base_published_after_it(self) -> None:
        december = timezone.now() + 10 * DAY
        campaign = {"effective_from": december, "effective_until": december + 20 * DAY}
        publish(QUIZ, paying(30), reason="December.", **campaign)
        said = preview(Draft(activity_type=QUIZ, rule=paying(22)))
        assert [effect.kind for effect in said] == ["displaces", "beneath", "displaces"]
        assert "takes the place of the rule in code from" in str(said[0])
        assert str(said[1]).startswith("lies beneath r1 for everybody from")
        publish(QUIZ, paying(22), reason="For good.")
        assert (paid(), paid(december), paid(december + 21 * DAY)) == ({22}, {30}, {22})
        assert states() == {"r1": "scheduled", "r2": "in force"}

    def test_a_rollout_lies_over_a_base_published_after_it(self) -> None:
        publish(QUIZ, paying(15), reason="Half.", share=50)
        publish(QUIZ, paying(12), reason="Everybody.")
        assert paid() == {12, 15}

    def test_an_import_during_an_experiment_says_that_it_changes_nothing(
        self, tmp_path: Path
    ) -> None:
        arms = [Arm(name="a", share=50, rule=RULE), Arm(name="b", share=50, rule=paying(25))]
        row = start(QUIZ, arms, name="x", reason="x", ends_at=timezone.now() + DAY)
        path = tmp_path / "rules.toml"
        path.write_text(to_toml([{"activity_type": QUIZ, **to_definition(paying(12))}]))
        (change,) = changes(path, read_entries(path))
        (taken, beneath) = sorted(change.effects, key=lambda effect: effect.kind, reverse=True)
        assert beneath.name == f"x{row.pk}"
        assert (beneath.share, beneath.ends) == (100, row.ends_at)
        assert taken.starts == row.ends_at, "the code decides again only then, and would have"
        publish_all([change], reason="Emergency.")
        assert paid() == {20, 25}
        assert states() == {"r1": "scheduled"}
        assert changes_of(QUIZ)[0].decides_from == row.ends_at

    def test_a_rollout_is_over_once_everybody_has_its_rule(self) -> None:
        publish(QUIZ, paying(15), reason="1", share=10)
        publish(QUIZ, paying(15), reason="2", share=50)
        publish(QUIZ, paying(15), reason="3")
        publish(QUIZ, paying(18), reason="4")
        assert paid() == {18}
        assert states() == {
            "r1": "withdrawn", "r2": "withdrawn", "r3": "replaced", "r4": "in force"
        }  # fmt: skip

    def test_the_next_rollout_has_other_members_and_takes_the_place_of_the_first(self) -> None:
        def members(points: int) -> set[int]:
            book, now = rulebook(), timezone.now()
            return {n for n in range(3000) if book.resolve(QUIZ, now, n).base_points == points}

        publish(QUIZ, paying(15), reason="First.", share=10)
        first = members(15)
        said = preview(Draft(activity_type=QUIZ, rule=paying(25), share=10))
        assert [(one.kind, one.name) for one in said] == [("displaces", "r1")]
        publish(QUIZ, paying(25), reason="Second.", share=10)
        second = members(25)
        assert members(15) == set()
        assert len(first & second) / len(first) < 0.25
        publish(QUIZ, paying(25), reason="More.", share=30)
        assert second < members(25)

    def test_what_was_scheduled_and_never_begins_is_said_first(self) -> None:
        publish(QUIZ, paying(30), reason="Soon.", effective_from=timezone.now() + DAY)
        (code, scheduled) = preview(Draft(activity_type=QUIZ, rule=paying(22)))
        assert not code.surprises
        assert scheduled.surprises
        assert "takes the place of r1, which was to begin" in str(scheduled)


class TestWithdrawal:
    def test_takes_back_what_is_scheduled_and_what_is_in_force(self) -> None:
        publish(QUIZ, paying(22), reason="1")
        soon = timezone.now() + HOUR
        publish(QUIZ, paying(24), reason="2", effective_from=soon)
        ended, back = preview_withdrawal(QUIZ, 2)
        assert str(ended).startswith("ends r2, which was to begin")
        assert (back.kind, back.name, back.starts) == ("restores", "r1", soon)
        withdraw(QUIZ, 2, reason="Not now.")
        assert states() == {"r1": "in force", "r2": "withdrawn"}
        assert paid(soon) == {22}
        withdraw(QUIZ, 1, reason="Nor this.")
        assert paid() == {20}
        whats = [line.what for line in History()[:2]]
        assert whats == ["withdraws r1", "withdraws r2"]

    def test_takes_back_a_rollout_with_all_its_steps(self) -> None:
        publish(QUIZ, paying(15), reason="1", share=10)
        publish(QUIZ, paying(15), reason="2", share=50)
        rows = withdraw(QUIZ, 2, reason="Bad idea.")
        assert [row.revision.revision for row in rows] == [1, 2]
        assert paid() == {20}

    def test_refuses_what_is_not_there_to_be_taken_back(self) -> None:
        publish(QUIZ, paying(22), reason="1")
        publish(QUIZ, paying(24), reason="2")
        for number, told in ((1, "r1 of quiz_completed is replaced"), (7, "r7 .* does not exist")):
            with pytest.raises(InvalidRule, match=told) as refused:
                withdraw(QUIZ, number, reason="?")
            assert (refused.value.field, refused.value.allowed) == ("revision", ["r2"])
        withdraw(QUIZ, 2, reason="Back.")
        with pytest.raises(InvalidRule, match="is withdrawn"):
            withdraw(QUIZ, 2, reason="Again.")

    def test_cannot_be_changed_or_deleted(self) -> None:
        publish(QUIZ, paying(22), reason="1")
        withdraw(QUIZ, 1, reason="Back.")
        table = RuleWithdrawal._meta.db_table
        for statement in (f"UPDATE {table} SET reason = 'x'", f"DELETE FROM {table}"):
            with (
                pytest.raises(DatabaseError, match="immutable"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)

    def test_going_back_takes_what_is_in_force_along_and_leaves_what_is_scheduled(self) -> None:
        publish(QUIZ, paying(15), reason="Try.", share=50)
        publish(QUIZ, paying(30), reason="Now.", effective_until=timezone.now() + DAY)
        later = timezone.now() + 2 * DAY
        publish(
            QUIZ, paying(28), reason="Later.", effective_from=later, effective_until=later + DAY
        )
        said = preview_revert(QUIZ, None)
        assert [one.name for one in said if one.kind == "displaces"][:2] == ["r1", "r2"]
        assert [one.name for one in said if one.kind == "beneath"] == ["r3"]
        revert(QUIZ, None, reason="Stop it all.")
        assert (paid(), paid(later)) == ({20}, {28})


class TestUnreadable:
    @pytest.fixture(autouse=True)
    def _published_by_newer_code(self, settings: Any) -> None:
        luck = Modifier(name="luck", factor=lambda _: Fraction(1), lowest=1, highest=1)
        before = settings.THRIVE_POINTS
        rules = {**POINT_RULES, QUIZ: replace(RULE, modifiers=(luck,))}
        configured(settings, RULES=rules)
        publish(QUIZ, paying(22), reason="Readable.")
        publish(QUIZ, replace(paying(25), modifiers=(luck,)), reason="Luck.")
        settings.THRIVE_POINTS = before

    def test_harms_its_own_activity_alone_and_raises_the_alarm(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        user = get_user_model().objects.create_user("ada")
        with caplog.at_level(logging.ERROR, "thrive_points.rules"):
            events = [{"user": user, "activity_type": name} for name in (QUIZ, TUTORIAL)]
            results = PointsService.award_many(events)
        assert [(one.points_awarded, one.rule_revision[:2]) for one in results] == [
            (22, "r1"), (10, "co")
        ]  # fmt: skip
        assert "quiz_completed r2 cannot be read by this process" in caplog.text
        assert "modifier 'luck' is unknown" in caplog.text
        found = run_checks(tags=["database"], databases=["default"])
        assert [one.id for one in found if "r2" in one.msg] == ["thrive_points.E108"]

    def test_leaves_listing_history_import_and_repair_at_work(self, tmp_path: Path) -> None:
        assert states() == {"r1": "in force", "r2": "unreadable"}
        assert len(History()[:10]) == 2
        path = tmp_path / "rules.toml"
        path.write_text(to_toml(exported([QUIZ])))
        assert changes(path, read_entries(path)) == []
        revert(QUIZ, 1, reason="Repair.")
        assert states() == {"r1": "replaced", "r2": "replaced", "r3": "in force"}
        found = run_checks(tags=["database"], databases=["default"])
        assert [one.id for one in found if "r2" in one.msg] == ["thrive_points.W103"]

    def test_can_be_withdrawn(self) -> None:
        withdraw(QUIZ, 2, reason="Nobody can read it.")
        assert states() == {"r1": "in force", "r2": "withdrawn"}
        with pytest.raises(InvalidRule, match="modifier 'luck' is unknown"):
            revert(QUIZ, 2, reason="It cannot come back here.")


def publish_for(seconds: float) -> None:
    """Publish in a transaction that goes on afterwards."""
    with transaction.atomic():
        publish(QUIZ, paying(25), reason="Slow.")
        time.sleep(seconds)


def publish_and_fail(user: Any) -> None:
    """Publish in a transaction that awards, and is rolled back."""
    with transaction.atomic():
        publish(QUIZ, paying(25), reason="Not after all.")
        assert PointsService.award_points(user, TUTORIAL).points_awarded == 10
        raise RuntimeError("not after all")


class TestCommit:
    """A revision is in force from an instant after its commit, never before."""

    @committing
    def test_a_transaction_that_ends_too_late_publishes_nothing(self, settings: Any) -> None:
        configured(settings, RULES_REFRESH_SECONDS=0.2)
        with pytest.raises((DatabaseError, InvalidRule)):
            publish_for(1.3)
        current.forget()
        assert paid(timezone.now() + HOUR) == paid() == {20}
        if connection.vendor == "postgresql":
            assert not PointRule.objects.exists()
        else:
            row = PointRule.objects.get()
            assert row.withdrawal.effective_from == row.effective_from

    @committing
    def test_a_transaction_that_ends_in_time_publishes(self, settings: Any) -> None:
        configured(settings, RULES_REFRESH_SECONDS=2)
        with transaction.atomic():
            row = publish(QUIZ, paying(25), reason="Quick.")
            # Not even here before it is committed.
            current.forget()
            assert paid(row.effective_from) == {20}
        assert row.effective_from > timezone.now()
        assert paid(row.effective_from) == {25}

    @committing
    def test_a_publish_of_its_own_that_waits_too_long_is_refused(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        configured(settings, RULES_REFRESH_SECONDS=0.2)
        from thrive_points.rules import revisions

        checked = revisions._checked

        def slow(*args: Any) -> Any:
            found = checked(*args)
            time.sleep(1.3)
            return found

        monkeypatch.setattr(revisions, "_checked", slow)
        with pytest.raises(InvalidRule, match=TOO_LATE[:40]):
            publish(QUIZ, paying(25), reason="Slow.")
        assert not PointRule.objects.exists()

    @committing
    def test_one_that_is_rolled_back_decides_no_award(self) -> None:
        user = get_user_model().objects.create_user("ada")
        with pytest.raises(RuntimeError, match="after all"):
            publish_and_fail(user)
        result = PointsService.award_points(user, QUIZ, {"event_key": "quiz:1"})
        assert (result.points_awarded, result.rule_revision[:5]) == (20, "code:")
        publish(QUIZ, paying(26), reason="This time.")
        result = PointsService.award_points(user, QUIZ, {"event_key": "quiz:2"})
        assert (result.points_awarded, result.rule_revision) == (26, "r1")

    def test_processes_ask_again_before_a_change_takes_effect(self, settings: Any) -> None:
        for interval in (0, 0.5, 1, 2, 5, 60):
            configured(settings, RULES_REFRESH_SECONDS=interval)
            left = interval - current.trusted_seconds()
            assert left >= min(1, interval / 2)


def test_a_scope_keeps_what_is_known_of_each_tenant_apart(settings: Any) -> None:
    tenant = ["red"]
    configured(settings, SCOPE=lambda connection: tenant[0], RULES_REFRESH_SECONDS=3600)
    red = rulebook()
    tenant[0] = "blue"
    blue = rulebook()
    assert blue is not red
    assert rulebook() is blue
    tenant[0] = "red"
    assert rulebook() is red


class TestFiles:
    @pytest.mark.parametrize("write", [to_toml, to_json])
    @pytest.mark.parametrize("ends", ["\n", "\r\n"])
    def test_byte_order_mark_and_any_line_end_are_fine(
        self, tmp_path: Path, write: Any, ends: str
    ) -> None:
        path = tmp_path / ("rules.toml" if write is to_toml else "rules.json")
        text = write(exported([QUIZ, TUTORIAL]))
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", ends).encode())
        assert changes(path, read_entries(path)) == []
        lines = text.split("\n")
        (bad,) = [n for n, line in enumerate(lines) if "base_points" in line and "10" in line]
        lines[bad] = lines[bad].replace("10", '"ten"')
        path.write_bytes(b"\xef\xbb\xbf" + ends.join(lines).encode())
        with pytest.raises(InvalidRuleFile, match=f"line {bad + 1}: base_points is 'ten'"):
            read_entries(path)

    @pytest.mark.parametrize(
        ("name", "old", "new", "line"),
        [
            ("rules.json", '"label"', '"base_points": 9,\n"label"', 12),
            ("rules.json", '"rule": [', '"rule": [],\n"rule": [', 3),
            ("rules.toml", "label =", "base_points = 9\nlabel =", 10),
            ("rules.toml", "[[rule]]", "rule = []\n[[rule]]", 2),
        ],
    )
    def test_a_key_or_list_given_twice_is_refused_with_its_line(
        self, tmp_path: Path, name: str, old: str, new: str, line: int
    ) -> None:
        path = tmp_path / name
        entry = {"activity_type": QUIZ, **to_definition(RULE)}
        text = (to_toml if name.endswith("toml") else to_json)([entry])
        path.write_text(text.replace(old, new, 1))
        with pytest.raises(InvalidRuleFile, match=rf"line {line}\b"):
            read_entries(path)

    def test_a_campaign_and_the_base_beneath_it_survive_the_way_to_another_site(
        self, tmp_path: Path
    ) -> None:
        december = timezone.now() + 10 * DAY
        publish(QUIZ, paying(22), reason="Base.")
        publish(QUIZ, paying(24), reason="Base.", effective_from=december + 20 * DAY)
        publish(QUIZ, paying(15), reason="Some.", share=30, effective_from=december)
        publish(
            QUIZ,
            paying(30),
            reason="Campaign.",
            effective_from=december,
            effective_until=december + 20 * DAY,
        )
        path = tmp_path / "rules.toml"
        path.write_text(to_toml(exported([QUIZ])))
        assert changes(path, read_entries(path)) == []
        instants = [timezone.now() + HOUR, december + HOUR, december + 21 * DAY]
        before = [rulebook().layers_at(QUIZ, instant) for instant in instants]
        # Another site: nothing of it is there, and a base is published after the import.
        for number in (4, 3, 2, 1):
            withdraw(QUIZ, number, reason="Another site.")
        publish_all(changes(path, read_entries(path)), reason="From here.")

        def values(layers: Any) -> list[Any]:
            return [(share, to_definition(rule)) for share, rule in layers]

        after = [rulebook().layers_at(QUIZ, instant) for instant in instants]
        assert [values(layers) for layers in after] == [values(layers) for layers in before]
        publish(QUIZ, paying(21), reason="For good.")
        assert rulebook().resolve(QUIZ, december + HOUR).base_points == 30

    def test_an_error_names_the_field(self, tmp_path: Path) -> None:
        path = tmp_path / "rules.toml"
        path.write_text(to_toml([{"activity_type": QUIZ, **to_definition(RULE), "share": 120}]))
        with pytest.raises(InvalidRuleFile) as refused:
            read_entries(path)
        assert refused.value.field == "share"
        with pytest.raises(InvalidRule) as too_much:
            publish(QUIZ, paying(40), reason="Too much.")
        assert too_much.value.field == "base_points"


class TestNames:
    """An activity type that lost its rule, or got another name."""

    def own(self, settings: Any, renamed: Any = None, **rules: Any) -> None:
        configured(settings, RULES={**POINT_RULES, **rules}, RENAMED=renamed or {})
        current.forget()

    def test_a_removed_activity_keeps_its_line_and_its_keys(self, settings: Any, user: Any) -> None:
        self.own(settings, podcast_published=replace(RULE, label="a podcast"))
        events = [
            {"user": user, "activity_type": "podcast_published", "metadata": {"event_key": key}}
            for key in ("p1", "p2")
        ]
        PointsService.award_many(events)
        PointsService.adjust(user, 7, "thanks")
        self.own(settings)
        (first, *_) = history(user)[-1:]
        report = by_category(user, first.day, first.day, Bucket.DAY)
        assert (report.totals["podcast_published"], report.adjustments) == (40, 7)
        assert report.series[0][1]["podcast_published"] == 40
        assert sum(report.by_category.values()) == 0
        assert report.former == {"podcast_published": "Podcast published"}
        assert first.explanation.startswith("20 for a podcast")
        again = PointsService.award_points(user, "podcast_published", {"event_key": "p1"})
        assert (again.outcome, again.points_awarded) == ("duplicate", 0)
        assert [one.outcome for one in PointsService.award_many(events)] == ["duplicate"] * 2
        with pytest.raises(UnknownActivityType) as refused:
            PointsService.award_points(user, "podcast_published", {"event_key": "p3"})
        assert (refused.value.field, refused.value.given) == ("activity_type", "podcast_published")
        assert PointsService.reverse(user, "p1", "wrong").points_awarded == -20

    def test_a_new_name_is_one_declaration(self, settings: Any, user: Any) -> None:
        podcast = replace(RULE, label="a podcast", max_per_day=2)
        self.own(settings, podcast_published=podcast)
        key = {"event_key": "p1"}
        first = PointsService.award_points(user, "podcast_published", key)
        publish("podcast_published", replace(podcast, base_points=25), reason="More.")
        self.own(
            settings,
            {"podcast_published": "podcast_released", "podcast_released": "episode_released"},
            episode_released=podcast,
        )
        for name in ("podcast_published", "podcast_released", "episode_released"):
            assert PointsService.award_points(user, name, key).outcome == "duplicate"
        second = PointsService.award_points(user, "episode_released", {"event_key": "p2"})
        assert (first.points_awarded, second.points_awarded, second.rule_revision) == (20, 25, "r1")
        assert PointsService.award_points(user, "episode_released", {"event_key": "p3"}).capped
        day = history(user)[0].day
        assert by_category(user, day, day, Bucket.NONE).totals[podcast.category] == 45
        assert "episode_released" in [status.activity_type for status in activities(user)]
        assert set(PointsHistory.objects.values_list("activity_type", flat=True)) == {
            "podcast_published"
        }

    @pytest.mark.parametrize(
        ("renamed", "told"),
        [
            ({QUIZ: TUTORIAL}, "still has a rule"),
            ({"old": "nothing"}, "no rule names 'nothing'"),
            ({"old": QUIZ, "older": QUIZ}, "cannot become one"),
            ({"one": "two", "two": "one"}, "in a circle"),
            (["old"], "a mapping of an old name"),
        ],
    )
    def test_what_cannot_be_a_new_name_is_refused(
        self, settings: Any, renamed: Any, told: str
    ) -> None:
        from thrive_points.conf import points_settings

        configured(settings, RENAMED=renamed)
        with pytest.raises(ImproperlyConfigured, match=told):
            points_settings()
