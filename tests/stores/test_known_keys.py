"""An event under a known key: replayed where it is the same, a conflict where it is not."""

import logging
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from tests.stores.books import assert_books_agree, entries
from thrive_points import Modifier, Outcome, PointsError, PointsService
from thrive_points.rules.registry import POINT_RULES

pytestmark = pytest.mark.django_db


def award(user, activity="quiz_completed", **kwargs):
    return PointsService.award_points(user, activity, event_key="k", **kwargs)


@pytest.fixture(params=["single", "batch", "one batch"])
def send_twice(request, user):
    """Send two events under one key: each by itself, or in a batch of its own, or in the same."""

    def send(first, second):
        events = [{"user": user, "event_key": "k", **one} for one in (first, second)]
        if request.param == "single":
            return [PointsService.award_points(**one) for one in events]
        if request.param == "one batch":
            return PointsService.award_many(events)
        return [PointsService.award_many([one])[0] for one in events]

    return send


QUIZ = {"activity_type": "quiz_completed"}
QUEST = {"activity_type": "side_quest_completed"}


def test_a_duplicate_replays_the_first_answer(user, send_twice):
    event = {**QUIZ, "metadata": {"score": 80}}
    first, again = send_twice(event, event)
    assert (again.outcome, again.points_awarded, again.differs) == (Outcome.DUPLICATE, 0, ())
    assert again.first.points == first.points_awarded == 20
    assert again.first.outcome is Outcome.AWARDED
    assert again.first.arithmetic == first.arithmetic
    assert again.first.rule_revision == first.rule_revision
    assert again.first.explanation == first.explanation
    assert (again.first.number, again.number) == (1, 1)
    assert (again.day, again.occurred_at) == (first.day, first.occurred_at)
    assert (again.first.reversed, again.first.promoted) == (False, 0)
    assert (again.total_points, again.leveled_up) == (20, False)
    assert again.as_dict()["first"]["points"] == 20
    assert first.first is None
    assert len(entries(user)) == 1
    assert_books_agree()


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        (QUIZ, {"activity_type": "tutorial_completed"}, ("activity_type",)),
        (QUIZ, {**QUIZ, "occurred_at": timezone.now() - timedelta(days=1)}, ("occurred_at",)),
        (
            {**QUEST, "metadata": {"difficulty": "easy"}},
            {**QUEST, "metadata": {"difficulty": "hard"}},
            ("metadata.difficulty",),
        ),
        (QUEST, {**QUEST, "metadata": {"difficulty": "easy"}}, ("metadata.difficulty",)),
        (QUEST, {**QUEST, "metadata": {"difficulty": "hard"}}, ("metadata.difficulty",)),
        (
            {**QUEST, "metadata": {"difficulty": "easy", "by": 1}},
            {**QUEST, "metadata": {"difficulty": "hard", "by": 2}},
            ("metadata.difficulty", "metadata.by"),
        ),
    ],
)
def test_what_could_have_been_decided_otherwise_is_a_conflict(
    user, send_twice, caplog, first, second, differs
):
    with caplog.at_level(logging.WARNING, logger="thrive_points"):
        counted, again = send_twice(first, second)
    assert (again.outcome, again.points_awarded) == (Outcome.CONFLICT, 0)
    assert again.differs == differs
    assert again.first.points == counted.points_awarded
    assert again.first.activity_type == counted.activity_type
    assert again.explanation == f"Nothing more for {again.label}: this was counted before."
    (said,) = [record.getMessage() for record in caplog.records]
    assert "'k'" in said
    assert differs[0] in said
    assert len(entries(user)) == 1


def test_other_metadata_alone_stay_a_duplicate(user, send_twice, caplog):
    with caplog.at_level(logging.WARNING, logger="thrive_points"):
        _, again = send_twice(
            {**QUIZ, "metadata": {"score": 80, "where": ("a", 1)}},
            {**QUIZ, "metadata": {"score": 90, "where": ["a", 1], "new": None}},
        )
    assert again.outcome is Outcome.DUPLICATE
    assert again.differs == ("metadata.new", "metadata.score")
    assert not caplog.records


def test_what_a_modifier_reads_is_found_out_by_the_rule_that_decided(user, settings):
    def by_score(metadata):
        return Fraction(1, 2) if metadata["score"] < 50 else Fraction(1)

    modifier = Modifier(name="s", factor=by_score, lowest=Fraction(1, 2), highest=Fraction(1))
    rule = replace(POINT_RULES["quiz_completed"], modifiers=(modifier,), exception="a test's")
    settings.THRIVE_POINTS = {"RULES": {**POINT_RULES, "quiz_completed": rule}}
    award(user, metadata={"score": 80, "by": 1})
    # The same points, and yet not what was said first.
    assert award(user, metadata={"score": 90, "by": 1}).outcome is Outcome.CONFLICT
    assert award(user, metadata={"score": 80, "by": 2}).outcome is Outcome.DUPLICATE


def test_an_adjustment_of_other_points_is_a_conflict(user):
    PointsService.adjust(user, 100, "prize", event_key="prize:1")
    again = PointsService.adjust(user, 100, "prize", event_key="prize:1")
    assert (again.outcome, again.first.points, again.first.reason) == ("duplicate", 100, "prize")
    other = PointsService.adjust(user, -40, "wrong winner", event_key="prize:1")
    assert (other.outcome, other.differs) == (Outcome.CONFLICT, ("points", "reason"))
    reworded = PointsService.adjust(user, 100, "the prize", event_key="prize:1")
    assert (reworded.outcome, reworded.differs) == (Outcome.DUPLICATE, ("reason",))
    assert PointsService.award_points(user, "quiz_completed", event_key="prize:1").outcome == (
        Outcome.CONFLICT
    )
    assert user.total_points == 100


def test_the_first_answer_says_what_became_of_it(user):
    for n in range(11):
        PointsService.award_points(user, "quiz_completed", event_key=f"q:{n}")
    PointsService.reverse(user, "q:3", "copied")
    again = PointsService.award_points(user, "quiz_completed", event_key="q:3")
    assert (again.first.points, again.first.reversed, again.first.promoted) == (20, True, 0)
    promoted = PointsService.award_points(user, "quiz_completed", event_key="q:10")
    assert promoted.first.outcome is Outcome.CAPPED
    assert (promoted.first.points, promoted.first.promoted) == (0, 20)
    in_batch = PointsService.award_many(
        [{"user": user, **QUIZ, "event_key": key} for key in ("q:3", "q:10")]
    )
    assert [one.first for one in in_batch] == [again.first, promoted.first]


def test_the_first_answer_says_what_was_also_earned(user):
    start = timezone.now() - timedelta(days=20)
    logins = [
        {
            "user": user,
            "activity_type": "daily_login",
            "event_key": f"d:{n}",
            "occurred_at": start + timedelta(days=n),
        }
        for n in range(8)
    ]
    results = PointsService.award_many(logins)
    assert [also.activity_type for also in results[6].also_earned] == ["week_streak"]
    for again in (
        PointsService.award_points(**logins[6]),
        PointsService.award_many(logins)[6],
    ):
        assert [(one.activity_type, one.points) for one in again.first.also_earned] == [
            ("week_streak", 25)
        ]
    assert PointsService.award_points(**logins[5]).first.also_earned == ()


def test_a_key_is_given_as_an_argument_or_in_the_metadata(user):
    PointsService.award_points(user, "quiz_completed", {"event_key": "q:1"})
    assert (
        PointsService.award_points(user, "quiz_completed", event_key="q:1").outcome == "duplicate"
    )
    both = PointsService.award_points(user, "quiz_completed", {"event_key": "b"}, event_key="b")
    assert both.outcome is Outcome.AWARDED
    with pytest.raises(PointsError, match="give one, or the same twice"):
        PointsService.award_points(user, "quiz_completed", {"event_key": "c"}, event_key="d")
    with pytest.raises(PointsError, match=r"event 0 of the batch: .*the same twice"):
        PointsService.award_many(
            [{"user": user, **QUIZ, "metadata": {"event_key": "c"}, "event_key": "d"}]
        )


@pytest.mark.parametrize("name", ["event_id", "idempotency_key", "eventKey", "Idempotency-Key"])
def test_what_looks_like_a_key_and_is_none_is_said_once_in_debug(user, settings, recwarn, name):
    from thrive_points import validation

    validation._warned_of.clear()
    for debug in (False, True, True):
        settings.DEBUG = debug
        PointsService.award_points(user, "quiz_completed", {name: "7", "score": 1})
        PointsService.award_points(user, "quiz_completed", {name: "7"}, event_key="k")
    said = [str(one.message) for one in recwarn if name in str(one.message)]
    assert len(said) == 1
    assert "event_key=" in said[0]
    assert recwarn.pop(RuntimeWarning).filename == __file__


def test_a_clock_that_is_a_little_ahead_costs_nobody_anything(user, make_user):
    ahead = timezone.now() + timedelta(seconds=90)
    first = PointsService.award_points(user, "quiz_completed", event_key="k", occurred_at=ahead)
    assert (first.points_awarded, first.occurred_at) == (20, ahead)
    again = PointsService.award_points(user, "quiz_completed", event_key="k", occurred_at=ahead)
    assert again.outcome is Outcome.DUPLICATE
    batch = PointsService.award_many(
        [
            {"user": make_user(), **QUIZ, "event_key": "k", "occurred_at": at}
            for at in (ahead, ahead - timedelta(minutes=10))
        ]
    )
    assert [one.points_awarded for one in batch] == [20, 20]
    with pytest.raises(PointsError, match="two minutes more"):
        PointsService.award_points(
            user, "quiz_completed", occurred_at=timezone.now() + timedelta(minutes=3)
        )


def test_a_rule_of_the_near_future_decides_nothing_yet(user, monkeypatch):
    from thrive_points.rules.rulebook import RuleBook

    asked = []
    resolve = RuleBook.resolve

    def watched(book, name, instant, user_id=None):
        asked.append(instant)
        return resolve(book, name, instant, user_id)

    monkeypatch.setattr(RuleBook, "resolve", watched)
    before = timezone.now()
    PointsService.award_points(user, "quiz_completed", occurred_at=before + timedelta(seconds=60))
    assert before <= asked[0] <= timezone.now()


def test_a_stream_reports_a_bad_event_and_goes_on(user):
    events = [
        {"user": user, **QUIZ, "event_key": "a"},
        {"user": user, "activity_type": "nonsense", "event_key": "b"},
        {"user": user, **QUIZ, "event_key": "c"},
        "no event",
        {"user": user, **QUIZ, "event_key": "d"},
    ]
    results = list(PointsService.award_stream(events, batch_size=2, on_error="report"))
    assert [isinstance(one, PointsError) for one in results] == [False, True, False, True, False]
    assert "event 1 of the batch" in str(results[1])
    assert "event 3 of the batch" in str(results[3])
    assert [one.points_awarded for one in results if not isinstance(one, PointsError)] == [20] * 3
    assert user.total_points == 60
    with pytest.raises(PointsError):
        list(PointsService.award_stream(events[1:]))
    with pytest.raises(PointsError, match="allowed are 'raise' and 'report'"):
        PointsService.award_stream([], on_error="ignore")
    assert_books_agree()
