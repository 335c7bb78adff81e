"""RuleBook: which rule decides an event of an activity type, at an instant, for a member.

Rules lie over each other in layers, and the uppermost that covers the instant and the member
decides:

1. the arm of an experiment;
2. a rollout: a revision for a share of the members;
3. a campaign: a revision for everybody that has an end;
4. a base: a revision for everybody without one;
5. the rule in code.

Within a layer the newest revision that covers the instant counts, the others wait beneath it. So
an activity has one rollout at a time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from typing import Any

from django.utils import timezone

from thrive_points.core.activities import Category
from thrive_points.core.rule import Rule
from thrive_points.core.shares import PARTS, in_share, part_of
from thrive_points.exceptions import UnknownActivityType


class Layer(IntEnum):
    """The layers of revisions, the lowest first."""

    BASE = 0
    CAMPAIGN = 1
    ROLLOUT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A rule from the database, and for when and whom it is in force.

    Args:
        name: as entries keep it, such as "r3".
        rule: None returns to the rule in code.
        effective_from, effective_until: its span as published; None for no end.
        share: percent of the members.
        rollout: number of the revision that its rollout began with, for a share; None for one of
            version 0.2.
        withdrawn_at: from when on it decides nothing, None if it was not withdrawn.
        problem: why this process cannot read it, so that it decides nothing here; else empty.
    """

    name: str
    rule: Rule | None
    effective_from: datetime
    effective_until: datetime | None = None
    share: int = 100
    rollout: int | None = None
    withdrawn_at: datetime | None = None
    problem: str = ""

    @property
    def layer(self) -> "Layer":
        """Return which layer it belongs to."""
        if self.share < 100:
            return Layer.ROLLOUT
        return Layer.BASE if self.effective_until is None else Layer.CAMPAIGN

    @property
    def over_at(self) -> datetime | None:
        """Return when it ends, by itself or withdrawn; None for no end."""
        ends = (self.effective_until, self.withdrawn_at)
        return min((end for end in ends if end is not None), default=None)

    def covers(self, instant: datetime) -> bool:
        """Return whether an instant lies in its span."""
        return (
            self.effective_from <= instant
            and (self.effective_until is None or instant < self.effective_until)
            and (self.withdrawn_at is None or instant < self.withdrawn_at)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment as the award path needs it.

    Args:
        name: "x7", which its split is salted with too.
        starts_at, ends_at: its span, a stop included.
        arms: for each arm the part of the members it ends before, and its rule; None for a rule
            that this process cannot read, whose members earn by what lies beneath.
        problem: why a rule cannot be read; else empty.
    """

    name: str
    starts_at: datetime
    ends_at: datetime
    arms: tuple[tuple[int, Rule | None], ...]
    problem: str = ""

    @property
    def share(self) -> int:
        """Return the percent of the members that take part."""
        return self.arms[-1][0] * 100 // PARTS

    @property
    def effective_from(self) -> datetime:
        """Return when it starts, as a revision calls it."""
        return self.starts_at

    @property
    def over_at(self) -> datetime:
        """Return when it ends, as a revision calls it."""
        return self.ends_at

    def covers(self, instant: datetime) -> bool:
        """Return whether it runs at an instant."""
        return self.starts_at <= instant < self.ends_at

    def rule_for(self, user_id: Any) -> Rule | None:
        """Return the rule of the user's arm, None for one who takes no part."""
        part = part_of(self.name, user_id)
        return next((rule for end, rule in self.arms if part < end), None)


Source = Experiment | Revision | None
"""What decides: an experiment, a revision, or None for the rule in code."""

IN_CODE = "the rule in code"


def name_of_source(source: Source) -> str:
    """Return what a source is called: x1, r1, or that it is the rule in code."""
    return IN_CODE if source is None else source.name


class State(StrEnum):
    """Where a revision or an experiment stands."""

    SCHEDULED = "scheduled"
    IN_FORCE = "in force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time during which the same sources decide.

    Args:
        starts, ends: when; None for no end.
        sources: those that decide for some of the members, the uppermost first.
    """

    starts: datetime
    ends: datetime | None
    sources: tuple[Source, ...]


class RuleBook:
    """Every rule of the site: the registry's, overridden by revisions and experiments."""

    def __init__(
        self,
        rules: Mapping[str, Rule],
        revisions: Mapping[str, tuple[Revision, ...]],
        experiments: Mapping[str, tuple[Experiment, ...]] | None = None,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """Take what there is of each activity type.

        Args:
            rules: the rules in code, which carry their revision.
            revisions: the newest first.
            experiments: in any order; no two cover one instant.
            names: for each new name of a renamed activity type the one the ledger knows.
        """
        self._rules = rules
        self._revisions = revisions
        self._experiments = experiments or {}
        self._names = names or {}
        self._shown = {kept: new for new, kept in self._names.items()}
        self._layers = {
            name: tuple(
                sorted(
                    (one for one in published if not one.problem),
                    key=lambda one: one.layer,
                    reverse=True,
                )
            )
            for name, published in revisions.items()
        }

    def resolve(self, activity_type: str, instant: datetime, user_id: Any = None) -> Rule:
        """Return the rule in force for an activity type at an instant.

        Args:
            activity_type: its plain name.
            instant: when the event occurred.
            user_id: primary key of the member it is for; without one only what is in force for
                everybody counts.

        Raises:
            UnknownActivityType: no rule names it.
        """
        if user_id is not None:
            for experiment in self._experiments.get(activity_type, ()):
                if experiment.covers(instant):
                    rule = experiment.rule_for(user_id)
                    if rule is not None:
                        return rule
        in_rollout = False
        for revision in self._layers.get(activity_type, ()):
            if not revision.covers(instant):
                continue
            if revision.share < 100:
                if in_rollout:
                    continue
                in_rollout = True
                salt = salt_of(activity_type, revision.rollout)
                if user_id is None or not in_share(salt, user_id, revision.share):
                    continue
            return revision.rule or self.in_code(activity_type)
        return self.in_code(activity_type)

    def sources_at(self, activity_type: str, instant: datetime) -> tuple[Source, ...]:
        """Return what decides for some of the members at an instant, the uppermost first."""
        found: list[Source] = []
        for experiment in self._experiments.get(activity_type, ()):
            if experiment.covers(instant) and any(rule for _, rule in experiment.arms):
                found.append(experiment)
                if experiment.share == 100 and all(rule for _, rule in experiment.arms):
                    return tuple(found)
        for layer in reversed(Layer):
            revision = self.revision_at(activity_type, layer, instant)
            if revision is not None:
                found.append(revision)
                if revision.share == 100:
                    return tuple(found)
        return (*found, None)

    def revision_at(self, activity_type: str, layer: Layer, instant: datetime) -> Revision | None:
        """Return the revision that counts in a layer at an instant, None for none."""
        return next(
            (
                one
                for one in self._layers.get(activity_type, ())
                if one.layer is layer and one.covers(instant)
            ),
            None,
        )

    def layers_at(self, activity_type: str, instant: datetime) -> list[tuple[int, Rule]]:
        """Return who gets which rule at an instant, experiments aside.

        Returns:
            Share in percent and rule: the rule for everybody, then that of a rollout, if any.
        """
        layers = [(100, self.resolve(activity_type, instant))]
        rollout = self.revision_at(activity_type, Layer.ROLLOUT, instant)
        if rollout is not None:
            layers.append((rollout.share, rollout.rule or self.in_code(activity_type)))
        return layers

    def stretches(self, activity_type: str, since: datetime) -> Iterator[Stretch]:
        """Yield what decides from an instant on, one stretch of time after another."""
        starts, sources = since, self.sources_at(activity_type, since)
        for edge in self.edges(activity_type, since):
            after = self.sources_at(activity_type, edge)
            if after != sources:
                yield Stretch(starts, edge, sources)
                starts, sources = edge, after
        yield Stretch(starts, None, sources)

    def edges(self, activity_type: str, after: datetime) -> list[datetime]:
        """Return the later instants at which something of an activity starts or ends, in order."""
        return sorted(
            {
                edge
                for one in self.published(activity_type)
                for edge in (one.effective_from, one.over_at)
                if edge is not None and edge > after
            }
        )

    def states(self, activity_type: str, now: datetime) -> dict[str, State]:
        """Return where each revision and experiment of an activity stands, by its name.

        It is scheduled, or in force, if it is what will decide, or decides, for some member. What
        lies beneath another that has an end is scheduled for then.
        """
        current, *later = self.stretches(activity_type, now)
        deciding = set(map(name_of_source, current.sources))
        to_come = {name_of_source(source) for stretch in later for source in stretch.sources}

        def of(one: Revision | Experiment) -> State:
            over_at = one.over_at
            if one.name in deciding:
                return State.IN_FORCE
            if one.name in to_come:
                return State.SCHEDULED
            if isinstance(one, Revision) and one.withdrawn_at is not None:
                return State.WITHDRAWN
            return State.OVER if over_at is not None and over_at <= now else State.REPLACED

        found = {one.name: of(one) for one in self.published(activity_type)}
        if unreadable := {one.name for one in self.published(activity_type) if one.problem}:
            # Those that would decide, or be to come, if this process could read them.
            could = self._as_if_readable(activity_type).states(activity_type, now)
            for name in unreadable:
                waits = could[name] in (State.IN_FORCE, State.SCHEDULED)
                found[name] = State.UNREADABLE if waits else could[name]
        return found

    def before(self, activity_type: str, revision: str) -> "RuleBook":
        """Return the rules as they were before a revision was published, experiments aside."""
        known = self.revisions_of(activity_type)
        names = [one.name for one in known]
        return RuleBook(self._rules, {activity_type: known[names.index(revision) + 1 :]})

    def with_revision(self, activity_type: str, revision: Revision) -> "RuleBook":
        """Return the rules as they are once a revision is published."""
        return self._changed(activity_type, (revision, *self.revisions_of(activity_type)))

    def with_withdrawal(
        self, activity_type: str, names: Iterable[str], instant: datetime
    ) -> "RuleBook":
        """Return the rules as they are once revisions are withdrawn from an instant on."""
        taken = set(names)
        return self._changed(
            activity_type,
            tuple(
                replace(one, withdrawn_at=instant) if one.name in taken else one
                for one in self.revisions_of(activity_type)
            ),
        )

    def in_code(self, activity_type: str) -> Rule:
        """Return the registry's rule.

        Raises:
            UnknownActivityType: no rule names the activity.
        """
        try:
            return self._rules[activity_type]
        except KeyError:
            raise UnknownActivityType(activity_type, sorted(self._rules)) from None

    def named(self, activity_type: str, revision: str) -> Rule | None:
        """Return the rule that decided under a revision's name, None if it is not known here.

        A rule in code is known only as it is now: once it changed, so did its name.
        """
        for known in self._revisions.get(activity_type, ()):
            if known.name == revision:
                return known.rule
        for experiment in self._experiments.get(activity_type, ()):
            for _, rule in experiment.arms:
                if rule is not None and rule.revision == revision:
                    return rule
        in_code = self._rules.get(activity_type)
        return in_code if in_code is not None and in_code.revision == revision else None

    def revisions_of(self, activity_type: str) -> tuple[Revision, ...]:
        """Return an activity's revisions, newest first."""
        return self._revisions.get(activity_type, ())

    def experiments_of(self, activity_type: str) -> tuple[Experiment, ...]:
        """Return an activity's experiments."""
        return self._experiments.get(activity_type, ())

    def published(self, activity_type: str) -> list[Revision | Experiment]:
        """Return an activity's revisions, newest first, and its experiments."""
        return [*self.revisions_of(activity_type), *self.experiments_of(activity_type)]

    def unreadable(self) -> Iterator[tuple[str, Revision | Experiment]]:
        """Yield each revision and experiment that this process cannot read, with its activity."""
        for name in {**self._revisions, **self._experiments}:
            for one in self.published(name):
                if one.problem:
                    yield name, one

    def name_of(self, activity_type: object) -> str:
        """Return the name the ledger knows for an activity type, an enum member or a string.

        Raises:
            UnknownActivityType: it is no string, or no rule names it.
        """
        name = activity_type.value if isinstance(activity_type, Enum) else activity_type
        if isinstance(name, str):
            name = self._names.get(name, name)
        if not isinstance(name, str) or name not in self._rules:
            raise UnknownActivityType(activity_type, sorted(self._rules))
        return str(name)

    def shown(self, activity_type: str) -> str:
        """Return the name that the site gives now to an activity type of the ledger."""
        return self._shown.get(activity_type, activity_type)

    def rules_at(self, instant: datetime, user_id: Any = None) -> dict[str, Rule]:
        """Return the rule in force for every activity type at an instant, for a member."""
        return {name: self.resolve(name, instant, user_id) for name in self._rules}

    def category_of(self, activity_type: str) -> Category | None:
        """Return the category an activity counts in today, past and all.

        An adjustment, or an activity type that lost its rule, counts in none: None.
        """
        rule = self._now(activity_type)
        return rule.category if rule else None

    def label_of(self, activity_type: str, recorded: str = "") -> str:
        """Return the words for an activity type.

        Args:
            activity_type: its plain name.
            recorded: the words an entry keeps, for one that has no rule any more; without them its
                name in plain writing.
        """
        rule = self._now(activity_type)
        return rule.label if rule else recorded or activity_type.replace("_", " ")

    def activity_types(self) -> Iterable[str]:
        """Return every activity type that has a rule, in the registry's order."""
        return self._rules.keys()

    def _now(self, activity_type: str) -> Rule | None:
        activity_type = self._names.get(activity_type, activity_type)
        if activity_type not in self._rules:
            return None
        return self.resolve(activity_type, timezone.now())

    def _as_if_readable(self, activity_type: str) -> "RuleBook":
        own = self.in_code(activity_type)
        return RuleBook(
            self._rules,
            {
                activity_type: tuple(
                    replace(o, problem="") for o in self.revisions_of(activity_type)
                )
            },
            {
                activity_type: tuple(
                    replace(
                        one, problem="", arms=tuple((end, rule or own) for end, rule in one.arms)
                    )
                    for one in self.experiments_of(activity_type)
                )
            },
        )

    def _changed(self, activity_type: str, revisions: tuple[Revision, ...]) -> "RuleBook":
        return RuleBook(
            self._rules,
            {**self._revisions, activity_type: revisions},
            self._experiments,
            self._names,
        )


def salt_of(activity_type: str, rollout: int | None) -> str:
    """Return what picks the members of a rollout, so that the next one has others.

    Args:
        activity_type: whose rule it is.
        rollout: number of the revision it began with; those of version 0.2 had none, and all
            picked alike.
    """
    return activity_type if rollout is None else f"{activity_type}:r{rollout}"


def arm_ends(shares: Iterable[int]) -> list[int]:
    """Return the part of the members that each arm of an experiment ends before.

    Args:
        shares: percent of the members in each arm, in order.
    """
    ends: list[int] = []
    for share in shares:
        ends.append((ends[-1] if ends else 0) + share * (PARTS // 100))
    return ends
