"""A finding: what a detector saw, who is concerned, and which rules paid for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from thrive_points.core.event import Outcome
from thrive_points.models import PointsHistory

PAID = tuple(outcome.value for outcome in Outcome if outcome.pays)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that people rarely do by themselves. It accuses nobody: staff look and decide.

    Args:
        detector: name of the detector.
        members: primary keys of the members concerned.
        activity_types: the activities it is about.
        since, until: first and last day of what was seen.
        points: what the suspicious events paid, for all members together.
        summary: one sentence without names.
        evidence: facts, each one short sentence.
        rule_revisions: the revisions of the rules that paid, as "activity type revision".
    """

    detector: str
    members: tuple[Any, ...]
    activity_types: tuple[str, ...]
    since: date
    until: date
    points: int
    summary: str
    evidence: tuple[str, ...]
    rule_revisions: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as JSON-ready data."""
        return {
            "detector": self.detector,
            "members": [str(member) for member in self.members],
            "activity_types": list(self.activity_types),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "points": self.points,
            "summary": self.summary,
            "evidence": list(self.evidence),
            "rule_revisions": list(self.rule_revisions),
        }


def with_revisions(found: Iterable[Finding]) -> list[Finding]:
    """Return found with the rule revisions that paid, the most points first."""
    named = [replace(finding, rule_revisions=_revisions(finding)) for finding in found]
    return sorted(named, key=lambda finding: (-finding.points, str(finding.members)))


def _revisions(finding: Finding) -> tuple[str, ...]:
    rows = (
        PointsHistory.objects.filter(
            user_id__in=finding.members,
            activity_type__in=finding.activity_types,
            day__range=(finding.since, finding.until),
            outcome__in=PAID,
        )
        .values_list("activity_type", "rule_revision")
        .distinct()
        .order_by("activity_type", "rule_revision")
    )
    return tuple(f"{activity_type} {revision}" for activity_type, revision in rows)
