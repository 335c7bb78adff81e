"""What a feature tells the site about itself: its address, and the doorways to its pages.

A feature is a Django app named in `settings.FEATURES` whose `apps.py` subclasses `FeatureConfig`:

    from allthrive import features

    class QuizzesConfig(features.FeatureConfig):
        name = "allthrive.quizzes"
        url_prefix = "quizzes/"
        doorways = (
            features.Doorway(
                label="Quizzes",
                url_name="quizzes:index",
                group=features.LEARN,
                icon="quiz",
                invitation="Take a quick quiz",
                earns=("quiz_completed",),
            ),
        )

Routes, navigation, the home page's suggestions and the activity page's links follow from that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
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


class FeatureConfig(AppConfig):
    """The configuration of a feature app."""

    url_prefix: str = ""
    doorways: tuple[Doorway, ...] = ()


def doorways() -> Iterator[Doorway]:
    """Yield the doorways of every installed feature, in the order of `settings.FEATURES`."""
    for config in apps.get_app_configs():
        if isinstance(config, FeatureConfig):
            yield from config.doorways


def url_of(activity_type: str) -> str | None:
    """Return the address of the first doorway that an activity belongs to, None without one."""
    return next(
        (door.url for door in doorways() if activity_type in door.earns + door.granted), None
    )


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Give templates the doorways by group, and the one that is being visited.

    The current doorway is the one with the longest address that the request's path starts with.
    """
    entries = [(door, door.url) for door in doorways()]
    here = [url for _, url in entries if request.path.startswith(url)]
    current = max(here, key=len, default=None)
    groups = [
        (group, [(door, url, url == current) for door, url in entries if door.group == group])
        for group in GROUPS
    ]
    return {"navigation": [(group, doors) for group, doors in groups if doors]}
