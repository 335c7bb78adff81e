"""The economy and its suspicious members: what the rules gave away, and to whom too quickly."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext

from thrive_points.admin import presentation
from thrive_points.admin.base import require
from thrive_points.admin.forms import SearchForm, span_form
from thrive_points.admin.ledger import LedgerPages
from thrive_points.review.detectors import DETECTORS, findings
from thrive_points.review.finding import Finding
from thrive_points.review.report import review
from thrive_points.rules.current import rulebook

VIEW = "thrive_points.view_pointseconomy"
SHOWN_FINDINGS = 100


class PointsEconomyAdmin(LedgerPages):
    """Serves the review pages, and the points history below them.

    The economy and its findings need `thrive_points.view_pointseconomy`.
    """

    def get_urls(self) -> list[URLPattern]:
        """Return the addresses of the pages."""
        return [
            self.route("", self.changelist_view, "changelist"),
            self.route("findings/", self.findings_view, "findings"),
            *super().get_urls(),
        ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show points issued, concentration, caps and rules for a span of days."""
        require(request, VIEW)
        form = span_form(request.GET)
        figures = review(form.span)
        return self.page(
            request,
            "economy",
            gettext("Points economy"),
            form=form,
            search=SearchForm(),
            span=figures.span,
            figures=presentation.figures(figures),
            chart=presentation.issued_chart(figures.economy),
            days=presentation.day_table(figures.economy),
            issued=presentation.issued_tables(figures.economy),
            curve=presentation.spread_chart(figures),
            spread=figures.concentration,
            rules=presentation.rule_tables(figures),
        )

    def findings_view(self, request: HttpRequest) -> HttpResponse:
        """Show what the detectors saw in a span of days, with the way to each member's ledger."""
        require(request, VIEW)
        form = span_form(request.GET)
        found = findings(form.span)
        shown = found.findings[:SHOWN_FINDINGS]
        concerned = {member for finding in shown for member in finding.members}
        users = get_user_model()._default_manager.in_bulk(concerned)
        return self.page(
            request,
            "findings",
            gettext("Findings"),
            form=form,
            span=form.span,
            found=found,
            not_shown=len(found.findings) - len(shown),
            cases=[
                {
                    "finding": finding,
                    "looks_for": DETECTORS[finding.detector],
                    "name": finding.detector.replace("_", " "),
                    "members": [
                        (users[member], self.address("ledger", member) + _query(finding))
                        for member in finding.members
                    ],
                }
                for finding in shown
            ],
            detectors=[(name.replace("_", " "), what) for name, what in DETECTORS.items()],
        )


def _query(finding: Finding) -> str:
    """Return what leads a ledger to the entries that a finding is about."""
    known = set(rulebook().activity_types())
    asked = [("since", finding.since), ("until", finding.until)]
    kinds = [("activity", name) for name in finding.activity_types if name in known]
    return f"?{urlencode([*asked, *kinds])}"
