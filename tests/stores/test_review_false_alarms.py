"""What the detectors say of communities in which nobody cheats, and of one in which some do.

docs/explanation/review.md tells the same measurements at full size.
"""

import datetime as dt
import random
from collections import Counter

import pytest
from django.core.management import call_command

from tests.stores.review_community import (
    award,
    days,
    event,
    noon,
    ordinary_community,
    user,
)
from thrive_points.models import PointsHistory
from thrive_points.review.detectors import findings
from thrive_points.review.span import Span, span_of

pytestmark = pytest.mark.django_db

MEMBERS = 60
# Fixed days: whether a random community raises a false alarm must not depend on today's draw.
SPAN = span_of(dt.date(2026, 2, 9), dt.date(2026, 3, 8))
DAYS = days(SPAN)


@pytest.fixture
def seeded() -> Span:
    """Return the span of the demonstration community, up to its last day."""
    call_command("seed_demo", members=MEMBERS, days=28, until=str(SPAN.until), verbosity=0)
    newest = PointsHistory.objects.order_by("-day").values_list("day", flat=True)[0]
    return Span(since=newest - dt.timedelta(days=30), until=newest)


def test_nobody_of_the_demonstration_community_is_suspected(seeded: Span) -> None:
    assert PointsHistory.objects.filter(metadata__has_key="counterpart").count() > 500
    answer = findings(seeded)
    assert answer.members >= MEMBERS - 5
    assert answer.findings == ()
    assert answer.not_examined == {}


def test_those_who_cheat_among_them_are_found_and_nobody_else(seeded: Span) -> None:
    bot, one, two = user("bot"), user("one"), user("two")
    ring = [user(f"ring{n}") for n in range(4)]
    award(
        [event(bot, "quiz_completed", noon(day, seconds=n)) for day in DAYS[:8] for n in range(12)]
        + [event(one, "feedback_given", noon(day), two) for day in DAYS[:10]]
        + [event(two, "feedback_given", noon(day, hours=1), one) for day in DAYS[:10]]
        + [
            event(me, "circle_reaction", noon(day, hours=2 + n), ring[(n + 1) % 4])
            for day in DAYS[:10]
            for n, me in enumerate(ring)
        ]
    )
    found = {(s.detector, frozenset(s.members)) for s in findings(seeded).findings}
    assert found == {
        ("burst", frozenset({bot.pk})),
        ("at_cap_daily", frozenset({bot.pk})),
        ("grinder", frozenset({bot.pk})),
        ("sameness", frozenset({bot.pk})),
        ("mutual_pair", frozenset({one.pk, two.pk})),
        ("ring", frozenset(member.pk for member in ring)),
    }


def test_members_far_keener_than_real_ones_raise_few_alarms() -> None:
    ordinary_community(MEMBERS, SPAN, random.Random(20))
    alarms = Counter(finding.detector for finding in findings(SPAN).findings)
    assert alarms.total() <= MEMBERS * 0.05, alarms
    assert set(alarms) <= {"at_cap_daily", "grinder"}
