"""The detectors find what is planted and leave innocents alone: two communities of the measurement.

docs/explanation/review.md has the whole, made by `python -m benchmarks.abuse --write`.
"""

from typing import Any

import pytest

from benchmarks.abuse import ABUSE, FIRST, INNOCENTS, LAST, Count, measure, table
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def count() -> Count:
    return measure([101, 102])


@pytest.mark.parametrize("kind", ABUSE)
def test_abuse_is_found(count: Any, kind: str) -> None:
    assert count.caught[kind] >= 0.8 * count.planted[kind]


@pytest.mark.parametrize("kind", ["ordinary members", *INNOCENTS])
def test_innocents_are_left_alone(count: Any, kind: str) -> None:
    assert count.innocents[kind] >= 40
    # Forty members cannot show two per cent; all kinds together can, and the whole measurement.
    assert count.accused[kind] <= max(2, 0.02 * count.innocents[kind])


def test_all_kinds_of_innocents_together_are_left_alone(count: Any) -> None:
    kinds = ["ordinary members", *INNOCENTS]
    accused = sum(count.accused[kind] for kind in kinds)
    assert accused <= 0.02 * sum(count.innocents[kind] for kind in kinds)


def test_the_whole_measurement_accuses_at_most_two_per_cent_of_each_kind() -> None:
    page = (ROOT / "docs" / "explanation" / "review.md").read_text()
    told = page.partition(FIRST)[2].partition(LAST)[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in told.splitlines()]
    by_kind = {row[0]: row for row in rows if len(row) == 4}
    for kind in INNOCENTS:
        _, members, accused, _ = by_kind[kind]
        assert int(accused) <= 0.02 * int(members), kind


def test_the_document_has_the_table_that_the_command_makes(count: Any) -> None:
    page = (ROOT / "docs" / "explanation" / "review.md").read_text()
    told = page.partition(FIRST)[2].partition(LAST)[0]
    heads = [line for line in table(count, 20) if line.startswith(("| planted", "| innocents"))]
    assert all(head in told for head in heads)
    assert all(f"| {kind} |" in told for kind in (*ABUSE, *INNOCENTS))
