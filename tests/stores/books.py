"""The invariants, told once for all tests: every book says what the ledger says."""

from django.db.models import Sum

from thrive_points.ledger.audit import audit
from thrive_points.models import PointsDailyTotal, PointsHistory, UserThriveProfile, XPEvent


def assert_books_agree():
    """Fail with every number that is not what the ledger says."""
    assert [str(discrepancy) for discrepancy in audit()] == []


def assert_law_holds(user):
    """Fail unless a member's books say the same and the history is numbered without gaps.

    Read from the tables themselves, so that it also holds the audit to account.
    """
    kept = sums(user)
    assert len(set(kept.values())) == 1, kept
    entries = dict(PointsHistory.objects.filter(user=user).values_list("number", "points"))
    assert sorted(entries) == list(range(1, len(entries) + 1))
    last = UserThriveProfile.objects.filter(pk=user.pk).values_list("last_number", flat=True)
    assert sum(last) == len(entries)
    events = dict(XPEvent.objects.filter(user=user).values_list("number", "amount"))
    assert events == {number: points for number, points in entries.items() if points}


def sums(user):
    """Return a user's total as each of the four books has it."""
    total, own = Sum("total_xp"), {"user": user}
    return {
        "profile": UserThriveProfile.objects.filter(**own).aggregate(s=total)["s"] or 0,
        "ledger": PointsHistory.objects.filter(**own).aggregate(s=Sum("points"))["s"] or 0,
        "daily": PointsDailyTotal.objects.filter(**own).aggregate(s=Sum("points"))["s"] or 0,
        "xp": XPEvent.objects.filter(**own).aggregate(s=Sum("amount"))["s"] or 0,
    }


def entries(user):
    """Return a user's ledger in order, as (activity type, outcome, points)."""
    rows = PointsHistory.objects.filter(user=user).order_by("number")
    return list(rows.values_list("activity_type", "outcome", "points"))
