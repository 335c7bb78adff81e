"""What a change of the rules displaces, and from when: the rule book before and after it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from thrive_points.rules.rulebook import Experiment, Revision, RuleBook, Source, name_of_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing a change does.

    Args:
        kind: `DISPLACES`, `ENDS`, `RESTORES` or `BENEATH`.
        name: what it does it to: r1, x1 or the rule in code.
        starts, ends: from when until when; None for no end.
        share: percent of the members; for BENEATH those whom the change does not reach.
        never: whether what is displaced or ended was still to begin, and decides nothing at all.
    """

    kind: str
    name: str
    starts: datetime
    ends: datetime | None = None
    share: int = 100
    never: bool = False

    def __str__(self) -> str:
        whom = "everybody" if self.share == 100 else f"{self.share}% of the members"
        span = f"from {_words(self.starts)}"
        span += f" until {_words(self.ends)}" if self.ends else ""
        if self.kind == BENEATH:
            return f"lies beneath {self.name} for {whom} {span}"
        if self.kind == RESTORES:
            return f"brings back {self.name} {span}"
        verb = "ends" if self.kind == ENDS else "takes the place of"
        if self.never:
            return f"{verb} {self.name}, which was to begin {_words(self.starts)} and never will"
        return f"{verb} {self.name} {span}"

    @property
    def surprises(self) -> bool:
        """Return whether it is more than a new rule in the place of the one in force."""
        return self.kind == BENEATH or (self.kind == DISPLACES and self.never)


DISPLACES, ENDS, RESTORES, BENEATH = _KINDS = ("displaces", "ends", "restores", "beneath")


def effects(
    before: RuleBook,
    after: RuleBook,
    activity_type: str,
    since: datetime,
    published: str | None = None,
) -> list[Effect]:
    """Return what a change of an activity's rules does, in the order of time.

    Args:
        before, after: the rules without and with it.
        activity_type: whose rules.
        since: when it is made.
        published: name of the revision that is new; None where some are only withdrawn.
    """
    found = [
        Effect(kind=kind, name=name, starts=starts, ends=ends, never=never)
        for kind, old, new in (
            (DISPLACES if published else ENDS, before, after),
            (RESTORES, after, before),
        )
        for name, starts, ends, never in _lost(old, new, activity_type, since)
        if name != published
    ]
    if published is not None:
        found += _above(after, activity_type, since, published)
    return sorted(found, key=lambda effect: (effect.starts, _KINDS.index(effect.kind), effect.name))


def _lost(
    old: RuleBook, new: RuleBook, activity_type: str, since: datetime
) -> Iterator[tuple[str, datetime, datetime | None, bool]]:
    """Yield name, start, end and "never" of what decides in one rule book and not in another."""
    kept = {
        name_of_source(source)
        for stretch in new.stretches(activity_type, since)
        for source in stretch.sources
    }
    open_since: dict[str, datetime] = {}
    for starts, ends in _spans(old, new, activity_type, since):
        was = set(map(name_of_source, old.sources_at(activity_type, starts)))
        lost = was - set(map(name_of_source, new.sources_at(activity_type, starts)))
        for name in lost:
            open_since.setdefault(name, starts)
        for name in sorted(set(open_since) - (lost if ends else set())):
            began = open_since.pop(name)
            never = name not in kept and name in _begins_after(old, activity_type, since)
            yield name, began, starts if name not in lost else None, never


def _begins_after(book: RuleBook, activity_type: str, since: datetime) -> set[str]:
    return {one.name for one in book.published(activity_type) if one.effective_from > since}


def _spans(
    one: RuleBook, other: RuleBook, activity_type: str, since: datetime
) -> Iterator[tuple[datetime, datetime | None]]:
    edges = sorted({*one.edges(activity_type, since), *other.edges(activity_type, since)})
    yield from zip([since, *edges], [*edges, None], strict=True)


def _above(book: RuleBook, activity_type: str, since: datetime, published: str) -> Iterator[Effect]:
    """Yield what lies over a new revision during its span."""
    revision = next(one for one in book.revisions_of(activity_type) if one.name == published)
    open_since: dict[str, tuple[datetime, int]] = {}
    for starts, ends in _spans(book, book, activity_type, since):
        above: dict[str, int] = {}
        if revision.covers(starts):
            for source in book.sources_at(activity_type, starts):
                if source is revision or source is None:
                    break
                above[source.name] = _share(source)
        for name, share in above.items():
            open_since.setdefault(name, (starts, share))
        for name in [name for name in open_since if ends is None or name not in above]:
            began, share = open_since.pop(name)
            until = None if name in above else starts
            yield Effect(kind=BENEATH, name=name, starts=began, ends=until, share=share)


def _share(source: Source) -> int:
    assert isinstance(source, Experiment | Revision)
    return source.share


def _words(instant: datetime) -> str:
    return f"{timezone.localtime(instant):%Y-%m-%d %H:%M %Z}"
