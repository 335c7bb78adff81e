"""The endpoints: each reads one thing from the selectors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from thrive_points import selectors
from thrive_points.http import serializers
from thrive_points.http.base import MemberView
from thrive_points.http.queries import CategoryQuery, HistoryQuery, Window
from thrive_points.http.reports import report_of


class ProgressView(MemberView):
    """Total, level, next level, streak and weekly XP."""

    operation_id = "points"
    answer = serializers.Progress

    def read(self, member: Any) -> selectors.Progress:
        """Read where the member stands."""
        return selectors.progress(member)


class ByCategoryView(MemberView):
    """Where points come from: by category, and over time.

    Days are the member's own. An activity counts in the category it has today, its past
    included; a reversal is deducted from the day it concerns.
    """

    operation_id = "points_by_category"
    query = CategoryQuery
    answer = serializers.CategoryReport

    def read(
        self,
        member: Any,
        *,
        window: Window | None,
        since: date | None = None,
        until: date | None = None,
        bucket: selectors.Bucket | None = None,
    ) -> Mapping[str, Any]:
        """Read the report and the nudge."""
        return report_of(member, window, since, until, bucket)


class HistoryView(MemberView):
    """Every change of the total with its reason, newest first."""

    operation_id = "points_history"
    query = HistoryQuery
    answer = serializers.HistoryPage

    def read(self, member: Any, *, limit: int, cursor: int | None = None) -> Mapping[str, Any]:
        """Read one entry more than the page holds, to know whether there is another page."""
        found = selectors.history(member, before=cursor, limit=limit + 1)
        entries = found[:limit]
        return {
            "entries": entries,
            "next_cursor": str(entries[-1].number) if len(found) > limit else None,
        }


class ActivitiesView(MemberView):
    """What can be earned: category, points, limits, what is left of them and when they reset."""

    operation_id = "points_activities"
    answer = serializers.Activities

    def read(self, member: Any) -> Mapping[str, Any]:
        """Read every activity."""
        return {"activities": selectors.activities(member)}
