"""Scavenger hunts of the demonstration community, and who has finished them."""

from collections.abc import Iterator
from typing import Any

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, event_of
from allthrive.hunts import services
from allthrive.hunts.models import Clue, Guess, Hunt, Trail
from thrive_points import ActivityType


def seed(community: Community) -> Iterator[Event]:
    """Create the hunts, let members finish some, and yield what that pays."""
    rng = community.rng("hunts")
    hunts = [_create_hunt(**hunt) for hunt in content.read("hunts")["hunt"]]
    clues = {hunt.pk: list(hunt.clues.all()) for hunt in hunts}
    trails: list[Trail] = []
    for member in community.members:
        wanted = rng.sample(hunts, len(hunts))
        for day in member.days:
            if not wanted or not community.times(member, 0.03, rng, "learning"):
                continue
            moment = community.moment(member, day, rng)
            hunt = wanted.pop()
            trails.append(
                Trail(hunt=hunt, member=member.user, started_at=moment, completed_at=moment)
            )
            yield event_of(
                member.user, ActivityType.SCAVENGER_HUNT_COMPLETED, services.facts(hunt), moment
            )
    Guess.objects.bulk_create(
        [
            Guess(
                trail=trail,
                clue=clue,
                text=clue.answers.splitlines()[0],
                is_right=True,
                guessed_at=trail.started_at,
            )
            for trail in Trail.objects.bulk_create(trails, batch_size=1_000)
            for clue in clues[trail.hunt_id]
        ],
        batch_size=1_000,
    )


def _create_hunt(*, title: str, intro: str, clues: list[dict[str, Any]]) -> Hunt:
    hunt = Hunt.objects.create(title=title, intro=intro)
    Clue.objects.bulk_create(
        Clue(
            hunt=hunt,
            position=position,
            question=clue["question"],
            hint=clue["hint"],
            answers="\n".join(clue["answers"]),
        )
        for position, clue in enumerate(clues, start=1)
    )
    return hunt
