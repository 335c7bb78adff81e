"""Count the way of one warm call through the platform's code: python -m benchmarks.walk.

With --verbose it shows the way itself, call by call.
"""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import thrive_points
from benchmarks.databases import own_database
from benchmarks.report import measuring, options_of

# Where the code was imported from, spelled as frames spell it: not the same through a link.
SOURCE = str(Path(thrive_points.__file__).parents[1]) + os.sep
WARM_UPS = 3
"""Calls before the one that counts; with it, they stay well under a quiz's cap of ten a day."""


@dataclass(frozen=True, slots=True)
class Step:
    """A call: its function, the file it lies in, and how deep within others of src/ it was made."""

    file: str
    function: str
    depth: int


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a reader has to go who follows a call.

    Args:
        calls: every call of a Python function whose code lies in a file under src/. Each time
            that a generator is resumed counts as a call. So does a comprehension until Python
            3.11, which newer versions no longer call; what the standard library makes for a
            dataclass or a named tuple lies in no file, and never counts.
        modules: the different files that those functions lie in.
        changes: how often a call lies in another file than the call before it.
        steps: the calls themselves, in their order.
    """

    calls: int
    modules: int
    changes: int
    steps: Sequence[Step] = ()


AWARD_AT_MOST = Walk(calls=60, modules=14, changes=30)
"""What is promised of an award."""


def walk_of(call: Callable[[], object]) -> Walk:
    """Call something and return its way through src/. The caller warms it up."""
    steps: list[Step] = []
    depth = 0

    def watch(frame: FrameType, event: str, _: object) -> None:
        nonlocal depth
        code = frame.f_code
        if not code.co_filename.startswith(SOURCE):
            return
        if event == "call":
            steps.append(Step(code.co_filename.removeprefix(SOURCE), code.co_qualname, depth))
            depth += 1
        elif event == "return":
            depth -= 1

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        call()
    finally:
        sys.setprofile(before)
    return Walk(
        calls=len(steps),
        modules=len({step.file for step in steps}),
        changes=sum(one.file != next_one.file for one, next_one in pairwise(steps)),
        steps=tuple(steps),
    )


def main() -> None:
    """Walk each way of writing points once it is warm, and print how long the walks were."""
    parser = options_of(__doc__)
    parser.add_argument("--verbose", action="store_true", help="print every call")
    options = parser.parse_args()
    with measuring("walk", save=options.save) as (server, report):
        os.environ |= own_database(server.url)
        import django

        django.setup()
        from django.contrib.auth.models import User

        members = list(User.objects.order_by("pk")[:5])
        walks = {name: warm_walk(ready) for name, ready in ways(members).items()}
        report.table(
            "One warm call",
            ["", "calls", "modules", "changes"],
            (
                [name, str(walk.calls), str(walk.modules), str(walk.changes)]
                for name, walk in walks.items()
            ),
        )
        for what in ("calls", "modules", "changes"):
            found, most = getattr(walks["award"], what), getattr(AWARD_AT_MOST, what)
            report.promise(found <= most, f"{what} of an award: {found}, at most {most}")
        if options.verbose:
            for name, walk in walks.items():
                shown = (f"{'  ' * step.depth}{step.function}  {step.file}" for step in walk.steps)
                report.say(f"## {name}")
                report.say("\n".join(["```text", *shown, "```"]))


def warm_walk(ready: Callable[[int], Callable[[], object]]) -> Walk:
    """Call what `ready` makes ready until it is warm, then return the walk of one more call."""
    for number in range(WARM_UPS):
        ready(number)()
    return walk_of(ready(WARM_UPS))


def ways(members: Sequence[Any]) -> dict[str, Callable[[int], Callable[[], object]]]:
    """Return what makes the n-th call of each way to write points ready.

    Args:
        members: five, one for each way, without any points.
    """
    from thrive_points import ActivityType, AwardEvent, PointsService

    awarded, repeating, corrected, adjusted, batched = members
    quiz = ActivityType.QUIZ_COMPLETED

    def metadata(number: int) -> dict[str, Any]:
        return {"event_key": f"quiz:{number}", "score": 80}

    def award(number: int) -> Callable[[], object]:
        return lambda: PointsService.award_points(awarded, quiz, metadata(number))

    def duplicate(_: int) -> Callable[[], object]:
        PointsService.award_points(repeating, quiz, metadata(0))
        return lambda: PointsService.award_points(repeating, quiz, metadata(0))

    def reverse(number: int) -> Callable[[], object]:
        PointsService.award_points(corrected, quiz, metadata(number))
        return lambda: PointsService.reverse(corrected, f"quiz:{number}", "a wrong answer key")

    def adjust(_: int) -> Callable[[], object]:
        return lambda: PointsService.adjust(adjusted, 5, "a bug report by mail")

    def award_many(number: int) -> Callable[[], object]:
        event = AwardEvent(user=batched, activity_type=quiz, metadata=metadata(number))
        return lambda: PointsService.award_many([event])

    all_ways = (award, duplicate, reverse, adjust, award_many)
    return {way.__name__: way for way in all_ways}


if __name__ == "__main__":
    main()
