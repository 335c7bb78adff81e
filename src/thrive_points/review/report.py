"""The whole review of a span, as the command prints it and the staff page shows it."""

from dataclasses import asdict, dataclass
from typing import Any

from thrive_points.review.caps import CapUse, Refusals, cap_use, refusals
from thrive_points.review.concentration import Concentration, concentration
from thrive_points.review.detectors import Findings
from thrive_points.review.economy import ActivityFlow, Economy, Flow, Period, economy
from thrive_points.review.rule_health import RuleConcern, rule_concerns
from thrive_points.review.span import Span
from thrive_points.review.velocity import Velocity, velocity


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Everything about the economy of a span that needs no single events."""

    span: Span
    economy: Economy
    concentration: Concentration
    caps: tuple[CapUse, ...]
    refusals: tuple[Refusals, ...]
    velocity: tuple[Velocity, ...]
    concerns: tuple[RuleConcern, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the review as JSON-ready data."""
        issued = self.economy
        return {
            "since": self.span.since.isoformat(),
            "until": self.span.until.isoformat(),
            "issued": {
                "now": _flow(issued.now),
                "before": _flow(issued.before),
                "inflation": issued.inflation,
                "days": [_period(period) for period in issued.days],
                "weeks": [_period(period) for period in issued.weeks],
                "activities": [_activity(activity) for activity in issued.activities],
                "categories": [
                    {
                        "category": flow.category.value if flow.category else None,
                        "points": flow.points,
                        "points_before": flow.points_before,
                        "share": flow.share,
                    }
                    for flow in issued.categories
                ],
            },
            "concentration": asdict(self.concentration),
            "caps": [{**asdict(use), "rate": use.rate} for use in self.caps],
            "refusals": [
                {"activity_type": row.activity_type, **row.by_outcome} for row in self.refusals
            ],
            "level_velocity": [asdict(row) for row in self.velocity],
            "rules": [asdict(concern) for concern in self.concerns],
        }


def review(span: Span) -> Review:
    """Return the review of a span, without findings."""
    caps, refused = cap_use(span), refusals(span)
    return Review(
        span=span,
        economy=economy(span),
        concentration=concentration(span),
        caps=caps,
        refusals=refused,
        velocity=velocity(span),
        concerns=rule_concerns(span, caps, refused),
    )


def findings_as_dict(found: Findings) -> dict[str, Any]:
    """Return what the detectors saw as JSON-ready data."""
    return {
        "members": found.members,
        "not_examined": found.not_examined,
        "findings": [finding.as_dict() for finding in found.findings],
    }


def _flow(flow: Flow) -> dict[str, Any]:
    return {**asdict(flow), "points_per_member": flow.per_member}


def _period(period: Period) -> dict[str, Any]:
    return {"starts": period.starts.isoformat(), "days": period.days, **_flow(period.flow)}


def _activity(activity: ActivityFlow) -> dict[str, Any]:
    return {
        "activity_type": activity.activity_type,
        "category": activity.category.value if activity.category else None,
        "now": _flow(activity.now),
        "before": _flow(activity.before),
        "share": activity.share,
        "change": activity.change,
    }
