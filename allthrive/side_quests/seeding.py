"""Side quests of the demonstration community, and who has done them."""

from collections.abc import Iterator

from allthrive.demo.plan import Community, Event, Member
from allthrive.side_quests import services
from allthrive.side_quests.models import Chain, ChainCompletion, Quest, Run, Step, StepDone
from thrive_points.core.activities import ActivityType

CHAINS = {
    "Your first agent": "From one good prompt to an assistant that does a small job for you.",
    "Data with a conscience": "Find data, ask it something, and say what it can't tell you.",
    "Show your work": "Make something small, show it, and make it better with what you hear.",
}
QUESTS: tuple[tuple[str | None, str, str, str, tuple[str, ...]], ...] = (
    ("Your first agent", "Describe a chore", "easy", "Pick the chore it shall do.", (
        "Write down one chore you do every week, step by step.",
        "Mark the steps that need judgement.")),
    ("Your first agent", "Prompt the chore", "medium", "Let a model do it once.", (
        "Write a prompt for the steps that need no judgement.",
        "Run it on last week's case and note what it got wrong.",
        "Change the prompt until that mistake is gone.")),
    ("Your first agent", "Give it a tool", "hard", "Connect it to one real thing.", (
        "Choose one tool it may use, and what it may never do with it.",
        "Connect it and let it run while you watch.",
        "Write down when you would switch it off.",
        "Show it to one person who has the same chore.")),
    ("Data with a conscience", "Find a data set", "easy", "Open data, close to home.", (
        "Find an open data set about your town.",
        "Read who collected it and why.")),
    ("Data with a conscience", "Ask one question", "medium", "One question, one chart.", (
        "Write a question the data could answer.",
        "Answer it with a single chart.")),
    ("Data with a conscience", "Say what is missing", "medium", "The honest footnote.", (
        "List three groups of people the data leaves out.",
        "Write the footnote your chart needs.")),
    ("Show your work", "Make it in an hour", "easy", "Small is the point.", (
        "Set a timer to one hour and make anything that can be shown.",
        "Write one sentence about what it is.")),
    ("Show your work", "Ask for feedback", "medium", "From people, on one question.", (
        "Publish it and ask one question about it.",
        "Thank three people for their answers.")),
    ("Show your work", "Make it better", "hard", "Change one thing for a reason.", (
        "Choose the answer that stung a little.",
        "Change the one thing it asks for.",
        "Write what is better now, and what is worse.")),
    (None, "Read one paper", "medium", "The abstract counts as page one.", (
        "Choose a paper a friend would understand.",
        "Tell its idea in five sentences.")),
    (None, "Draw a model", "easy", "Boxes and arrows, by hand.", (
        "Draw how you think a language model answers you.",
        "Compare it with an explanation and correct one arrow.")),
    (None, "Fix a prompt", "easy", "Somebody else's, kindly.", (
        "Find a prompt that gave a bad answer.",
        "Fix it with fewer words than it had.")),
    (None, "Interview a colleague", "hard", "Where would a tool really help?", (
        "Ask somebody about the dullest hour of their week.",
        "Write down the three steps that repeat.",
        "Build a sketch for one of them and show it.")),
)  # fmt: skip
NOTES = (
    "Done on the train, took longer than I thought.",
    "I chose my own inbox for this one.",
    "A colleague helped me see the missing step.",
    "It broke twice, and the second time I understood why.",
    "Simple once I had written it down.",
)


def seed(community: Community) -> Iterator[Event]:
    """Create the quests, let members do them in any order, and yield what that pays."""
    rng = community.rng("side_quests")
    quests = _create_quests()
    steps = {quest.pk: list(quest.steps.order_by("position")) for quest in quests}
    runs: list[Run] = []
    chains_done: list[ChainCompletion] = []
    events: list[Event] = []
    for member in community.members:
        wanted = rng.sample(quests, len(quests))
        left = _quests_by_chain(quests)
        for day in member.days:
            for _ in range(community.times(member, 0.1, rng, "learning")):
                if not wanted:
                    break
                quest = wanted.pop()
                moment = community.moment(member, day, rng)
                runs.append(
                    Run(
                        quest=quest,
                        member=member.user,
                        started_at=moment,
                        completed_at=moment,
                    )
                )
                events.append(_event(member, quest, runs[-1]))
                if quest.chain is None:
                    continue
                left[quest.chain_id].discard(quest.pk)
                if not left[quest.chain_id]:
                    chains_done.append(
                        ChainCompletion(chain=quest.chain, member=member.user, completed_at=moment)
                    )
                    events.append(
                        Event(
                            user=member.user,
                            activity_type=ActivityType.QUEST_CHAIN_COMPLETED,
                            metadata=services.chain_facts(quest.chain),
                            occurred_at=moment,
                        )
                    )
    runs = Run.objects.bulk_create(runs, batch_size=1_000)
    StepDone.objects.bulk_create(
        [
            StepDone(run=run, step=step, note=rng.choice(NOTES), done_at=run.started_at)
            for run in runs
            for step in steps[run.quest_id]
        ],
        batch_size=1_000,
    )
    ChainCompletion.objects.bulk_create(chains_done, batch_size=1_000)
    yield from events


def _event(member: Member, quest: Quest, run: Run) -> Event:
    return Event(
        user=member.user,
        activity_type=ActivityType.SIDE_QUEST_COMPLETED,
        metadata=services.quest_facts(quest),
        occurred_at=run.started_at,
    )


def _create_quests() -> list[Quest]:
    chains = {
        title: Chain.objects.create(title=title, summary=summary)
        for title, summary in CHAINS.items()
    }
    quests = []
    for chain, title, difficulty, summary, instructions in QUESTS:
        quest = Quest.objects.create(
            title=title,
            summary=summary,
            difficulty=difficulty,
            chain=chains[chain] if chain else None,
        )
        Step.objects.bulk_create(
            Step(quest=quest, position=position, instruction=instruction)
            for position, instruction in enumerate(instructions, start=1)
        )
        quests.append(quest)
    return quests


def _quests_by_chain(quests: list[Quest]) -> dict[int | None, set[int]]:
    left: dict[int | None, set[int]] = {}
    for quest in quests:
        left.setdefault(quest.chain_id, set()).add(quest.pk)
    return left
