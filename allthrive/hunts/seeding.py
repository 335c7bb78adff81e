"""Scavenger hunts of the demonstration community, and who has finished them."""

from collections.abc import Iterator

from allthrive.demo.plan import Community, Event
from allthrive.hunts import services
from allthrive.hunts.models import Clue, Guess, Hunt, Trail
from thrive_points.core.activities import ActivityType

HUNTS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("First words", "Where the words we use for computing come from.", (
        ("She wrote notes about an engine that was never built, and saw further than its "
         "inventor. Her surname?", "A language is called by her first name.",
         "Lovelace\nAda Lovelace"),
        ("A moth was taped into a logbook in 1947. What do we call its descendants?",
         "You have written some.", "bug\nbugs"),
        ("At which college did a workshop in the summer of 1956 give artificial intelligence "
         "its name?", "In New Hampshire.", "Dartmouth\nDartmouth College"))),
    ("Small numbers", "Every answer is a number with a story.", (
        ("How many bits are in a byte?", "It fits on two hands.", "8\neight"),
        ("Which number is the answer to life, the universe and everything?",
         "Ask Deep Thought.", "42\nforty-two"),
        ("In which year did the first page of the World Wide Web go online at CERN?",
         "Between 1989 and 1993.", "1991"))),
    ("Hidden in plain sight", "Look at what is on every screen.", (
        ("Which key undoes the last change when you hold it with Ctrl?",
         "Nearly the end of the alphabet.", "z"),
        ("Which three letters at the end of an address stand for organisation?", "Three letters.",
         "org\n.org"),
        ("The little picture in a browser's tab has a name that contains “fav”. Which?",
         "Favourite, and something holy.", "favicon"))),
    ("Clear language", "Words that make a text better.", (
        ("Which word for careful work down to the last detail is often misspelt as "
         "“through”?", "One letter more.", "thorough"),
        ("Which mark turns a sentence into a question?", "Curved, with a dot.",
         "question mark\n?\nthe question mark"))),
)  # fmt: skip


def seed(community: Community) -> Iterator[Event]:
    """Create the hunts, let members finish some, and yield what that pays."""
    rng = community.rng("hunts")
    hunts = [_create_hunt(*hunt) for hunt in HUNTS]
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
            yield Event(
                user=member.user,
                activity_type=ActivityType.SCAVENGER_HUNT_COMPLETED,
                metadata=services.facts(hunt),
                occurred_at=moment,
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


def _create_hunt(title: str, intro: str, clues: tuple[tuple[str, str, str], ...]) -> Hunt:
    hunt = Hunt.objects.create(title=title, intro=intro)
    Clue.objects.bulk_create(
        Clue(hunt=hunt, position=position, question=question, hint=hint, answers=answers)
        for position, (question, hint, answers) in enumerate(clues, start=1)
    )
    return hunt
