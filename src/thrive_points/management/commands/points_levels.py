"""Show who would go up and down under another curve of levels."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.management.base import CommandError, CommandParser
from django.db.models import Count

from thrive_points.conf import points_settings
from thrive_points.core.levels import Levels
from thrive_points.exceptions import InvalidLevels
from thrive_points.management.examples import ExampleCommand
from thrive_points.models import UserThriveProfile

LISTED = 10
"""Members named each way."""


class Move(NamedTuple):
    """Members of one total, whose level would be another one."""

    total: int
    members: int
    now: int
    then: int


class Command(ExampleCommand):
    """Levels follow from totals alone, so a new curve moves members the moment it is deployed."""

    help = (
        "Show how many members have each level, and who would go up and down if the levels "
        "started elsewhere. Nothing is changed: put the new curve into THRIVE_POINTS['LEVELS']."
    )
    examples = (
        "manage.py points_levels",
        "manage.py points_levels --starts 0,50,150,400 --step 500",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--starts", help="Totals at which level 1, 2, 3 ... would start: 0,50")
        parser.add_argument("--step", type=int, help="Points of each level above those.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = points_settings().levels
        then = self._draft(now, options["starts"], options["step"])
        before, after = Counter[int](), Counter[int]()
        moves = []
        for total, members in _totals():
            move = Move(total, members, now.level_of(total), then.level_of(total))
            before[move.now] += members
            after[move.then] += members
            if move.now != move.then:
                moves.append(move)
        levels = sorted({*before, *after})
        if then == now:
            self.table(("level", "members"), [(level, before[level]) for level in levels])
            return
        self.table(
            ("level", "starts at", "would start at", "members", "would be"),
            [
                (level, now.start_of(level), then.start_of(level), before[level], after[level])
                for level in levels
            ],
        )
        for way, some in (
            ("up", [move for move in moves if move.then > move.now]),
            ("down", [move for move in moves if move.then < move.now]),
        ):
            self.stdout.write(f"\n{sum(move.members for move in some):,} members would go {way}.")
            if some:
                self.table(("member", "total", "level", "would be"), _members(some))

    def _draft(self, now: Levels, starts: str | None, step: int | None) -> Levels:
        try:
            return Levels(
                [int(start) for start in starts.split(",")] if starts else now.starts,
                now.step if step is None else step,
            )
        except (ValueError, InvalidLevels) as error:
            raise CommandError(f"--starts {starts} --step {step}: {error}") from error


def _totals() -> Iterator[tuple[int, int]]:
    """Yield each total that members have, the highest first, and how many have it."""
    rows = UserThriveProfile.objects.values("total_xp").annotate(members=Count("pk"))
    yield from rows.order_by("-total_xp").values_list("total_xp", "members").iterator()


def _members(moves: list[Move]) -> Iterator[tuple[Any, ...]]:
    """Yield those members of some moves that move the furthest."""
    left = LISTED
    for move in sorted(moves, key=lambda one: -abs(one.then - one.now)):
        found = UserThriveProfile.objects.filter(total_xp=move.total).select_related("user")
        for profile in found.order_by("pk")[:left]:
            yield str(profile.user), move.total, move.now, move.then
            left -= 1
        if not left:
            return
