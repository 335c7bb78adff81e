"""The tutorials of a fresh site, and how far everybody got."""

from collections.abc import Iterator

from django.utils.text import slugify

from allthrive.demo import content
from allthrive.demo.plan import Community, Event, event_of
from allthrive.tutorials.models import Completion, Step, StepDone, Tutorial
from allthrive.tutorials.services import NOTE_WORDS, facts
from thrive_points import ActivityType

FINISHES = 0.8
CONTENT = content.read("tutorials")
NOTES = CONTENT["notes"]


def seed(community: Community) -> Iterator[Event]:
    """Load the tutorials and have members work through some, a sitting each."""
    rng = community.rng("tutorials")
    tutorials = create_tutorials()
    steps = {tutorial.pk: list(tutorial.steps.all()) for tutorial in tutorials}
    done, completions = [], []
    for member in community.members:
        wanted = min(len(tutorials), round(member.tastes["learning"] * rng.uniform(0, 5)))
        days = rng.sample(member.days, min(wanted, len(member.days)))
        chosen = rng.sample(tutorials, len(days))
        for tutorial, day in zip(chosen, sorted(days), strict=True):
            instant = community.moment(member, day, rng)
            course = steps[tutorial.pk]
            # Each tutorial once, so its title makes every note another one.
            note = f"{rng.choice(NOTES)} That was “{tutorial.title}”."
            about = f"tutorial:{tutorial.pk}"
            finishes = rng.random() < FINISHES and community.writes(
                member, note, about, instant, NOTE_WORDS
            )
            reached = course if finishes else course[: rng.randrange(1, len(course))]
            done += [StepDone(member=member.user, step=step, done_at=instant) for step in reached]
            if finishes:
                completions.append(
                    Completion(
                        member=member.user, tutorial=tutorial, note=note, completed_at=instant
                    )
                )
    StepDone.objects.bulk_create(done, batch_size=2_000)
    Completion.objects.bulk_create(completions, batch_size=2_000)
    for each in completions:
        yield event_of(each.member, ActivityType.TUTORIAL_COMPLETED, facts(each), each.completed_at)


def create_tutorials() -> list[Tutorial]:
    """Create the tutorials with their steps."""
    tutorials = []
    for entry in CONTENT["tutorial"]:
        tutorial = Tutorial.objects.create(
            title=entry["title"], slug=slugify(entry["title"]), summary=entry["summary"]
        )
        tutorials.append(tutorial)
        Step.objects.bulk_create(
            Step(tutorial=tutorial, position=position, title=step["title"], body=step["body"])
            for position, step in enumerate(entry["steps"], start=1)
        )
    return tutorials
