"""One's own ledger as it is read: what it was about, folded, filtered, and as a file."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet

from allthrive.accounts.models import User
from allthrive.battles.models import Battle
from allthrive.challenges.models import WeeklyChallenge
from allthrive.events.models import Event
from allthrive.hunts.models import Hunt
from allthrive.mentoring.models import Session
from allthrive.projects.models import Project
from allthrive.quizzes.models import Quiz
from allthrive.side_quests.models import Quest
from allthrive.tutorials.models import Tutorial
from thrive_points import Category, Outcome
from thrive_points.models import PointsHistory
from thrive_points.rules.current import rulebook

THINGS: dict[str, type[models.Model]] = {
    "quiz_id": Quiz,
    "tutorial_id": Tutorial,
    "quest_id": Quest,
    "hunt_id": Hunt,
    "project_id": Project,
    "battle_id": Battle,
    "challenge_id": WeeklyChallenge,
    "event_id": Event,
    "session_id": Session,
}
"""What the facts of an award name, and where it is found."""
SMALL = 5
"""Activities of so few points are folded where a day has several."""
_WHEN = ((" today", " that day"), ("again tomorrow", "again the day after"),
         (" this week", " that week"), ("again next week", "again the week after"))  # fmt: skip


@dataclass(slots=True)
class Line:
    """An entry of the ledger, or several small ones of a day, with what it was about."""

    entry: PointsHistory
    explanation: str
    thing: Any = None
    total: int | None = None
    folded: list[PointsHistory] = field(default_factory=list)

    @property
    def points(self) -> int:
        """Return what the entries gave together."""
        return self.entry.points + sum(entry.points for entry in self.folded)


class HistoryFilter(forms.Form):
    """Which entries are shown."""

    category = forms.ChoiceField(required=False)
    activity = forms.ChoiceField(required=False)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = rulebook()
        categories = [(category.value, category.label) for category in Category]
        activities = sorted((book.label_of(name), name) for name in book.activity_types())
        self.fields["category"].choices = [("", "All"), *categories]  # type: ignore[attr-defined]
        self.fields["activity"].choices = [  # type: ignore[attr-defined]
            ("", "All"),
            *((name, f"{label[:1].upper()}{label[1:]}") for label, name in activities),
        ]

    def entries_of(self, user: User) -> QuerySet[PointsHistory]:
        """Return a member's entries that are asked for, the newest first; all when it is wrong."""
        entries = PointsHistory.objects.filter(user_id=user.pk).order_by("-number")
        if not self.is_valid():
            return entries
        given = self.cleaned_data
        book = rulebook()
        if given["category"]:
            names = [n for n in book.activity_types() if book.category_of(n) == given["category"]]
            entries = entries.filter(activity_type__in=names)
        if given["activity"]:
            entries = entries.filter(activity_type=given["activity"])
        if given["since"]:
            entries = entries.filter(day__gte=given["since"])
        if given["until"]:
            entries = entries.filter(day__lte=given["until"])
        return entries


def lines(entries: Iterable[PointsHistory], today: date, total: int | None = None) -> list[Line]:
    """Return entries, the newest first, as lines for a page.

    Args:
        entries: without gaps where `total` is given.
        today: the member's day.
        total: the total after the newest of them; None for no running totals.
    """
    entries = list(entries)
    things = things_of(entries)
    found: list[Line] = []
    small: dict[tuple[date, str], Line] = {}
    for entry in entries:
        is_small = entry.reverses is None and 0 <= entry.points < SMALL
        first = small.get((entry.day, entry.activity_type)) if is_small else None
        if first is None:
            line = Line(entry, told(entry, today), things.get(entry.number), total)
            found.append(line)
            if is_small:
                small[entry.day, entry.activity_type] = line
        else:
            first.folded.append(entry)
        if total is not None:
            total -= entry.points
    return found


def told(entry: PointsHistory, today: date) -> str:
    """Return why an entry gave what it gave, with "today" where it was today."""
    explanation = entry.explanation
    if entry.day == today or entry.outcome in (Outcome.REVERSED, Outcome.ADJUSTED):
        return explanation
    for now, then in _WHEN:
        explanation = explanation.replace(now, then)
    return explanation


def write_csv(file: Any, entries: Iterable[PointsHistory]) -> Iterator[str]:
    """Yield entries as lines of a CSV file.

    Args:
        file: what the standard library's writer writes to; its `write` returns what it was given.
        entries: in the order they are written.
    """
    writer = csv.writer(file)
    yield writer.writerow(["day", "occurred at", "activity", "points", "outcome", "explanation"])
    for entry in entries:
        when = entry.occurred_at.isoformat(timespec="seconds")
        # A spreadsheet would take a leading sign for a formula.
        explanation = entry.explanation
        safe = f"'{explanation}" if explanation[:1] in "=+-@\t\r" else explanation
        yield writer.writerow(
            [entry.day, when, entry.activity_type, entry.points, entry.outcome, safe]
        )


def things_of(entries: Iterable[PointsHistory]) -> dict[int, Any]:
    """Return what entries of one member are about, by their numbers; a query for each kind."""
    found: dict[int, Any] = {}
    for fact, model in THINGS.items():
        named = {
            entry.number: entry.metadata[fact]
            for entry in entries
            if isinstance(entry.metadata.get(fact), int)
        }
        known = model._default_manager.in_bulk(set(named.values())) if named else {}
        found |= {number: known[key] for number, key in named.items() if key in known}
    return found
