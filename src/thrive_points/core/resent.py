"""Is an event that comes under a known key the one that was counted? Pure."""

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from thrive_points.core.decide import full_points
from thrive_points.core.event import Event
from thrive_points.core.rule import Rule
from thrive_points.exceptions import PointsError


class Differences(NamedTuple):
    """In what an event differs from the one that was counted under its key.

    Args:
        decisive: what could have been decided in another way; any of it makes a conflict.
        other: the rest, which changes nothing.
    """

    decisive: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


class _Watched(Mapping[str, Any]):
    """Metadata that remember which names were asked for."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        self._metadata = metadata
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self._metadata[name]

    def __iter__(self) -> Iterator[str]:
        self.asked.update(self._metadata)
        return iter(self._metadata)

    def __len__(self) -> int:
        return len(self._metadata)


def differences(
    event: Event,
    rule: Rule,
    *,
    activity_type: str,
    metadata: Mapping[str, Any],
    occurred_at: datetime | None,
) -> Differences:
    """Return in what an event differs from the one that was counted under its key.

    Args:
        event: the one that came now, its metadata as JSON has them.
        rule: that decided the earlier one.
        activity_type: of the earlier one.
        metadata: of the earlier one.
        occurred_at: of the earlier one; None where the event came without an instant.
    """
    decisive: list[str] = []
    other: list[str] = []
    if event.activity_type != activity_type:
        decisive.append("activity_type")
    if occurred_at is not None and event.occurred_at != occurred_at:
        decisive.append("occurred_at")
    read = _names_read(rule, event.metadata) | _names_read(rule, metadata)
    missing = object()
    for name in sorted({*event.metadata, *metadata}):
        if event.metadata.get(name, missing) != metadata.get(name, missing):
            (decisive if name in read else other).append(f"metadata.{name}")
    return Differences(tuple(decisive), tuple(other))


def _names_read(rule: Rule, metadata: Mapping[str, Any]) -> Set[str]:
    """Return the names in metadata that a rule's modifiers ask for."""
    watched = _Watched(metadata)
    with suppress(PointsError):  # What was asked for until it could not go on is what matters.
        full_points(rule, watched)
    return watched.asked
