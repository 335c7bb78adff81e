"""The whole site as a browser meets it: a seeded community, its people, and all of its pages."""

import re

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db.models import CharField, Q, TextField
from django.test import Client
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.urls.converters import IntConverter
from playwright.sync_api import Page, expect

from allthrive.accounts.models import User
from allthrive.features import FeatureConfig
from allthrive.mentoring.models import Mentor, Session
from allthrive.mentoring.services import ask

PASSWORD = "blue-heron-42"


def seed_community() -> None:
    """Fill the site with a small community whose members can sign in."""
    call_command("seed_demo", members=40, days=24, verbosity=0)
    User.objects.update(password=make_password(PASSWORD))
    alice = User.objects.get(username="alice")
    mentor = Mentor.objects.exclude(member=alice).first()
    assert mentor is not None
    ask(mentor=mentor, mentee=alice, topic="A talk", message="May I practise with you?")


def say_everything_in_one_word() -> None:
    """Replace whatever people wrote by a single word as long as its field allows."""
    for config in apps.get_app_configs():
        if not isinstance(config, FeatureConfig):
            continue
        for model in config.get_models():
            free = {
                field.name: "W" * (field.max_length or 500)
                for field in model._meta.fields
                if type(field) in (CharField, TextField)
                and not (field.choices or field.unique)
                and field.name not in ("password", "timezone")
            }
            if free:
                model._base_manager.update(**free)


def sign_in(page: Page, username: str) -> None:
    """Give the page's browser a session of the member, as the sign-in form would."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    page.goto("/")
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": page.url}])
    page.goto("/")
    expect(page.get_by_role("navigation", name="You", exact=True)).to_be_visible()


def pages_of(username: str | None) -> dict[str, str]:
    """Return the address of one page of every kind that links lead somebody to, by view name.

    Args:
        username: a member, who starts at home and at pages of their own; None for a visitor.
    """
    client = Client()
    waiting = ["/"]
    if username is not None:
        user = User.objects.get(username=username)
        client.force_login(user)
        waiting += _own_pages(user)
    found: dict[str, str] = {}
    seen = set(waiting)
    while waiting:
        address = waiting.pop(0)
        match = resolve(address.partition("?")[0])
        if match.namespace not in _namespaces() or match.view_name in found:
            continue
        answer = client.get(address, HTTP_ACCEPT="text/html")
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.status_code != 200 or not is_page:
            continue
        found[match.view_name] = address
        for link in re.findall(r'href="(/[^"#]*)"', answer.content.decode()):
            if link not in seen and not link.startswith("/static/"):
                seen.add(link)
                waiting.append(link)
    return found


def _own_pages(user: User) -> list[str]:
    sessions = Session.objects.filter(Q(mentor=user) | Q(mentee=user))
    return [
        *(reverse("projects:edit", args=[project.pk]) for project in user.projects.all()[:1]),
        *(attempt.get_absolute_url() for attempt in user.quiz_attempts.all()[:1]),
        *(session.get_absolute_url() for session in sessions[:1]),
    ]


def views_with_a_page() -> set[str]:
    """Return the names of all feature views that take GET, whether a link leads there or not."""
    client = Client()
    client.force_login(User.objects.get(is_staff=True))
    found = set()
    for resolver in get_resolver().url_patterns:
        if not isinstance(resolver, URLResolver) or resolver.namespace not in _namespaces():
            continue
        for pattern in resolver.url_patterns:
            name = f"{resolver.namespace}:{pattern.name}"
            # An object that isn't there: a view that only takes POST says so before it looks.
            nothing = {
                key: 0 if isinstance(converter, IntConverter) else "nothing"
                for key, converter in pattern.pattern.converters.items()
            }
            if client.get(reverse(name, kwargs=nothing)).status_code != 405:
                found.add(name)
    return found


def _namespaces() -> set[str]:
    return {
        config.name.rpartition(".")[2]
        for config in apps.get_app_configs()
        if isinstance(config, FeatureConfig)
    }
