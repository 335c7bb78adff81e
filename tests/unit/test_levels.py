"""Levels, against the design's own list of starts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thrive_points.core.levels import LEVELS, Levels
from thrive_points.exceptions import InvalidLevels

DESIGN = """0, 100, 250, 500, 1,000, 1,750, 2,750, 4,000, 5,500, 7,500, 10,000, 13,000, 16,500,
20,500, 25,000, 30,000, 36,000, 43,000, 51,000, 60,000"""
STARTS = [int(start.strip().replace(",", "")) for start in re.split(r",\s", DESIGN)]


def test_levels_start_where_the_design_says():
    assert [LEVELS.start_of(level) for level in range(1, 21)] == STARTS
    assert [LEVELS.level_of(start) for start in STARTS] == list(range(1, 21))
    assert [LEVELS.level_of(start - 1) for start in STARTS[1:]] == list(range(1, 20))
    assert [LEVELS.level_of(total) for total in (69_999, 70_000, 160_000)] == [20, 21, 30]


def test_a_total_below_zero_is_level_one():
    assert LEVELS.level_of(-1) == LEVELS.level_of(-10_000) == 1


@given(st.integers(-1_000, 10_000_000))
def test_progress_bounds_the_total(total):
    progress = LEVELS.progress_of(total)
    assert progress.level == LEVELS.level_of(total)
    assert progress.starts_at <= max(total, 0) < progress.next_at
    assert LEVELS.level_of(total + 1) in (progress.level, progress.level + 1)


@pytest.mark.parametrize(
    ("starts", "step"),
    [
        *[(starts, 10) for starts in ((), (1, 2), (0, 5, 5), (0, 9, 5), (0, 5.0), (0, True))],
        *[((0, 5), step) for step in (0, -1, "10", True, None)],
    ],
)
def test_a_curve_begins_at_nothing_and_rises(starts, step):
    with pytest.raises(InvalidLevels):
        Levels(starts, step)


@given(
    st.lists(st.integers(1, 10_000), unique=True, max_size=30).map(sorted),
    st.integers(1, 5_000),
    st.integers(-100, 100_000),
)
def test_any_curve_bounds_any_total(starts, step, total):
    levels = Levels([0, *starts], step)
    progress = levels.progress_of(total)
    assert progress.starts_at <= max(total, 0) < progress.next_at
    assert levels.level_of(progress.starts_at) == progress.level
    assert levels.level_of(progress.next_at) == progress.level + 1
