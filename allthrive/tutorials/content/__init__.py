"""The tutorials a fresh site starts with."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from allthrive.tutorials.models import Step, Tutorial

SOURCE = Path(__file__).with_name("tutorials.toml")


@transaction.atomic
def load() -> list[Tutorial]:
    """Create the tutorials of `tutorials.toml` with their steps, and return them."""
    tutorials = []
    for entry in tomllib.loads(SOURCE.read_text(encoding="utf-8"))["tutorial"]:
        tutorial = Tutorial.objects.create(
            title=entry["title"], slug=slugify(entry["title"]), summary=entry["summary"]
        )
        tutorials.append(tutorial)
        Step.objects.bulk_create(
            Step(tutorial=tutorial, position=position, title=step["title"], body=step["body"])
            for position, step in enumerate(entry["steps"], start=1)
        )
    return tutorials
