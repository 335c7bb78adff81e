"""The service from async code: the same answers, awaited."""

import asyncio
import inspect

import pytest
from asgiref.sync import async_to_sync

from tests.stores.books import assert_books_agree
from thrive_points import PointsError, PointsService

SISTERS = [
    name
    for name, _ in inspect.getmembers(PointsService, inspect.isfunction)
    if not name.startswith("_") and f"a{name}" in dir(PointsService)
]


def test_each_call_has_a_sister_of_the_same_arguments():
    calls = {"award_points", "award_many", "award_stream", "reverse", "reverse_many", "adjust"}
    assert calls <= set(SISTERS)
    for name in SISTERS:
        sister = getattr(PointsService, f"a{name}")
        ours = inspect.signature(getattr(PointsService, name)).parameters
        assert list(inspect.signature(sister).parameters.values()) == list(ours.values()), name
        assert inspect.iscoroutinefunction(sister) or inspect.isasyncgenfunction(sister)


@pytest.mark.django_db
def test_the_sisters_do_what_the_calls_do(user):
    async def story():
        awarded = await PointsService.aaward_points(user, "quiz_completed", event_key="a")
        again = await PointsService.aaward_points(user, "quiz_completed", event_key="a")
        events = [
            {"user": user, "activity_type": name, "event_key": f"b:{name}"}
            for name in ("quiz_completed", "tutorial_completed", "nonsense")
        ]
        many = await PointsService.aaward_many(events[:2])
        stream = [
            one
            async for one in PointsService.aaward_stream(events, batch_size=2, on_error="report")
        ]
        back = await PointsService.areverse(user, "a", "wrong")
        backs = await PointsService.areverse_many(user, ["b:quiz_completed"], "wrong")
        given = await PointsService.aadjust(user, 7, "thanks", event_key="c")
        return awarded, again, many, stream, back, backs, given

    awarded, again, many, stream, back, backs, given = async_to_sync(story)()
    assert (awarded.points_awarded, again.outcome, again.first.points) == (20, "duplicate", 20)
    assert [one.points_awarded for one in many] == [20, 10]
    assert [getattr(one, "outcome", None) for one in stream] == ["duplicate", "duplicate", None]
    assert isinstance(stream[2], PointsError)
    assert [back.points_awarded, backs[0].points_awarded, given.points_awarded] == [-20, -20, 7]
    assert given.total_points == 17
    assert_books_agree()


@pytest.mark.django_db
def test_misuse_is_raised_where_it_is_awaited(user):
    async def wrong():
        await PointsService.aaward_points(user, "nonsense")

    with pytest.raises(PointsError):
        asyncio.run(wrong())
