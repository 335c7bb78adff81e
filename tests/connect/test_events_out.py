"""News is queued with the entry, and delivered in order, at least once."""

import datetime as dt
from dataclasses import replace

import pytest
import time_machine
from django.db import transaction

from thrive_circles.forming import assign_circles
from thrive_connect import relay as relaying
from thrive_connect.models import Delivery, Listener, Outgoing, SiteNews
from thrive_connect.relay import BACKOFF, relay, send_again
from thrive_connect.webhooks import Undelivered, rotate, target_of
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.revisions import publish
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2025, 3, 19, 15, 0, tzinfo=dt.UTC)


def award(user, key, activity="quiz_completed", when=None):
    return PointsService.award_points(user, activity, {"event_key": key}, occurred_at=when)


def queued():
    return list(
        Outgoing.objects.order_by("user_id", "number", "kind").values_list("number", "kind")
    )


class TestQueue:
    def test_holds_nothing_that_nobody_listens_to(self, user, listen):
        listen("entry.adjusted")
        listen("entry.recorded", enabled=False)
        award(user, "quiz:1")
        assert queued() == []

    def test_is_written_with_the_entry_and_lost_with_it(self, user, listen):
        listen("entry.recorded")
        with transaction.atomic():
            award(user, "quiz:1")
            assert queued() == [(1, "entry.recorded")]
            transaction.set_rollback(True)
        assert queued() == []

    def test_of_batches_reversals_adjustments_and_what_follows(self, user, listen):
        listen(
            "entry.recorded", "entry.reversed", "entry.adjusted", "goal.reached", "streak.reached"
        )
        PointsService.award_many(
            {"user": user, "activity_type": "feedback_given", "metadata": {"event_key": f"f:{n}"}}
            for n in range(5)
        )
        PointsService.reverse(user, "f:0", "A mistake")
        PointsService.adjust(user, 7, "A present")
        kinds = [kind for _, kind in queued()]
        assert kinds.count("entry.recorded") == 6
        assert kinds.count("goal.reached") == 1
        assert kinds[-2:] == ["entry.reversed", "entry.adjusted"]

    def test_holds_published_rules(self, user, listen):
        listen("rule.published")
        rule = replace(POINT_RULES["quiz_completed"], base_points=22)
        publish("quiz_completed", rule, reason="More")
        assert [news.subject for news in SiteNews.objects.all()] == ["quiz_completed r1"]

    def test_holds_the_circles_that_were_formed(self, make_user, listen, receiver):
        listen("circle.formed")
        for _ in range(6):
            award(make_user(), "quiz:1")
        today = dt.datetime.now(dt.UTC).date()
        assign_circles(today - dt.timedelta(days=today.weekday()) + dt.timedelta(days=7))
        assert relay().delivered == 1
        assert receiver.got[0]["data"]["members"] == 6


class TestDelivery:
    def test_in_the_order_of_the_entries(self, make_user, listen, receiver):
        user, other_user = make_user(), make_user()
        listen("entry.recorded")
        for n in range(5):
            award(user, f"quiz:{n}")
            award(other_user, f"quiz:{n}")
        assert relay().delivered == 10
        for member in (user, other_user):
            numbers = [
                body["data"]["number"]
                for body in receiver.got
                if body["data"]["member"] == str(member.pk)
            ]
            assert numbers == [1, 2, 3, 4, 5]
        assert queued() == []

    def test_carries_arithmetic_revision_and_the_total_of_that_time(self, user, listen, receiver):
        listen("entry.recorded")
        award(user, "quiz:1")
        award(user, "quiz:2")
        relay()
        first = receiver.got[0]
        assert first["type"] == "entry.recorded"
        assert first["data"]["points"] == 20
        assert first["data"]["total_points"] == 20
        assert first["data"]["arithmetic"] == [
            ["base", 20, None],
            ["today", 1, 10],
            ["final", 20, None],
        ]
        assert first["data"]["rule_revision"]
        assert "metadata" not in first["data"]

    def test_of_a_level_only_when_it_changed(self, user, listen, receiver):
        listen("level.changed")
        for n in range(5):
            award(user, f"quiz:{n}")
        counts = relay()
        assert (counts.delivered, counts.nothing_to_tell) == (1, 4)
        assert (receiver.got[0]["data"]["level_before"], receiver.got[0]["data"]["level"]) == (1, 2)

    def test_waits_longer_after_each_failure_and_keeps_the_order(self, user, listen, receiver):
        listen("entry.recorded")
        receiver.answer = lambda: 500
        award(user, "quiz:1")
        award(user, "quiz:2")
        assert relay().failed == 1
        assert relay().failed == 0
        head = Outgoing.objects.get(number=1)
        assert (head.attempts, head.error) == (1, "answered 500")
        receiver.answer = lambda: 200
        with time_machine.travel(dt.datetime.now(dt.UTC) + BACKOFF[0]):
            assert relay().delivered == 2
        assert [body["data"]["number"] for body in receiver.got] == [1, 2]
        assert list(
            Delivery.objects.order_by("at").values_list("number", "delivered", "answer")
        ) == [(1, False, "answered 500"), (1, True, ""), (2, True, "")]

    def test_gives_up_after_three_days_and_starts_again_when_asked(self, user, listen, receiver):
        listen("entry.recorded")
        receiver.answer = lambda: 503
        award(user, "quiz:1")
        began = dt.datetime.now(dt.UTC)
        now = began
        for wait in (dt.timedelta(), *BACKOFF):
            now += wait
            with time_machine.travel(now, tick=False):
                counts = relay()
        assert counts.dead == 1
        assert dt.timedelta(days=3) < now - began < dt.timedelta(days=4)
        # What comes later is not held up by what was given up.
        receiver.answer = lambda: 200
        with time_machine.travel(now + dt.timedelta(seconds=1), tick=False):
            award(user, "quiz:2")
            assert relay().delivered == 1
            send_again(Outgoing.objects.get(number=1))
            assert relay().delivered == 1
        assert [body["data"]["number"] for body in receiver.got] == [2, 1]

    def test_a_receiver_that_is_gone_is_turned_off(self, user, listen, receiver):
        listener = listen("entry.recorded")
        receiver.answer = lambda: 410
        award(user, "quiz:1")
        relay()
        assert not Listener.objects.get(pk=listener.pk).enabled

    def test_a_relay_that_was_killed_leaves_it_to_the_next(
        self, user, listen, receiver, monkeypatch
    ):
        listen("entry.recorded")
        award(user, "quiz:1")

        class Killed(BaseException):
            pass

        def die(*_):
            raise Killed

        with monkeypatch.context() as patched:
            patched.setattr(relaying, "_attempt", die)
            with pytest.raises(Killed):
                relay()
        assert relay().delivered == 0
        with time_machine.travel(dt.datetime.now(dt.UTC) + relaying.LEASE):
            assert relay().delivered == 1

    def test_a_redirect_is_no_answer(self, user, listen, receiver):
        listen("entry.recorded")
        receiver.answer = lambda: 302
        award(user, "quiz:1")
        assert relay().failed == 1

    def test_an_answer_by_drops_takes_no_longer_than_allowed(
        self, user, listen, receiver, monkeypatch
    ):
        monkeypatch.setattr("thrive_connect.webhooks.TIMEOUT", 1)
        listen("entry.recorded")
        receiver.drip = 0.2
        award(user, "quiz:1")
        began = dt.datetime.now(dt.UTC)
        relay()
        assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=8)

    def test_two_secrets_sign_while_one_is_changed(self, user, listen, receiver):
        listener = listen("entry.recorded")
        receiver.secrets += (rotate(listener),)
        award(user, "quiz:1")
        assert relay().delivered == 1
        assert receiver.refused == 0

    def test_a_forged_message_would_be_refused(self, user, listen, receiver):
        listener = listen("entry.recorded")
        listener.secret = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA=="
        listener.save()
        award(user, "quiz:1")
        assert relay().failed == 1
        assert receiver.refused == 1


HEARD = []


def hear(message):
    if not HEARD:
        HEARD.append("failed")
        raise RuntimeError("not now")
    HEARD.append(message.number)


class TestHandler:
    def test_a_function_of_the_site_hears_it_too_at_least_once(self, user):
        HEARD.clear()
        Listener.objects.create(name="own", handler=f"{__name__}.hear", kinds=["entry.recorded"])
        award(user, "quiz:1")
        assert relay().failed == 1
        with time_machine.travel(dt.datetime.now(dt.UTC) + BACKOFF[0]):
            assert relay().delivered == 1
        assert HEARD == ["failed", 1]


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://224.0.0.1/",
            "https://0.0.0.0/",
            "https://2130706433/",
            "http://127.1/",
        ],
    )
    def test_within_the_sites_own_network_are_refused(self, url):
        with pytest.raises(Undelivered):
            target_of(url)

    @pytest.mark.parametrize(
        "url",
        ["ftp://8.8.8.8/", "https://", "https://user@8.8.8.8/", "https://8.8.8.8:99999/", "x"],
    )
    def test_that_are_none_are_refused(self, url):
        with pytest.raises(Undelivered):
            target_of(url)

    def test_without_encryption_are_refused_outside(self):
        with pytest.raises(Undelivered, match="https"):
            target_of("http://8.8.8.8/")
        assert target_of("https://8.8.8.8/hook?x=1").path == "/hook?x=1"
