"""Battles of the demonstration community."""

import datetime as dt
import random
from collections.abc import Iterator

from allthrive.battles import services
from allthrive.battles.models import Battle, Entry, Vote
from allthrive.demo import content
from allthrive.demo.plan import Community, Event, Member

CONTENT = content.read("battles")


def seed(community: Community) -> Iterator[Event]:
    """Create battles on every day and yield what the decided ones pay.

    The battles of the last days are still under way, one in each state a visitor can join in.
    """
    rng = community.rng("battles")
    plays = list(_plays(community, rng))
    battles = Battle.objects.bulk_create([battle for battle, _, _ in plays], batch_size=500)
    entries = Entry.objects.bulk_create(
        [
            Entry(
                battle=battle,
                author=player.user,
                text=f"{rng.choice(CONTENT['openings'])}\n\n{rng.choice(CONTENT['turns'])}",
                submitted_at=battle.opened_at,
            )
            for battle, players, _ in plays
            if battle.status in (Battle.Status.VOTING, Battle.Status.CLOSED)
            for player in players
        ],
        batch_size=500,
    )
    by_battle: dict[int, list[Entry]] = {}
    for entry in entries:
        by_battle.setdefault(entry.battle_id, []).append(entry)
    votes: list[Vote] = []
    for battle, players, voters in plays:
        if battle.pk not in by_battle:
            continue
        sides = by_battle[battle.pk]
        cast = [rng.choice(sides) for _ in voters]
        votes += [
            Vote(battle=battle, entry=entry, voter=voter.user, cast_at=battle.opened_at)
            for voter, entry in zip(voters, cast, strict=True)
        ]
        counts = [cast.count(side) for side in sides]
        if battle.status == Battle.Status.CLOSED and counts[0] != counts[1]:
            battle.winner = players[counts.index(max(counts))].user
    Vote.objects.bulk_create(votes, batch_size=1_000)
    Battle.objects.bulk_update([b for b in battles if b.winner], ["winner"], batch_size=300)
    for battle, players, _ in plays:
        if battle.closed_at is not None:
            for award in services.payments(battle, [player.user for player in players]):
                yield Event(**award)  # type: ignore[typeddict-item]


def _plays(
    community: Community, rng: random.Random
) -> Iterator[tuple[Battle, list[Member], list[Member]]]:
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
                yield battle, [opener, others[0]], others[1 : 1 + rng.randrange(3, 8)]


def _status(rng: random.Random, days_ago: int) -> Battle.Status:
    if days_ago > 1:
        return Battle.Status.CLOSED
    return rng.choice(
        (Battle.Status.WAITING, Battle.Status.WRITING, Battle.Status.VOTING, Battle.Status.CLOSED)
    )
