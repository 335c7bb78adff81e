"""Prompt battles: from opening one to what it pays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from allthrive.accounts.models import User
from allthrive.battles import services
from allthrive.battles.models import ENTRY_LENGTH, Battle, Entry
from allthrive.records import TITLE_LENGTH
from tests.host.people import earned, make_active, make_member, race, said, signed_in


def voting_battle(*votes: int) -> tuple[Battle, User, User]:
    """Return a battle of "ada" and "ben" with so many votes for each one's entry."""
    ada, ben = make_member("ada"), make_member("ben")
    battle = services.open_battle(opener=ada, title="Haiku", prompt="Write a haiku about rain.")
    services.join(battle=battle, member=ben)
    make_active(ada, ben)
    entries = [
        services.submit(battle=battle, author=player, text=f"The rain is for {player} alone.")
        for player in (ada, ben)
    ]
    for entry, count in zip(entries, votes, strict=False):
        for number in range(count):
            voter = make_member(f"voter-{entry.pk}-{number}")
            make_active(voter)
            services.vote(battle=battle, voter=voter, entry=entry)
    battle.refresh_from_db()
    return battle, ada, ben


@pytest.mark.django_db
def test_a_battle_is_played_by_clicking_and_pays_both_and_the_winner_on_top():
    ada, ben = make_member("ada"), make_member("ben")
    voters = [make_member(f"voter{number}") for number in range(3)]
    make_active(ada, ben, *voters)
    ada_clicks, ben_clicks = signed_in(ada), signed_in(ben)

    ada_clicks.post(reverse("battles:open"), {"title": "Haiku", "prompt": "A haiku about rain."})
    battle = Battle.objects.get()
    page = reverse("battles:detail", args=[battle.pk])
    assert "Join this battle" in ben_clicks.get(page).content.decode()
    ben_clicks.post(reverse("battles:join", args=[battle.pk]))
    submit = reverse("battles:submit", args=[battle.pk])
    ada_clicks.post(submit, {"text": "Grey drops on the roof, and then none"})
    assert "Grey drops" not in ben_clicks.get(page).content.decode()
    ben_clicks.post(submit, {"text": "It rains, and that is all of it"})
    entry = Entry.objects.get(author=ada)
    vote = reverse("battles:vote", args=[battle.pk, entry.pk])
    answers = [signed_in(voter).post(vote, follow=True) for voter in voters]

    assert earned(ada) == [("battle_participated", 25), ("battle_won", 20)]
    assert earned(ben) == [("battle_participated", 25)]
    assert said(answers[1]) == ["Your vote is in. Thank you."]
    assert said(answers[2]) == ["Your vote decided it. ada wins this battle."]


@pytest.mark.django_db
def test_votes_of_accounts_that_did_nothing_decide_nothing():
    battle, ada, _ = voting_battle(0, 0)
    entry = battle.entries.get(author=ada)
    for number in range(4):
        services.vote(battle=battle, voter=make_member(f"puppet{number}"), entry=entry)
    battle.refresh_from_db()
    assert battle.status == Battle.Status.VOTING
    assert earned(ada) == []


@pytest.mark.django_db
def test_an_opponent_who_did_nothing_pays_nobody():
    ada, puppet = make_member("ada"), make_member("puppet")
    voters = [make_member(f"voter{number}") for number in range(3)]
    make_active(ada, *voters)
    battle = services.open_battle(opener=ada, title="Haiku", prompt="Rain")
    services.join(battle=battle, member=puppet)
    for player in (ada, puppet):
        text = f"The rain is for {player} alone."
        services.submit(battle=battle, author=player, text=text)
    for voter in voters:
        services.vote(battle=battle, voter=voter, entry=battle.entries.get(author=ada))
    assert earned(ada) == []
    assert earned(puppet) == [("battle_participated", 25)]


@pytest.mark.django_db
def test_a_player_who_was_shut_out_earns_nothing():
    battle, _, ben = voting_battle(1, 1)
    User.objects.filter(pk=ben.pk).update(is_active=False)
    services.close(battle=battle, actor=make_member("sue", is_superuser=True))
    assert earned(ben) == []


@pytest.mark.django_db
def test_staff_close_a_battle_that_waits_in_vain_and_nobody_their_own():
    battle, ada, ben = voting_battle(1, 1)
    # What makes somebody staff is no permission.
    for actor in (ada, make_member("sam", is_staff=True)):
        with pytest.raises(PermissionDenied):
            services.close(battle=battle, actor=actor)
    User.objects.filter(pk=ben.pk).update(is_staff=True, is_superuser=True)
    with pytest.raises(PermissionDenied):
        services.close(battle=battle, actor=User.objects.get(pk=ben.pk))
    closing = services.close(battle=battle, actor=make_member("sue", is_superuser=True))
    assert closing.battle.winner is None
    assert earned(ada) == earned(ben) == [("battle_participated", 25)]
    with pytest.raises(ValidationError, match="Only a battle that is open for votes"):
        services.close(battle=battle, actor=User.objects.get(username="sue"))


@pytest.mark.django_db
def test_strangers_may_neither_write_nor_close():
    battle, _, _ = voting_battle(1, 0)
    stranger = signed_in(make_member("stranger"))
    assert stranger.post(reverse("battles:close", args=[battle.pk])).status_code == 403
    refused = stranger.post(
        reverse("battles:submit", args=[battle.pk]), {"text": "Me too, I would say as well"}
    )
    assert refused.status_code == 403
    assert earned(User.objects.get(username="ada")) == []


@pytest.mark.django_db
def test_nobody_votes_in_their_own_battle_or_twice():
    battle, ada, _ = voting_battle(0, 0)
    entry = battle.entries.first()
    assert entry is not None
    vote = reverse("battles:vote", args=[battle.pk, entry.pk])
    assert said(signed_in(ada).post(vote, follow=True)) == [
        "Players don't vote in their own battle."
    ]
    cara = signed_in(make_member("cara"))
    assert said(cara.post(vote, follow=True)) == ["Your vote is in. Thank you."]
    assert said(cara.post(vote, follow=True)) == ["You have voted in this battle; a vote is final."]
    assert battle.votes.count() == 1


@pytest.mark.django_db
def test_a_vote_for_another_battles_entry_is_not_found():
    battle, _, _ = voting_battle(0, 0)
    other = services.open_battle(opener=make_member("dan"), title="Other", prompt="Else")
    entry = battle.entries.first()
    assert entry is not None
    address = reverse("battles:vote", args=[other.pk, entry.pk])
    assert signed_in(make_member("cara")).post(address).status_code == 404


@pytest.mark.django_db
def test_joining_ones_own_battle_is_refused():
    ada = make_member("ada")
    battle = services.open_battle(opener=ada, title="Haiku", prompt="Rain")
    answer = signed_in(ada).post(reverse("battles:join", args=[battle.pk]), follow=True)
    assert said(answer) == ["This is your own battle; it waits for somebody else."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("title", "prompt"),
    [("", "x"), ("x", "  "), ("x" * (TITLE_LENGTH + 1), "x"), ("a\x00b", "x")],
)
def test_a_bad_opening_is_a_form_error(title: str, prompt: str):
    answer = signed_in(make_member("ada")).post(
        reverse("battles:open"), {"title": title, "prompt": prompt}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Battle.objects.exists()


@pytest.mark.django_db
def test_a_late_or_overlong_entry_is_a_form_error():
    battle, ada, _ = voting_battle(0, 0)
    submit = reverse("battles:submit", args=[battle.pk])
    late = signed_in(ada).post(submit, {"text": "One more line that is late"})
    assert late.context["form"].non_field_errors() == ["This battle takes no entries now."]
    long = signed_in(ada).post(submit, {"text": "x" * (ENTRY_LENGTH + 1)})
    assert long.context["form"].errors["text"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["join", "submit", "close"])
def test_states_change_by_post_only(name: str):
    battle, ada, _ = voting_battle(0, 0)
    address = reverse(f"battles:{name}", args=[battle.pk])
    assert signed_in(ada).get(address).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_deciding_votes_at_once_pay_once():
    battle, ada, ben = voting_battle(2, 0)
    entry = battle.entries.get(author=ada)
    voters = [make_member(name) for name in ("cara", "dan")]
    make_active(*voters)
    answers = race(
        *(lambda v=voter: services.vote(battle=battle, voter=v, entry=entry) for voter in voters)
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1, answers
    assert earned(ada) == [("battle_participated", 25), ("battle_won", 20)]
    assert earned(ben) == [("battle_participated", 25)]


@pytest.mark.django_db(transaction=True)
def test_two_who_join_at_once_make_one_opponent():
    battle = services.open_battle(opener=make_member("ada"), title="Haiku", prompt="Rain")
    ben, cara = make_member("ben"), make_member("cara")
    answers = race(
        lambda: services.join(battle=battle, member=ben),
        lambda: services.join(battle=battle, member=cara),
    )
    assert sum(isinstance(answer, ValidationError) for answer in answers) == 1
    winner = next(answer for answer in answers if isinstance(answer, Battle))
    battle.refresh_from_db()
    assert battle.challenger_id == winner.challenger_id


@pytest.mark.django_db(transaction=True)
def test_battles_between_the_same_two_can_close_at_the_same_moment():
    first, ada, ben = voting_battle(2, 0)
    second = services.open_battle(opener=ben, title="Again", prompt="Snow")
    services.join(battle=second, member=ada)
    for player in (ben, ada):
        services.submit(battle=second, author=player, text=f"Snow is what {player} would like")
    voters = list(User.objects.filter(username__startswith="voter"))
    last = make_member("last")
    make_active(last)
    entries = [battle.entries.get(author=ada) for battle in (first, second)]
    for voter in voters:
        services.vote(battle=second, voter=voter, entry=entries[1])
    answers = race(
        lambda: services.vote(battle=first, voter=last, entry=entries[0]),
        lambda: services.vote(battle=second, voter=last, entry=entries[1]),
    )
    assert all(isinstance(answer, services.Closing) for answer in answers), answers
    assert sum(points for _, points in earned(ada)) == 90
    assert sum(points for _, points in earned(ben)) == 50
