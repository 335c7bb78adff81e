"""The points history in the admin: finding entries, reading a ledger, taking a selection back."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allthrive.accounts.models import User
from tests.stores.books import assert_books_agree
from tests.stores.review_community import award, event, user
from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory
from thrive_points.services import PointsService

pytestmark = pytest.mark.django_db

SEARCH = "/admin/thrive_points/pointseconomy/members/"
NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) - dt.timedelta(days=9)


def staff(*permissions: str) -> Client:
    """Return the client of somebody on the staff with these permissions."""
    person = User.objects.create(username="staff", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(person)
    return client


def moderator() -> Client:
    """Return the client of somebody who may read every ledger and correct it."""
    return staff("view_pointshistory", "correct_points")


def ledger_of(member: User) -> str:
    return reverse("admin:thrive_points_pointseconomy_ledger", args=[member.pk])


def numbers(response: Any) -> list[int]:
    """Return the numbers of the entries on a ledger's page, in its order."""
    return [row.entry.number for row in response.context["rows"]]


def notices(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def bot() -> User:
    """Return a member with entries 1 to 6 of quizzes in one day, and a tutorial six days later."""
    member = user("<bot>")
    award(
        [
            event(member, "quiz_completed", NOON + dt.timedelta(seconds=n), event_key=f"quiz:{n}")
            for n in range(6)
        ]
        + [event(member, "tutorial_completed", NOON + dt.timedelta(days=6), event_key="tutorial")]
    )
    return member


class TestWhoMayRead:
    @pytest.mark.parametrize("permission", ["view_pointshistory", "view_pointseconomy"])
    def test_either_permission_opens_it(self, permission: str, bot: User) -> None:
        client = staff(permission)
        assert client.get(SEARCH).status_code == 200
        assert client.get(ledger_of(bot)).status_code == 200

    def test_other_staff_are_refused(self, bot: User) -> None:
        client = staff("view_pointrule", "view_userthriveprofile", "correct_points")
        for address in (SEARCH, f"{SEARCH}?member=<bot>", ledger_of(bot)):
            assert client.get(address).status_code == 403
        assert client.post(ledger_of(bot), {"entry": [1]}).status_code == 403

    def test_members_are_sent_to_sign_in(self, bot: User) -> None:
        client = Client()
        client.force_login(bot)
        for address in (SEARCH, ledger_of(bot)):
            response = client.get(address)
            assert response.status_code == 302
            assert "/login/" in response["Location"]

    def test_who_may_only_read_gets_no_boxes(self, bot: User) -> None:
        client = staff("view_pointshistory")
        assert 'type="checkbox"' not in client.get(ledger_of(bot)).content.decode()
        answer = client.post(
            ledger_of(bot), {"entry": [1], "confirmed": "yes", "reason": "because"}
        )
        assert answer.status_code == 403
        assert bot.total_points == 130


class TestSearch:
    @pytest.mark.parametrize(
        "name",
        [
            lambda member: member.username,
            lambda member: f" {member.username} ",
            lambda member: str(member.pk),
            lambda member: "BOT@Example.org",
        ],
        ids=["username", "with spaces", "primary key", "e-mail"],
    )
    def test_a_member_is_found(self, name: Callable[[User], str], bot: User) -> None:
        User.objects.filter(pk=bot.pk).update(email="bot@example.org")
        answer = moderator().get(SEARCH, {"member": name(bot)})
        assert answer["Location"] == ledger_of(bot)

    def test_the_rest_of_the_question_goes_along(self, bot: User) -> None:
        client = moderator()
        answer = client.get(SEARCH, {"member": "<bot>", "event_key": "quiz:3", "until": ""})
        assert answer["Location"] == f"{ledger_of(bot)}?event_key=quiz%3A3"
        assert numbers(client.get(answer["Location"])) == [4]
        both = ["quiz_completed", "tutorial_completed"]
        answer = client.get(SEARCH, {"member": "<bot>", "activity": both, "outcome": "awarded"})
        assert numbers(client.get(answer["Location"])) == [7, 6, 5, 4, 3, 2, 1]

    def test_a_filter_that_makes_no_sense_is_refused_at_once(self, bot: User) -> None:
        page = moderator().get(SEARCH, {"member": "<bot>", "activity": "nothing"})
        assert "nothing is not one of the available choices" in page.content.decode()

    def test_those_who_share_an_address_are_listed(self, bot: User) -> None:
        other = user("other")
        User.objects.update(email="family@example.org")
        page = moderator().get(SEARCH, {"member": "family@example.org", "event_key": "quiz:3"})
        assert [member for member, _ in page.context["found"]] == [bot, other]
        for member in (bot, other):
            assert f'href="{ledger_of(member)}?event_key=quiz%3A3"' in page.content.decode()

    def test_a_name_that_is_anothers_key_lists_both(self, bot: User) -> None:
        namesake = user(str(bot.pk))
        page = moderator().get(SEARCH, {"member": str(bot.pk)})
        assert [member for member, _ in page.context["found"]] == [namesake, bot]

    @pytest.mark.parametrize(
        "name", ["<bo", "nobody", "0", "-1", "9" * 30, str(UUID(int=1)), "\x00", "' OR 1=1 --"]
    )
    def test_nobody_is_found_by_anything_else(self, name: str, bot: User) -> None:
        page = moderator().get(SEARCH, {"member": name})
        assert page.status_code == 200
        assert page.context["form"].errors["member"]
        assert page.context["found"] == []

    def test_a_key_needs_its_member_and_the_page_says_so(self, bot: User) -> None:
        page = moderator().get(SEARCH, {"event_key": "quiz:3"})
        assert "Give a member" in page.content.decode()

    def test_before_anything_is_asked_nothing_is_refused(self) -> None:
        client = moderator()
        with CaptureQueriesContext(connection) as asked:
            page = client.get(SEARCH).content.decode()
        assert 'class="error"' not in page
        assert "Member, by username, email address or primary key, in full" in page
        assert not any("pointshistory" in query["sql"] for query in asked)

    def test_the_economy_leads_to_it(self, bot: User) -> None:
        page = staff("view_pointseconomy").get("/admin/thrive_points/pointseconomy/")
        assert f'<form method="get" action="{SEARCH}"' in page.content.decode()
        assert 'name="member"' in page.content.decode()


class TestFilters:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, [7, 6, 5, 4, 3, 2, 1]),
            ({"event_key": "quiz:0"}, [1]),
            ({"event_key": " quiz:0 "}, [1]),
            ({"event_key": "quiz:"}, []),
            ({"activity": "tutorial_completed"}, [7]),
            ({"activity": ["tutorial_completed", "quiz_completed"]}, [7, 6, 5, 4, 3, 2, 1]),
            ({"outcome": "awarded", "event_key": "tutorial"}, [7]),
            ({"outcome": "capped"}, []),
            ({"since": f"{NOON:%Y-%m-%d}", "until": f"{NOON:%Y-%m-%d}"}, [6, 5, 4, 3, 2, 1]),
            ({"since": f"{NOON + dt.timedelta(days=1):%Y-%m-%d}"}, [7]),
            ({"until": f"{NOON - dt.timedelta(days=1):%Y-%m-%d}"}, []),
            ({"before": "3"}, [2, 1]),
            ({"before": "3", "activity": "quiz_completed", "outcome": "awarded"}, [2, 1]),
        ],
    )
    def test_each_narrows_the_entries(self, asked: dict[str, Any], found: list[int], bot: User):
        page = moderator().get(ledger_of(bot), asked)
        assert numbers(page) == found
        assert ("No entries match." in page.content.decode()) == (not found)

    @pytest.mark.parametrize(
        "asked",
        [
            {"since": "nonsense"},
            {"outcome": "duplicate"},
            {"activity": "nothing"},
            {"event_key": "\x00"},
            {"event_key": "x" * 201},
        ],
    )
    def test_what_makes_no_sense_is_refused_and_filters_nothing(
        self, asked: dict[str, str], bot: User
    ) -> None:
        page = moderator().get(ledger_of(bot), asked)
        assert 'class="error"' in page.content.decode()
        assert len(numbers(page)) == 7

    @pytest.mark.parametrize("before", ["", "x", "-3", "1.5", "\x00", "²", "9" * 40])
    def test_a_number_that_is_none_is_the_first_page(self, before: str, bot: User) -> None:
        assert len(numbers(moderator().get(ledger_of(bot), {"before": before}))) == 7

    def test_entries_of_others_stay_out(self, bot: User) -> None:
        other = user("other")
        PointsService.award_points(other, "quiz_completed", {"event_key": "quiz:0"})
        client = moderator()
        assert numbers(client.get(ledger_of(other))) == [1]
        assert numbers(client.get(ledger_of(bot), {"event_key": "quiz:0"})) == [1]


class TestPages:
    def test_a_long_ledger_comes_in_pages_by_number(self) -> None:
        member = user("busy")
        quizzes = [
            event(member, "quiz_completed", NOON + dt.timedelta(seconds=n)) for n in range(130)
        ]
        award([*quizzes, event(member, "tutorial_completed", NOON + dt.timedelta(hours=1))])
        client, asked = moderator(), {"activity": "quiz_completed"}
        first = client.get(ledger_of(member), asked)
        assert numbers(first) == list(range(130, 30, -1))
        assert first.context["newest"] == ""
        second = client.get(ledger_of(member) + first.context["older"])
        assert numbers(second) == list(range(30, 0, -1))
        assert second.context["older"] == ""
        assert numbers(client.get(ledger_of(member) + second.context["newest"])) == numbers(first)

    def test_a_page_costs_the_same_however_long_the_ledger_is(self, bot: User) -> None:
        client = moderator()

        def statements(member: User) -> int:
            with CaptureQueriesContext(connection) as asked:
                client.get(ledger_of(member))
            return len(asked)

        busy = user("busy")
        moments = [NOON + dt.timedelta(minutes=n) for n in range(90)]
        award([event(busy, "quiz_completed", moment) for moment in moments])
        for n in range(40):
            PointsService.adjust(busy, 1, "thanks", actor=user(f"colleague{n}"))
        statements(bot)
        assert statements(busy) == statements(bot)

    def test_entries_lead_to_those_they_belong_to(self) -> None:
        member = user("loyal")
        logins = [event(member, "daily_login", NOON - dt.timedelta(days=n)) for n in range(7)]
        award(logins)
        PointsService.reverse(member, _key(member, 2), "It was a script.")
        streak = PointsHistory.objects.get(user=member, activity_type="week_streak")
        assert (streak.number, streak.cause) == (8, 7)
        client = moderator()
        page = client.get(ledger_of(member)).content.decode()
        for what, number in (("follows from", 7), ("takes back", 2), ("taken back by", 9)):
            address = f"?before={number + 1}#entry-{number}"
            assert f'<a href="{address}">{what} entry {number}</a>' in page
            there = client.get(ledger_of(member) + address.partition("#")[0])
            assert numbers(there)[0] == number
            assert f'id="entry-{number}"' in there.content.decode()

    def test_it_shows_where_the_member_stands(self, bot: User) -> None:
        PointsService.adjust(bot, 1_000, "A prize.")
        page = moderator().get(ledger_of(bot))
        shown = page.content.decode()
        assert "<dt>Total XP</dt><dd><strong>1,130</strong>" in shown
        assert "<dt>Level</dt><dd><strong>5</strong> <span>620 XP to the next" in shown
        assert page.context["progress"].weekly_points >= 1_000

    def test_a_member_without_entries_has_a_page(self) -> None:
        page = moderator().get(ledger_of(user("new"))).content.decode()
        assert "<dt>Total XP</dt><dd><strong>0</strong>" in page
        assert "No entries match." in page

    def test_an_entry_names_who_decided_it_even_when_they_are_gone(self, bot: User) -> None:
        colleague = user("colleague")
        PointsService.adjust(bot, 5, "Well done.", actor=colleague)
        client = moderator()
        assert "<td>colleague</td>" in client.get(ledger_of(bot)).content.decode()
        gone = colleague.pk
        colleague.delete()
        assert f"<td>user {gone}</td>" in client.get(ledger_of(bot)).content.decode()

    @pytest.mark.parametrize("pk", ["999999", "nonsense", "1/2", "%00", "9" * 30])
    def test_a_member_that_is_none_is_not_found(self, pk: str) -> None:
        assert moderator().get(f"{SEARCH}{pk}/").status_code == 404


def _key(member: User, number: int) -> str:
    return PointsHistory.objects.get(user=member, number=number).event_key


def reversals(member: User) -> list[PointsHistory]:
    return list(PointsHistory.objects.filter(user=member, outcome="reversed").order_by("number"))


class TestTakingBack:
    def test_a_selection_goes_for_one_reason_after_a_confirmation(self, bot: User) -> None:
        client = moderator()
        chosen = {"entry": [1, 2, 3, 4, 5, 6]}
        asked = client.post(ledger_of(bot), chosen).content.decode()
        assert "6 entries with <strong>120</strong> points" in asked
        assert reversals(bot) == []

        nothing_said = client.post(ledger_of(bot), {**chosen, "confirmed": "yes", "reason": "  "})
        assert "This field is required." in nothing_said.content.decode()
        assert reversals(bot) == []

        answer = client.post(
            ledger_of(bot), {**chosen, "confirmed": "yes", "reason": "a script"}, follow=True
        )
        assert notices(answer) == [
            "Took back 6 entries and 120 points. <bot> now has 10 points, level 1."
        ]
        assert [entry.reverses for entry in reversals(bot)] == [1, 2, 3, 4, 5, 6]
        assert {entry.description for entry in reversals(bot)} == {"a script"}
        assert {str(entry.actor) for entry in reversals(bot)} == {"staff"}
        assert answer.content.decode().count("Taken back later.") == 6
        assert_books_agree()

    def test_all_go_or_none(self, bot: User, monkeypatch: pytest.MonkeyPatch) -> None:
        from thrive_points.exceptions import InvalidCorrection
        from thrive_points.ledger import reversal

        real, done = reversal.post_reversal, []

        def failing(*args: Any) -> Any:
            done.append(real(*args))
            if len(done) == 3:
                raise InvalidCorrection("the third cannot go")
            return done[-1]

        monkeypatch.setattr(reversal, "post_reversal", failing)
        given = {"entry": [1, 2, 3, 4], "confirmed": "yes", "reason": "a script"}
        page = moderator().post(ledger_of(bot), given).content.decode()
        assert [result.outcome for result in done] == [Outcome.REVERSED] * 3
        assert "the third cannot go" in page
        assert 'value="a script"' in page
        assert reversals(bot) == []
        assert_books_agree()

    def test_the_room_goes_to_what_a_cap_had_refused_unless_it_is_left_empty(self) -> None:
        client = moderator()
        for name, ticked, total in (("gives", {}, 45), ("keeps", {"leave_empty": "on"}, 30)):
            member = user(name)
            moments = [NOON + dt.timedelta(minutes=n) for n in range(4)]
            award([event(member, "project_shared", moment) for moment in moments])
            given = {"entry": [1], "confirmed": "yes", "reason": "a script", **ticked}
            page = client.post(ledger_of(member), given, follow=True)
            assert f"now has {total} points" in notices(page)[0]
            assert ("were paid 15 points with their room" in notices(page)[0]) == (total == 45)

    def test_streaks_and_goals_go_along_where_that_is_ticked(self) -> None:
        member = user("loyal")
        award([event(member, "daily_login", NOON - dt.timedelta(days=n)) for n in range(6, -1, -1)])
        given = {"entry": [7], "confirmed": "yes", "reason": "a script", "with_marks": "on"}
        page = moderator().post(ledger_of(member), given, follow=True)
        assert "Took back 2 entries and 30 points." in notices(page)[0]
        assert_books_agree()

    def test_the_whole_selection_is_one_call_of_the_service(
        self, bot: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = []
        real = PointsService.reverse_many

        def noted(member: User, keys: list[str], *args: Any, **kwargs: Any) -> Any:
            calls.append(keys)
            return real(member, keys, *args, **kwargs)

        monkeypatch.setattr(PointsService, "reverse_many", staticmethod(noted))
        given = {"entry": [3, 1], "confirmed": "yes", "reason": "a script"}
        moderator().post(ledger_of(bot), given)
        assert calls == [["quiz:0", "quiz:2"]]

    def test_what_somebody_else_took_back_meanwhile_is_left_out(self, bot: User) -> None:
        PointsService.reverse(bot, "quiz:0", "the colleague was faster")
        given = {"entry": [1, 2, 3], "confirmed": "yes", "reason": "a script"}
        answer = moderator().post(ledger_of(bot), given, follow=True)
        [told] = notices(answer)
        assert told.startswith("Took back 2 entries and 40 points.")

    def test_sent_twice_it_counts_once(self, bot: User) -> None:
        client = moderator()
        given = {"entry": [1], "confirmed": "yes", "reason": "a script"}
        first = client.post(ledger_of(bot), given, follow=True)
        assert notices(first)[0].startswith("Took back 1 entry and 20 points.")
        again = client.post(ledger_of(bot), given, follow=True)
        assert notices(again) == ["Choose at least one entry that gave points and still does."]
        assert len(reversals(bot)) == 1

    @pytest.mark.parametrize(
        "given", [[], ["nonsense"], ["-1"], ["99999999"], ["9" * 40], ["\x00"], ["²"]]
    )
    def test_a_selection_of_nothing_says_so(self, given: list[str], bot: User) -> None:
        answer = moderator().post(ledger_of(bot), {"entry": given}, follow=True)
        assert "Choose at least one entry" in answer.content.decode()

    def test_what_gave_nothing_and_a_reversal_have_no_box(self, bot: User) -> None:
        PointsService.reverse(bot, "quiz:0", "copied")
        award([event(bot, "daily_login", NOON), event(bot, "daily_login", NOON)])
        assert [entry.outcome for entry in _last(bot, 2)] == ["capped", "awarded"]
        client = moderator()
        page = client.get(ledger_of(bot)).content.decode()
        boxes = [n for n in range(1, 11) if f'name="entry" value="{n}"' in page]
        assert boxes == [2, 3, 4, 5, 6, 7, 9]
        given = {"entry": [1, 8, 10], "confirmed": "yes", "reason": "x"}
        client.post(ledger_of(bot), given)
        assert len(reversals(bot)) == 1

    def test_where_nothing_can_go_there_is_no_button(self, bot: User) -> None:
        PointsService.reverse(bot, "quiz:0", "copied")
        client = moderator()
        page = client.get(ledger_of(bot), {"outcome": "reversed"})
        assert numbers(page) == [8]
        assert "Take back the chosen entries" not in page.content.decode()
        assert "Take back the chosen entries" in client.get(ledger_of(bot)).content.decode()

    def test_another_members_entries_are_never_touched(self, bot: User) -> None:
        other = user("other")
        award([event(other, "quiz_completed", NOON) for _ in range(9)])
        given = {"entry": [8, 9], "confirmed": "yes", "reason": "x"}
        answer = moderator().post(ledger_of(bot), given, follow=True)
        assert "Choose at least one entry" in answer.content.decode()
        assert reversals(other) == reversals(bot) == []

    def test_an_overlong_reason_is_refused(self, bot: User) -> None:
        given = {"entry": [1], "confirmed": "yes", "reason": "x" * 301}
        page = moderator().post(ledger_of(bot), given).content.decode()
        assert "at most 300 characters" in page
        assert reversals(bot) == []

    def test_everything_on_a_page_can_be_chosen_at_once(self, bot: User) -> None:
        client = moderator()
        page = client.get(ledger_of(bot), {"before": "5"})
        chosen = client.get(ledger_of(bot) + page.context["select_all"])
        assert numbers(chosen) == [4, 3, 2, 1]
        assert chosen.content.decode().count(" checked>") == 4

    def test_it_leads_back_to_the_entries_that_were_shown(self, bot: User) -> None:
        shown = f"{ledger_of(bot)}?before=5&activity=quiz_completed"
        given = {"entry": [1], "confirmed": "yes", "reason": "a script"}
        answer = moderator().post(f"{shown}&selected=all", given)
        assert answer["Location"] == shown


def _last(member: User, count: int) -> list[PointsHistory]:
    return list(PointsHistory.objects.filter(user=member).order_by("-number")[:count])
