"""The life of a battle: open, join, submit, vote, close.

Every change locks the battle's row first, so that two people who act at the same moment act one
after the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from allthrive.accounts.models import User
from allthrive.battles.models import Battle, Entry, Vote
from thrive_points import ActivityType, AwardEvent, AwardResult, PointsService

VOTES_TO_CLOSE = 3
"""So many votes make a result that the players themselves may declare."""


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
    return battle


@transaction.atomic
def submit(*, battle: Battle, author: User, text: str) -> Entry:
    """Hand in a player's entry; the second one opens the vote.

    Raises:
        PermissionDenied: the author doesn't play in this battle.
        ValidationError: they have submitted before, or it is not the time to write.
    """
    battle = _locked(battle)
    if author.pk not in battle.player_ids:
        raise PermissionDenied("Only the two players of a battle write in it.")
    if battle.status != Battle.Status.WRITING:
        raise ValidationError("This battle takes no entries now.")
    if battle.entries.filter(author=author).exists():
        raise ValidationError("You have submitted your entry; it is final.")
    entry = battle.entries.create(author=author, text=text)
    if battle.entries.count() == len(battle.player_ids):
        battle.status = Battle.Status.VOTING
        battle.save(update_fields=["status"])
    return entry


@transaction.atomic
def vote(*, battle: Battle, voter: User, entry: Entry) -> Vote:
    """Cast a member's one vote in a battle.

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
    return battle.votes.create(voter=voter, entry=entry)


def may_close(*, battle: Battle, member: User, votes: int) -> bool:
    """Return whether ``member`` may declare the result: staff, or a player with enough votes in."""
    if battle.status != Battle.Status.VOTING:
        return False
    return member.is_staff or (member.pk in battle.player_ids and votes >= VOTES_TO_CLOSE)


@transaction.atomic
def close(*, battle: Battle, actor: User) -> Closing:
    """Declare the result and pay both players, the winner on top; a tie has no winner.

    Raises:
        PermissionDenied: the actor is neither staff nor a player.
        ValidationError: the vote isn't open, or too few have voted.
    """
    battle = _locked(battle)
    if not actor.is_staff and actor.pk not in battle.player_ids:
        raise PermissionDenied("The players or staff close a battle.")
    if battle.status != Battle.Status.VOTING:
        raise ValidationError("Only a battle that is open for votes can be closed.")
    entries = list(
        battle.entries.select_related("author").annotate(count=Count("votes")).order_by("-count")
    )
    if not may_close(battle=battle, member=actor, votes=sum(e.count for e in entries)):
        raise ValidationError(f"A battle needs {VOTES_TO_CLOSE} votes before it can be closed.")
    first, second = entries
    battle.winner = first.author if first.count > second.count else None
    battle.status = Battle.Status.CLOSED
    battle.closed_at = timezone.now()
    battle.save(update_fields=["winner", "status", "closed_at"])
    return Closing(battle=battle, earned=_pay(battle, [first.author, second.author]))


def payments(battle: Battle, players: Iterable[User]) -> list[AwardEvent]:
    """Return what a decided battle pays: each player, then the winner on top."""
    paid = [(player, ActivityType.BATTLE_PARTICIPATED, "participated") for player in players]
    if battle.winner is not None:
        paid.append((battle.winner, ActivityType.BATTLE_WON, "won"))
    return [
        {
            "user": player,
            "activity_type": activity_type,
            "metadata": {
                "event_key": f"battle:{battle.pk}:{what}",
                "battle_id": battle.pk,
                "counterpart": next(pk for pk in battle.player_ids if pk != player.pk),
            },
            "occurred_at": battle.closed_at,
        }
        for player, activity_type, what in paid
    ]


def _pay(battle: Battle, players: list[User]) -> dict[int, list[AwardResult]]:
    # One batch: it locks the players in the platform's own order, so that two battles between
    # the same two members can close at the same moment.
    awards = payments(battle, players)
    earned: dict[int, list[AwardResult]] = {player.pk: [] for player in players}
    for award, result in zip(awards, PointsService.award_many(awards), strict=True):
        earned[award["user"].pk].append(result)
    return earned


def _locked(battle: Battle) -> Battle:
    return Battle.objects.select_for_update().get(pk=battle.pk)
