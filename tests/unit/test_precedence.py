"""The law of precedence, on random rule books against a model that tries every source in turn."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.shares import PARTS, in_share, part_of
from thrive_points.rules.effects import BENEATH, DISPLACES, RESTORES, effects
from thrive_points.rules.registry import POINT_RULES
from thrive_points.rules.rulebook import (
    Experiment,
    Revision,
    RuleBook,
    State,
    arm_ends,
    name_of_source,
    salt_of,
)

QUIZ = "quiz_completed"
CODE = replace(POINT_RULES[QUIZ], revision="code")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
MEMBERS = range(60)
DAYS = range(-1, 13)


def day(number):
    return NOW + timedelta(days=number)


def rule(name):
    return replace(CODE, revision=name)


@st.composite
def books(draw):
    """Return random revisions, newest first, and an experiment or none."""
    revisions = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        starts = draw(st.integers(-3, 8))
        name = f"r{number}"
        share = draw(st.sampled_from([100, 100, 10, 40, 70]))
        revisions.append(
            Revision(
                name=name,
                rule=draw(st.sampled_from([rule(name), rule(name), rule(name), None])),
                effective_from=day(starts),
                effective_until=draw(st.sampled_from([None, day(starts + 2), day(starts + 5)])),
                share=share,
                rollout=draw(st.sampled_from([None, number])) if share < 100 else None,
                withdrawn_at=draw(st.sampled_from([None, None, day(starts - 1), day(starts + 1)])),
                problem=draw(st.sampled_from(["", "", "", "cannot be read"])),
            )
        )
    experiments = []
    if draw(st.booleans()):
        shares = draw(st.sampled_from([(50, 50), (30, 30), (20, 50)]))
        arms = zip(arm_ends(shares), (rule("x1:a"), rule("x1:b")), strict=True)
        starts = draw(st.integers(-3, 8))
        experiments.append(
            Experiment(name="x1", starts_at=day(starts), ends_at=day(starts + 3), arms=tuple(arms))
        )
    return revisions[::-1], experiments


def book_of(revisions, experiments):
    return RuleBook({QUIZ: CODE}, {QUIZ: tuple(revisions)}, {QUIZ: tuple(experiments)})


def expected(given_book, instant, member):
    """Return what decides, as the documents say it: by name, and the rule's own name."""
    revisions, experiments = given_book
    for one in experiments:
        if one.starts_at <= instant < one.ends_at:
            part = part_of("x1", member) * 100 // PARTS
            first, second = (end * 100 // PARTS for end, _ in one.arms)
            if part < second:
                return "x1", "x1:a" if part < first else "x1:b"
    alive = [
        one
        for one in revisions
        if not one.problem
        and one.effective_from <= instant
        and not (one.effective_until and one.effective_until <= instant)
        and not (one.withdrawn_at and one.withdrawn_at <= instant)
    ]
    number = {one.name: int(one.name[1:]) for one in alive}
    rollouts = [one for one in alive if one.share != 100]
    campaigns = [one for one in alive if one.share == 100 and one.effective_until]
    bases = [one for one in alive if one.share == 100 and not one.effective_until]
    for layer in (rollouts, campaigns, bases):
        if layer:
            newest = max(layer, key=lambda one: number[one.name])
            salt = salt_of(QUIZ, newest.rollout)
            if newest.share == 100 or in_share(salt, member, newest.share):
                return newest.name, newest.rule.revision if newest.rule else "code"
    return "the rule in code", "code"


@given(books())
def test_what_decides_is_what_the_law_says(given_book):
    book = book_of(*given_book)
    for number in DAYS:
        decided = {}
        for member in MEMBERS:
            decided[member] = expected(given_book, day(number), member)
            assert book.resolve(QUIZ, day(number), member).revision == decided[member][1]
        # What may decide for somebody is named; sixty members need not include one of 10 percent.
        named = {name_of_source(source) for source in book.sources_at(QUIZ, day(number))}
        assert {name for name, _ in decided.values()} <= named


@given(books())
def test_what_is_shown_is_what_will_decide(given_book):
    """Deciding now, later or never again: asked of every instant at which anything changes."""
    book = book_of(*given_book)
    states = book.states(QUIZ, NOW)
    members = range(400)
    edges = [NOW, *book.edges(QUIZ, NOW)]
    deciding = [
        {expected(given_book, instant, member)[0] for member in members} for instant in edges
    ]
    for name, state in states.items():
        if name in deciding[0]:
            assert state is State.IN_FORCE
        elif any(name in names for names in deciding[1:]):
            assert state is State.SCHEDULED
        else:
            assert state not in (State.IN_FORCE, State.SCHEDULED)


@given(books(), st.integers(0, 8), st.sampled_from([None, 2, 5]), st.sampled_from([100, 40]))
def test_publishing_says_all_that_it_displaces(given_book, starts, length, share):
    revisions, experiments = given_book
    new = Revision(
        name="r99",
        rule=rule("r99"),
        effective_from=day(starts),
        effective_until=day(starts + length) if length else None,
        share=share,
        rollout=99 if share < 100 else None,
    )
    before = book_of(revisions, experiments)
    after = before.with_revision(QUIZ, new)
    said = effects(before, after, QUIZ, NOW, "r99")
    for number in [n / 2 for n in range(40)]:
        instant = day(number)
        was, now = (
            {name_of_source(source) for source in book.sources_at(QUIZ, instant)}
            for book in (before, after)
        )

        def told(kind, instant=instant):
            return {
                effect.name
                for effect in said
                if effect.kind == kind
                and effect.starts <= instant
                and (effect.ends is None or instant < effect.ends)
            }

        assert told(DISPLACES) == was - now
        assert told(RESTORES) == now - was - {"r99"}
        if new.covers(instant):
            sources = after.sources_at(QUIZ, instant)
            over = sources[: sources.index(new)] if new in sources else sources
            assert told(BENEATH) == {source.name for source in over if source is not None}
        else:
            assert told(BENEATH) == set()


@given(books())
def test_a_withdrawal_leaves_what_lies_beneath(given_book):
    revisions, experiments = given_book
    for one in revisions:
        after = book_of(revisions, experiments).with_withdrawal(QUIZ, [one.name], NOW)
        without = book_of([other for other in revisions if other != one], experiments)
        for number in range(13):
            for member in MEMBERS:
                assert (
                    after.resolve(QUIZ, day(number), member).revision
                    == without.resolve(QUIZ, day(number), member).revision
                )


def test_shares_nest_within_a_rollout_and_not_across_two():
    members = range(4_000)
    first, second = (
        [member for member in members if in_share(salt_of(QUIZ, number), member, 10)]
        for number in (1, 5)
    )
    grown = {member for member in members if in_share(salt_of(QUIZ, 1), member, 50)}
    assert set(first) < grown
    both = len(set(first) & set(second)) / len(first)
    assert 0.04 < both < 0.2, "a tenth of them, as chance has it"
    arms = [part_of("x3", member) < PARTS // 2 for member in first]
    assert 0.4 < sum(arms) / len(arms) < 0.6
