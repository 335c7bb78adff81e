"""The doorways of the site: its pages where something can be done, and what that can earn.

The navigation, the home page's suggestions and the activity page's links follow from them.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

LEARN = "Learn"
CREATE = "Create"
PLAY = "Play"
TOGETHER = "Together"
GROUPS = (LEARN, CREATE, PLAY, TOGETHER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Doorway:
    """One page where something can be done, and the activity types it can earn.

    `earns` is what the member's own doing brings, `granted` what somebody else decides on
    afterwards: the page belongs to both, but nobody is invited to do what is not theirs to do.

    `url_name` takes no arguments. `icon` names a symbol of `static/allthrive/icons.svg`.
    `invitation` is what the home page says, an imperative phrase without a number: values come
    from the registry.
    """

    label: str
    url_name: str
    group: str
    icon: str
    invitation: str
    earns: tuple[str, ...]
    granted: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Return the page's address."""
        return reverse(self.url_name)


DOORWAYS = (
    Doorway(
        label="Quizzes",
        url_name="quizzes:index",
        group=LEARN,
        icon="quiz",
        invitation="Take a quick quiz",
        earns=("quiz_completed",),
    ),
    Doorway(
        label="Tutorials",
        url_name="tutorials:index",
        group=LEARN,
        icon="tutorial",
        invitation="Work through a tutorial",
        earns=("tutorial_completed",),
    ),
    Doorway(
        label="Projects",
        url_name="projects:index",
        group=CREATE,
        icon="project",
        invitation="Give feedback on a project",
        earns=("feedback_given", "project_shared"),
    ),
    Doorway(
        label="My projects",
        url_name="projects:mine",
        group=CREATE,
        icon="bolt",
        invitation="Start or publish a project",
        earns=("project_created", "project_published"),
        granted=("project_milestone_reached",),
    ),
    Doorway(
        label="Your circle",
        url_name="circles:index",
        group=TOGETHER,
        icon="circle",
        invitation="Look in on your circle",
        earns=("circle_visited", "circle_reaction", "circle_joined"),
    ),
    Doorway(
        label="Side quests",
        url_name="side_quests:index",
        group=LEARN,
        icon="quest",
        invitation="Go on a side quest",
        earns=("side_quest_completed", "quest_chain_completed"),
    ),
    Doorway(
        label="Battles",
        url_name="battles:index",
        group=PLAY,
        icon="battle",
        invitation="Battle another member over a prompt",
        earns=("battle_participated",),
        granted=("battle_won",),
    ),
    Doorway(
        label="Weekly challenge",
        url_name="challenges:index",
        group=PLAY,
        icon="challenge",
        invitation="Take on this week's challenge",
        earns=("challenge_opted_in", "weekly_challenge_submitted"),
        granted=("weekly_challenge_completed",),
    ),
    Doorway(
        label="Scavenger hunts",
        url_name="hunts:index",
        group=PLAY,
        icon="hunt",
        invitation="Follow the clues of a scavenger hunt",
        earns=("scavenger_hunt_completed",),
    ),
    Doorway(
        label="Events",
        url_name="events:index",
        group=TOGETHER,
        icon="event",
        invitation="Come to a community event",
        earns=("event_attended",),
    ),
    Doorway(
        label="Mentoring",
        url_name="mentoring:index",
        group=TOGETHER,
        icon="mentor",
        invitation="Mentor another member",
        earns=("mentor_session_held",),
    ),
    Doorway(
        label="Invite friends",
        url_name="referrals:index",
        group=TOGETHER,
        icon="referral",
        invitation="Invite somebody you would like to learn with",
        earns=("referral_converted",),
    ),
)


def url_of(activity_type: str) -> str | None:
    """Return the address of the first doorway that an activity belongs to, None without one."""
    return next((door.url for door in DOORWAYS if activity_type in door.earns + door.granted), None)


def by_group() -> list[tuple[str, list[Doorway]]]:
    """Return the doorways of each group."""
    return [(group, [door for door in DOORWAYS if door.group == group]) for group in GROUPS]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the doorways by group, and the one that is being visited.

    The current doorway is the one with the longest address that the request's path starts with.
    """
    here = [door.url for door in DOORWAYS if request.path.startswith(door.url)]
    current = max(here, key=len, default=None)
    groups = [
        (group, [(door, door.url, door.url == current) for door in doors])
        for group, doors in by_group()
    ]
    return {"navigation": groups}
