"""The life of a battle: open, join, submit, vote; the vote that decides closes it.

Nobody who plays declares the result. Votes are worth what their voters are: see `standing`.

Every change locks the battle's row first, so that two people who act at the same moment act one
after the other.
"""

from collections import Counter
from collections.abc import Collection, Container
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.battles.models import Battle, Entry
from allthrive.notices import services as notices
from allthrive.standing import who_counts
from allthrive.writing import services as writing
from thrive_points import ActivityType, AwardEvent, AwardResult, PointsService

VOTES_TO_DECIDE = 3
"""So many votes of members whose word counts decide a battle. It is odd, so one side has more."""
MAY_CLOSE = "battles.change_battle"
ENTRY_WORDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """How a battle ended.

    Attributes:
        battle: the closed battle; its winner is None after a tie.
        earned: by player, what the battle paid them, in the order it was paid.
    """

    battle: Battle
    earned: dict[int, list[AwardResult]]


def open_battle(*, opener: User, title: str, prompt: str) -> Battle:
    """Open a battle that waits for a second player."""
    return Battle.objects.create(opener=opener, title=title, prompt=prompt)


@transaction.atomic
def join(*, battle: Battle, member: User) -> Battle:
    """Make ``member`` the battle's second player.

    Raises:
        ValidationError: it is the member's own battle, or somebody joined before.
    """
    battle = _locked(battle)
    if battle.opener_id == member.pk:
        raise ValidationError("This is your own battle; it waits for somebody else.")
    if battle.status != Battle.Status.WAITING:
        raise ValidationError("Somebody else joined this battle just before you.")
    battle.challenger = member
    battle.status = Battle.Status.WRITING
    battle.save(update_fields=["challenger", "status"])
    said = f"{member.display_name} joined your battle “{battle.title}”. Write your entry."
    notices.tell(member=battle.opener, text=said, url=battle.get_absolute_url())
    return battle


@transaction.atomic
def submit(*, battle: Battle, author: User, text: str) -> Entry:
    """Hand in a player's entry; the second one opens the vote.

    Raises:
        PermissionDenied: the author doesn't play in this battle.
        ValidationError: they have submitted before, it is not the time to write, or the entry
            says too little.
    """
    battle = _locked(battle)
    if author.pk not in battle.player_ids:
        raise PermissionDenied("Only the two players of a battle write in it.")
    if battle.status != Battle.Status.WRITING:
        raise ValidationError("This battle takes no entries now.")
    if battle.entries.filter(author=author).exists():
        raise ValidationError("You have submitted your entry; it is final.")
    about = f"battle:{battle.pk}"
    writing.keep(member=author, text=text, about=about, least=ENTRY_WORDS)
    entry = battle.entries.create(author=author, text=text)
    if battle.entries.count() == len(battle.player_ids):
        battle.status = Battle.Status.VOTING
        battle.save(update_fields=["status"])
    return entry


@transaction.atomic
def vote(*, battle: Battle, voter: User, entry: Entry) -> Closing | None:
    """Cast a member's one vote in a battle, and close it when that decides it.

    Returns:
        How the battle ended, None while it is open.

    Raises:
        ValidationError: it is their own battle, they have voted, or the vote isn't open.
    """
    battle = _locked(battle)
    if voter.pk in battle.player_ids:
        raise ValidationError("Players don't vote in their own battle.")
    if battle.status != Battle.Status.VOTING:
        raise ValidationError("This battle takes no votes now.")
    if entry.battle_id != battle.pk:
        raise ValidationError("That entry belongs to another battle.")
    if battle.votes.filter(voter=voter).exists():
        raise ValidationError("You have voted in this battle; a vote is final.")
    battle.votes.create(voter=voter, entry=entry)
    if sum(counted_votes(battle).values()) < VOTES_TO_DECIDE:
        return None
    return _close(battle)


def counted_votes(battle: Battle) -> Counter[int]:
    """Return the votes by entry that come from members whose word counts."""
    votes = battle.votes.values_list("voter_id", "entry_id")
    counting = who_counts(voter for voter, _ in votes)
    return Counter(entry for voter, entry in votes if voter in counting)


def may_close(*, battle: Battle, member: User) -> bool:
    """Return whether a member may close a battle whose votes do not come: staff who don't play."""
    return (
        battle.status == Battle.Status.VOTING
        and member.pk not in battle.player_ids
        and member.has_perm(MAY_CLOSE)
    )


@transaction.atomic
def close(*, battle: Battle, actor: User) -> Closing:
    """Close a battle as its votes stand, and pay it; a tie has no winner.

    Raises:
        PermissionDenied: the actor lacks the permission, or plays.
        ValidationError: the vote isn't open.
    """
    battle = _locked(battle)
    if not actor.has_perm(MAY_CLOSE) or actor.pk in battle.player_ids:
        raise PermissionDenied("Staff close a battle, and nobody closes their own.")
    if battle.status != Battle.Status.VOTING:
        raise ValidationError("Only a battle that is open for votes can be closed.")
    return _close(battle)


def _close(battle: Battle) -> Closing:
    votes = counted_votes(battle)
    entries = list(battle.entries.select_related("author"))
    first, second = sorted(entries, key=lambda entry: -votes[entry.pk])
    battle.winner = first.author if votes[first.pk] > votes[second.pk] else None
    battle.status = Battle.Status.CLOSED
    battle.closed_at = timezone.now()
    battle.save(update_fields=["winner", "status", "closed_at"])
    players = [first.author, second.author]
    counting = who_counts(player.pk for player in players)
    return Closing(battle=battle, earned=_pay(battle, players, counting))


def payments(
    battle: Battle, players: Collection[User], counting: Container[int]
) -> list[AwardEvent]:
    """Return what a decided battle pays: each player, then the winner on top.

    Args:
        battle: the battle.
        players: its two players.
        counting: the members whose word counts; an opponent who is none of them pays nobody.
    """
    paid = [(player, ActivityType.BATTLE_PARTICIPATED, "participated") for player in players]
    if battle.winner is not None:
        paid.append((battle.winner, ActivityType.BATTLE_WON, "won"))
    opponent = {one.pk: other for one in players for other in battle.player_ids if other != one.pk}
    return [
        {
            "user": player,
            "activity_type": activity_type,
            "metadata": {
                "event_key": f"battle:{battle.pk}:{what}",
                "battle_id": battle.pk,
                "counterpart": opponent[player.pk],
            },
            "occurred_at": battle.closed_at,
        }
        for player, activity_type, what in paid
        if player.is_active and opponent[player.pk] in counting
    ]


def _pay(
    battle: Battle, players: list[User], counting: Container[int]
) -> dict[int, list[AwardResult]]:
    # One batch: it locks the players in the platform's own order, so that two battles between
    # the same two members can close at the same moment.
    awards = payments(battle, players, counting)
    earned: dict[int, list[AwardResult]] = {player.pk: [] for player in players}
    for award, result in zip(awards, PointsService.award_many(awards), strict=True):
        earned[award["user"].pk].append(result)
    return earned


def _locked(battle: Battle) -> Battle:
    return Battle.objects.select_for_update().get(pk=battle.pk)
