"""From a window's name to a report: which days, cut how, and what to suggest."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from rest_framework.exceptions import ValidationError

from thrive_points import selectors
from thrive_points.calendar.zones import today_of
from thrive_points.conf import points_settings
from thrive_points.core.activities import Category
from thrive_points.core.nudge import next_steps, nudge
from thrive_points.core.words import translated
from thrive_points.http.queries import Window
from thrive_points.http.serializers import CUSTOM_WINDOW
from thrive_points.selectors import MOST_BUCKETS, Bucket

_COARSER = (Bucket.WEEK, Bucket.MONTH, Bucket.NONE)
_A_MONTH, _HALF_A_YEAR = 31, 183


def report_of(
    member: Any,
    window: Window | None,
    since: date | None,
    until: date | None,
    bucket: Bucket | None,
) -> Mapping[str, Any]:
    """Return a member's report by category, ready to serialize.

    Args:
        member: whose points.
        window: a named span; None for the span of `since` and `until`.
        since, until: first and last day of such a span; `until` is the last lived day when None.
        bucket: how to cut the series; what fits the span when None.

    Raises:
        ValidationError: the span ends before it begins, or has more buckets than are allowed.
    """
    today = today_of(member)
    if window is None:
        assert since is not None
        first, last = since, until or selectors.last_day(member, today)
        if last < first:
            raise ValidationError({"since": [f"since is {first}; allowed is {last} or earlier."]})
    else:
        first, last = _days_of(window, member, today)
    bucket = bucket or _fitting(first, last)
    if (count := bucket.buckets_in(first, last)) > MOST_BUCKETS:
        raise ValidationError({"bucket": [_too_fine(bucket, count, first, last)]})
    report = selectors.by_category(member, first, last, bucket)
    return {
        "window": CUSTOM_WINDOW if window is None else window.value,
        "since": first,
        "until": last,
        "bucket": bucket.value,
        "totals": report.totals,
        "series": [{"date": start, **amounts} for start, amounts in report.series],
        "categories": [
            *({"key": key.value, "label": translation.gettext(key.label)} for key in Category),
            *(
                {"key": name, "label": translated(label, translation)}
                for name, label in report.former.items()
            ),
        ],
        "adjustments": report.adjustments,
        # A span that is over cannot be filled any more.
        "nudge": _nudge(member, report.by_category, window) if first <= today <= last else None,
    }


def _days_of(window: Window, member: Any, today: date) -> tuple[date, date]:
    if window.days is not None:
        return today - timedelta(days=window.days - 1), selectors.last_day(member, today)
    first, last = selectors.recorded_span(member) or (today, today)
    return min(first, today), max(last, today)


def _fitting(first: date, last: date) -> Bucket:
    days = (last - first).days + 1
    if days <= _A_MONTH:
        return Bucket.DAY
    if days <= _HALF_A_YEAR:
        return Bucket.WEEK
    return Bucket.MONTH if _fits(Bucket.MONTH, first, last) else Bucket.NONE


def _fits(bucket: Bucket, first: date, last: date) -> bool:
    return bucket.buckets_in(first, last) <= MOST_BUCKETS


def _too_fine(bucket: Bucket, count: int, first: date, last: date) -> str:
    allowed: Iterable[str] = (other.value for other in _COARSER if _fits(other, first, last))
    return (
        f"bucket is {bucket.value!r}, which cuts {first} to {last} into {count:,}, over the "
        f"{MOST_BUCKETS} allowed; for this span give {' or '.join(allowed)}."
    )


def _nudge(
    member: Any, totals: Mapping[Category, int], window: Window | None
) -> Mapping[str, Any] | None:
    offers = selectors.activities(member)
    if (open_now := points_settings().open_activities) is not None:
        names = open_now(member)
        offers = [offer for offer in offers if offer.activity_type in names]
    span = window.words if window else translation.gettext("in this time")
    push = nudge(totals, offers, span, say=translation)
    if push is None:
        return None
    return {
        "category": push.category.value,
        "message": push.message,
        "suggestions": next_steps(offers, push.category),
    }
