"""Battles of the demonstration community."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from allthrive.battles import services
from allthrive.battles.models import Battle, Entry, Vote
from allthrive.demo import content
from allthrive.demo.plan import Community, Event, Member

CONTENT = content.read("battles")


@dataclass(frozen=True, slots=True)
class Play:
    """A battle, its two players, what they wrote, and who voted."""

    battle: Battle
    players: list[Member]
    texts: list[str]
    voters: list[Member]


def seed(community: Community) -> Iterator[Event]:
    """Create battles on every day and yield what the decided ones pay.

    The battles of the last days are still under way, one in each state a visitor can join in.
    """
    rng = community.rng("battles")
    plays = list(_plays(community, rng))
    battles = Battle.objects.bulk_create([play.battle for play in plays], batch_size=500)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                battle=play.battle,
                author=player.user,
                text=text,
                submitted_at=play.battle.opened_at,
            )
            for play in plays
            for player, text in zip(play.players, play.texts, strict=False)
        ],
        batch_size=500,
    )
    by_battle: dict[int, list[Entry]] = {}
    for entry in entries:
        by_battle.setdefault(entry.battle_id, []).append(entry)
    votes: list[Vote] = []
    for play in plays:
        if play.battle.pk not in by_battle:
            continue
        sides = by_battle[play.battle.pk]
        cast = [rng.choice(sides) for _ in play.voters]
        votes += [
            Vote(battle=play.battle, entry=entry, voter=voter.user, cast_at=play.battle.opened_at)
            for voter, entry in zip(play.voters, cast, strict=True)
        ]
        if play.battle.status == Battle.Status.CLOSED:
            counts = [
                sum(
                    entry is side and community.counts(voter.user, play.battle.opened_at)
                    for voter, entry in zip(play.voters, cast, strict=True)
                )
                for side in sides
            ]
            if counts[0] != counts[1]:
                play.battle.winner = play.players[counts.index(max(counts))].user
    Vote.objects.bulk_create(votes, batch_size=1_000)
    Battle.objects.bulk_update([b for b in battles if b.winner], ["winner"], batch_size=300)
    for play in plays:
        closed = play.battle.closed_at
        if closed is not None:
            players = [player.user for player in play.players]
            counting = [user.pk for user in players if community.counts(user, closed)]
            for award in services.payments(play.battle, players, counting):
                yield Event(**award)  # type: ignore[typeddict-item]


def _plays(community: Community, rng: random.Random) -> Iterator[Play]:
    number = 0
    days = community.days()
    for day in days:
        present = list(community.present(day))
        if len(present) < 6:
            continue
        for opener in present:
            for _ in range(community.times(opener, 0.16, rng, "creation")):
                others = [m for m in rng.sample(present, min(9, len(present))) if m is not opener]
                prompt = rng.choice(CONTENT["prompt"])
                opened = community.moment(opener, day, rng)
                status = _status(rng, (days[-1] - day).days)
                closed = opened + dt.timedelta(minutes=rng.randrange(40, 600))
                is_closed = status == Battle.Status.CLOSED
                has_opponent = status != Battle.Status.WAITING
                battle = Battle(
                    title=prompt["title"],
                    prompt=prompt["text"],
                    status=status,
                    opener=opener.user,
                    challenger=others[0].user if has_opponent else None,
                    opened_at=opened,
                    closed_at=min(closed, community.now) if is_closed else None,
                )
                players = [opener, others[0]]
                number += 1
                about = f"demo:battle:{number}"
                texts: list[str] = []
                if status in (Battle.Status.VOTING, Battle.Status.CLOSED):
                    texts = [_text(rng) for _ in players]
                    # Neither writes what the site would not take.
                    if not all(
                        community.writes(player, text, about, opened, services.ENTRY_WORDS)
                        for player, text in zip(players, texts, strict=True)
                    ):
                        continue
                # The vote that decides is the last; one that is still open lacks it.
                voters = others[1:]
                counting = [m for m in voters if community.counts(m.user, opened)]
                voters = counting[: services.VOTES_TO_DECIDE] if is_closed else counting[:2]
                yield Play(battle, players, texts, voters)


def _text(rng: random.Random) -> str:
    first, second = rng.sample(CONTENT["turns"], 2)
    return f"{rng.choice(CONTENT['openings'])}\n\n{first} {second}"


def _status(rng: random.Random, days_ago: int) -> Battle.Status:
    if days_ago > 1:
        return Battle.Status.CLOSED
    return rng.choice(
        (Battle.Status.WAITING, Battle.Status.WRITING, Battle.Status.VOTING, Battle.Status.CLOSED)
    )
