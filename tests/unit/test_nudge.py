"""The nudge: which category, in which words, and what to do."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.activities import Category
from thrive_points.core.nudge import next_steps, nudge
from thrive_points.core.rubric import Frequency

SPAN = "in the last 7 days"


@dataclass(frozen=True)
class Offer:
    category: Category
    next_points: int = 10
    frequency: Frequency = Frequency.OFTEN
    available: bool = True
    direct: bool = True


EVERYWHERE = [Offer(category) for category in Category]


def totals(**points):
    return {category: points.get(category.value, 0) for category in Category}


def even(points):
    return dict.fromkeys(Category, points)


def test_begins_with_the_first_category_when_nothing_was_earned():
    push = nudge(even(0), EVERYWHERE, SPAN)
    assert push.category is Category.CREATION
    assert push.message == (
        "Nothing earned in the last 7 days yet. Each of these is a good way to begin."
    )


def test_names_a_category_with_nothing():
    push = nudge(totals(creation=50, learning=50), EVERYWHERE, SPAN)
    assert push.category is Category.COMMUNITY
    assert push.message.startswith("Nothing from Community in the last 7 days yet.")


def test_names_a_category_with_little_and_how_little():
    push = nudge({**even(1_000), Category.COMMUNITY: 100}, EVERYWHERE, SPAN)
    assert push.category is Category.COMMUNITY
    assert "100 of 5,100 points" in push.message


def test_leaves_a_full_balance_alone():
    assert nudge(even(100), EVERYWHERE, SPAN) is None
    assert nudge({**even(100), Category.COMMUNITY: 60}, EVERYWHERE, SPAN) is None


def test_never_pushes_where_nothing_can_be_done():
    full = totals(creation=50, learning=50)
    offers = [
        Offer(Category.COMMUNITY, available=False),
        Offer(Category.CONSISTENCY, direct=False),
        Offer(Category.CHALLENGE),
    ]
    assert nudge(full, offers, SPAN).category is Category.CHALLENGE
    assert nudge(full, offers[:2], SPAN) is None


def test_suggests_the_everyday_first_then_by_points():
    rare = Offer(Category.COMMUNITY, 50, Frequency.RARELY)
    small = Offer(Category.COMMUNITY, 5)
    large = Offer(Category.COMMUNITY, 15)
    closed = Offer(Category.COMMUNITY, 99, available=False)
    other = Offer(Category.LEARNING, 20)
    offers = [rare, small, closed, other, large]
    assert next_steps(offers, Category.COMMUNITY) == [large, small, rare]
    assert next_steps(offers, limit=2) == [other, large]


@given(
    st.fixed_dictionaries({category: st.integers(-50, 10_000) for category in Category}),
    st.lists(st.builds(Offer, st.sampled_from(Category)), max_size=12),
)
def test_pushes_only_towards_the_least_of_what_can_be_done(points, offers):
    push = nudge(points, offers, SPAN)
    reachable = {offer.category for offer in offers}
    if push is None:
        return
    assert push.category in reachable
    assert points[push.category] == min(points[category] for category in reachable)
    assert next_steps(offers, push.category)
