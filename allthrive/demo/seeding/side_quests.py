"""Side quests of the demonstration community, and who has done them."""

import datetime as dt
import random
from collections.abc import Iterator

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, Member, event_of
from allthrive.side_quests import services
from allthrive.side_quests.models import Chain, ChainCompletion, Quest, Run, Step, StepDone
from allthrive.side_quests.services import NOTE_WORDS
from thrive_points import ActivityType

CONTENT = content.read("side_quests")


def seed(community: Community) -> Iterator[Event]:
    """Create the quests, let members do them in any order, and yield what that pays."""
    rng = community.rng("side_quests")
    quests = _create_quests()
    steps = {quest.pk: list(quest.steps.order_by("position")) for quest in quests}
    runs: list[Run] = []
    notes: list[list[str]] = []
    chains_done: list[ChainCompletion] = []
    events: list[Event] = []
    for member in community.members:
        wanted = rng.sample(quests, len(quests))
        left = _quests_by_chain(quests)
        for day in member.days:
            for _ in range(community.times(member, 0.1, rng, "learning")):
                if not wanted:
                    break
                quest = wanted[-1]
                moment = community.moment(member, day, rng)
                written = _notes(community, rng, member, quest, steps[quest.pk], moment)
                if not written:
                    break
                wanted.pop()
                notes.append(written)
                runs.append(
                    Run(quest=quest, member=member.user, started_at=moment, completed_at=moment)
                )
                facts = services.quest_facts(quest)
                events.append(
                    event_of(member.user, ActivityType.SIDE_QUEST_COMPLETED, facts, moment)
                )
                if quest.chain is None:
                    continue
                left[quest.chain_id].discard(quest.pk)
                if not left[quest.chain_id]:
                    chains_done.append(
                        ChainCompletion(chain=quest.chain, member=member.user, completed_at=moment)
                    )
                    facts = services.chain_facts(quest.chain)
                    events.append(
                        event_of(member.user, ActivityType.QUEST_CHAIN_COMPLETED, facts, moment)
                    )
    runs = Run.objects.bulk_create(runs, batch_size=1_000)
    StepDone.objects.bulk_create(
        [
            StepDone(run=run, step=step, note=note, done_at=run.started_at)
            for run, written in zip(runs, notes, strict=True)
            for step, note in zip(steps[run.quest_id], written, strict=True)
        ],
        batch_size=1_000,
    )
    ChainCompletion.objects.bulk_create(chains_done, batch_size=1_000)
    yield from events


def _notes(
    community: Community,
    rng: random.Random,
    member: Member,
    quest: Quest,
    steps: list[Step],
    moment: dt.datetime,
) -> list[str]:
    """Return what a member writes about a quest's steps, nothing when they wrote enough today."""
    words = rng.sample(CONTENT["notes"], len(steps))
    notes = [f"{each} It was for “{quest.title}”." for each in words]
    for step, note in zip(steps, notes, strict=True):
        if not community.writes(member, note, f"quest_step:{step.pk}", moment, NOTE_WORDS):
            return []
    return notes


def _create_quests() -> list[Quest]:
    chains = {each["title"]: Chain.objects.create(**each) for each in CONTENT["chain"]}
    quests = []
    for each in CONTENT["quest"]:
        quest = Quest.objects.create(
            title=each["title"],
            summary=each["summary"],
            difficulty=each["difficulty"],
            chain=chains.get(each.get("chain")),
        )
        Step.objects.bulk_create(
            Step(quest=quest, position=position, instruction=instruction)
            for position, instruction in enumerate(each["steps"], start=1)
        )
        quests.append(quest)
    return quests


def _quests_by_chain(quests: list[Quest]) -> dict[int | None, set[int]]:
    left: dict[int | None, set[int]] = {}
    for quest in quests:
        left.setdefault(quest.chain_id, set()).add(quest.pk)
    return left
